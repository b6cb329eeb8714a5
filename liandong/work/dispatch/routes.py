"""HTTP routes of the dispatch room."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

from fastapi import APIRouter, Request

from liandong.kernel.clock import beijing_today
from liandong.kernel.errors import Refused
from liandong.kernel.http import ERRORS, Cursor, Limit, Page, take_page
from liandong.means.tracks.looks import Looks
from liandong.registers import law
from liandong.registers.access import gate
from liandong.registers.access.buttons import buttons
from liandong.registers.access.door import Acting, Signed
from liandong.registers.jurisdictions.queries import agency_names
from liandong.registers.officers.queries import OfficerEntry, list_officers
from liandong.registers.sources.queries import find_source, source_names
from liandong.work.dispatch import actions, answers
from liandong.work.dispatch.nearest import Candidate, Nearest, find_nearest
from liandong.work.dispatch.passes import renew_passes
from liandong.work.dispatch.queries import TaskFilter, find_task, parts_in, urgings_of, visible_tasks
from liandong.work.dispatch.schemas import (
    AssignTask,
    BusyWith,
    CancelTask,
    CandidateOut,
    NearestOut,
    OfficerOnTask,
    SeenIn,
    TaskIn,
    TaskKind,
    TaskOut,
    TrailOut,
    TrailPointOut,
    UrgeTask,
    UrgingOut,
)
from liandong.work.dispatch.states import OPEN_STATES, TASK_STATES, TaskState
from liandong.work.dispatch.tables import Assignment, Task
from liandong.work.dispatch.trails import look_at_trail

router = APIRouter(prefix="/tasks", tags=["tasks"], responses=ERRORS)
BUTTONS = {"assign": "tasks:assign", "cancel": "tasks:cancel", "accept": "tasks:accept"}


async def tasks_out(signed: Acting, tasks: Sequence[Task]) -> list[TaskOut]:
    """Tasks as the wire carries them: with names, officers and this actor's verbs."""
    session, ids = signed.session, {task.id for task in tasks}
    parts, urgings = await parts_in(session, ids), await urgings_of(session, ids)
    named = await source_names(session, {task.source_id for task in tasks if task.source_id})
    people = {part.officer_id for held in parts.values() for part in held}
    entries = {entry.id: entry for entry in await list_officers(session, ids=people)}
    agencies = await agency_names(session)
    found = []
    for task in tasks:
        shown = TaskOut.model_validate(task)
        shown.source_name = named.get(task.source_id) if task.source_id else None
        shown.officers = [_part_out(part, entries, agencies) for part in parts.get(task.id, [])]
        urged = urgings.get(task.id, [])
        shown.urged_count, shown.last_urging = len(urged), UrgingOut.model_validate(urged[-1]) if urged else None
        shown.is_overdue = task.state in OPEN_STATES and task.due_on is not None and task.due_on < beijing_today()
        shown.verbs = _verbs(signed, task)
        found.append(shown)
    return found


def _verbs(signed: Acting, task: Task) -> list[str]:
    found = buttons(signed.actor, task, task.state, TASK_STATES, BUTTONS)
    is_under_way = task.state in OPEN_STATES and task.state != TaskState.drafted
    return [*found, "urge"] if is_under_way and gate.allowed(signed.actor, "tasks:urge", task) else found


def _part_out(part: Assignment, entries: dict[UUID, OfficerEntry], agencies: dict[UUID, str]) -> OfficerOnTask:
    entry = entries[part.officer_id]
    return OfficerOnTask(
        id=entry.id,
        name=entry.name,
        agency_name=agencies.get(entry.agency_id, ""),
        is_lead=part.is_lead,
        received_at=part.received_at,
        read_at=part.read_at,
        accepted_at=part.accepted_at,
    )


def _nearest_out(found: Nearest, agencies: dict[UUID, str]) -> NearestOut:
    officers = [_candidate_out(one, agencies) for one in found.candidates]
    return NearestOut(radii=law.stamp(found.radii), oldest=law.stamp(found.oldest), officers=officers)


def _candidate_out(one: Candidate, agencies: dict[UUID, str]) -> CandidateOut:
    entry, place = one.entry, one.place
    return CandidateOut(
        id=entry.id,
        name=entry.name,
        agency_name=agencies.get(entry.agency_id, ""),
        area_code=entry.area_code,
        is_certified=entry.is_certified(beijing_today()),
        lon=place.lon if place else None,
        lat=place.lat if place else None,
        position_at=place.happened_at if place else None,
        distance_m=None if one.distance_m is None else round(one.distance_m),
        tasks=[BusyWith.model_validate(task) for task in one.tasks],
    )


async def _one(signed: Acting, task: Task) -> TaskOut:
    return (await tasks_out(signed, [task]))[0]


@router.get("")
async def list_tasks(
    signed: Signed,
    state: TaskState | None = None,
    kind: TaskKind | None = None,
    area_code: str | None = None,
    source_id: UUID | None = None,
    overdue: bool = False,
    mine: bool = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[TaskOut]:
    """Tasks this actor may see, newest first."""
    wanted = TaskFilter(
        state=state.value if state else None,
        kind=kind,
        area_code=area_code,
        source_id=source_id,
        overdue_on=beijing_today() if overdue else None,
        mine=mine,
    )
    rows = visible_tasks(signed.actor, wanted)
    tasks, total, following = await take_page(signed.session, rows, limit=limit, cursor=cursor)
    return Page(items=await tasks_out(signed, tasks), total=total, next_cursor=following)


@router.post("", status_code=201)
async def draft_task(signed: Signed, body: TaskIn) -> TaskOut:
    """Write a task. Nobody is sent yet."""
    actor = signed.actor
    gate.may(actor, "tasks:draft")
    area_code = body.area_code or actor.home_area
    if body.source_id is not None:
        area_code = (await find_source(signed.session, actor, body.source_id)).area_code
    if area_code not in actor.areas:
        raise Refused("access.elsewhere", area_code=area_code)
    draft = actions.TaskDraft(**{**body.model_dump(), "area_code": area_code, "matters": list(body.matters)})
    return await _one(signed, await actions.draft_task(signed.session, draft))


@router.post("/seen", status_code=204)
async def note_seen(signed: Signed, body: SeenIn) -> None:
    """Say which orders a phone holds, and which were opened. What one is not on any more is passed over."""
    officer_id = signed.actor.officer_id
    if officer_id is None:
        raise Refused("officers.not_an_officer")
    for seen in sorted(
        body.tasks, key=lambda one: one.task_id
    ):  # always in one order, so that no two wait on each other
        if seen.task_id in signed.actor.tasks:
            task = await find_task(signed.session, signed.actor, seen.task_id, "tasks:accept", lock=True)
            await answers.note_seen(signed.session, task, officer_id, seen.read_at)


@router.get("/{task_id}")
async def read_task(signed: Signed, task_id: UUID) -> TaskOut:
    """One task."""
    return await _one(signed, await find_task(signed.session, signed.actor, task_id))


@router.post("/{task_id}/nearest")
async def read_nearest(request: Request, signed: Signed, task_id: UUID) -> NearestOut:
    """Who is on duty, how far from the task, and busy with what. It is written down who looked."""
    task = await find_task(signed.session, signed.actor, task_id, "tasks:assign")
    looks: Looks = request.app.state.looks
    await looks.note(signed.actor)
    return _nearest_out(await find_nearest(signed.session, signed.actor, task), await agency_names(signed.session))


@router.post("/{task_id}/assign")
async def assign_task(signed: Signed, task_id: UUID, body: AssignTask) -> TaskOut:
    """Send at least two certified officers."""
    task = await find_task(signed.session, signed.actor, task_id, "tasks:assign", lock=True)
    return await _one(signed, await actions.assign_task(signed.session, task, body.officer_ids, body.lead_officer_id))


@router.post("/{task_id}/urge")
async def urge_task(signed: Signed, task_id: UUID, body: UrgeTask) -> TaskOut:
    """Urge those who are on a task."""
    task = await find_task(signed.session, signed.actor, task_id, "tasks:urge", lock=True)
    return await _one(signed, await actions.urge_task(signed.session, task, body.words))


@router.post("/{task_id}/passes/renew", status_code=204)
async def renew_codes(signed: Signed, task_id: UUID) -> None:
    """Make the codes that officers showed so far worthless, for instance when a phone was lost, and give them new ones."""
    task = await find_task(signed.session, signed.actor, task_id, "tasks:assign", lock=True)
    await renew_passes(signed.session, task)


@router.post("/{task_id}/cancel")
async def cancel_task(signed: Signed, task_id: UUID, body: CancelTask) -> TaskOut:
    """Call a task off."""
    task = await find_task(signed.session, signed.actor, task_id, "tasks:cancel", lock=True)
    return await _one(signed, await actions.cancel_task(signed.session, task, body.reason))


@router.post("/{task_id}/trail")
async def read_trail(signed: Signed, task_id: UUID) -> list[TrailOut]:
    """The way that each officer took in a task; officers without one are not in it. It is written down who looked."""
    task = await find_task(signed.session, signed.actor, task_id, "positions:read")
    points = await look_at_trail(signed.session, signed.actor, task)
    entries = await list_officers(signed.session, ids={point.officer_id for point in points})
    names = {entry.id: entry.name for entry in entries}
    return [
        TrailOut(
            officer_id=officer_id,
            name=names[officer_id],
            points=[TrailPointOut.model_validate(point) for point in walked],
        )
        for officer_id, walked in groupby(points, key=lambda point: point.officer_id)
    ]
