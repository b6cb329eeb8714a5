"""Every change of the dispatch room, one verb a function."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.clock import beijing_today, now
from liandong.kernel.dictionary import Word
from liandong.kernel.errors import Refused
from liandong.kernel.geo import whole_position
from liandong.kernel.ids import new_id
from liandong.kernel.ledger import author_of
from liandong.kernel.memory import lock
from liandong.kernel.numbers import next_number
from liandong.means.tracks.actions import OnTask, begin_tracking, end_tracking
from liandong.registers import law
from liandong.registers.access.actions import end_task_grants, grant_task
from liandong.registers.officers.queries import certified, require_enough
from liandong.registers.sources.queries import place_of
from liandong.work.dispatch.events import (
    OfficersArrived,
    TaskAssigned,
    TaskCancelled,
    TaskDrafted,
    TaskReported,
    TaskUrged,
)
from liandong.work.dispatch.items import about, officers_on, parts_now, put_on
from liandong.work.dispatch.passes import make_passes, revoke_passes
from liandong.work.dispatch.states import TASK_STATES, TaskState
from liandong.work.dispatch.tables import Assignment, Task, Urging

ANSWER_RULE = "dispatch.answer_within"


@dataclass(frozen=True)
class TaskDraft:
    """What is known of a task before anybody is sent. `origin_key` makes drafting it twice draft it once."""

    kind: str
    title: str
    area_code: str
    mode: str = "local"
    instruction: str | None = None
    matters: list[str] = field(default_factory=list)
    source_id: UUID | None = None
    lon: float | None = None
    lat: float | None = None
    due_on: date | None = None
    clue_id: UUID | None = None
    problem_id: UUID | None = None
    origin_key: str | None = None


async def draft_task(session: AsyncSession, draft: TaskDraft) -> Task:
    """A task exists and waits for officers. The same `origin_key` again gives the task that is already there.

    Announces TaskDrafted
    """
    if draft.origin_key is not None:
        # past the gate: a hand-over asks whether it has run before
        same = select(Task).where(Task.origin_key == draft.origin_key)
        existing = (await session.execute(same)).scalar_one_or_none()
        if existing is not None:
            return existing
    lon, lat = whole_position(draft.lon, draft.lat) or (None, None)
    if lon is None and draft.source_id is not None:
        lon, lat = await place_of(session, draft.source_id)
    task = Task(
        **{**vars(draft), "lon": lon, "lat": lat},
        id=new_id(),
        number=await next_number(session, "RW"),
        state=TASK_STATES.first.value,
        created_at=now(),
    )
    session.add(task)
    await session.flush()
    told = await about(session, task, f"新任务 {task.number}：{task.title}")
    await ledger.record(session, TaskDrafted(**told, clue_id=task.clue_id, problem_id=task.problem_id))
    return task


async def assign_task(session: AsyncSession, task: Task, officer_ids: list[UUID], lead_officer_id: UUID) -> Task:
    """At least two certified officers are on the task, one of them leads; whoever was on it before is off it.

    Raises    dispatch.two_officers_required, dispatch.lead_not_among, officers.unknown,
              officers.certificate_expired, dispatch.wrong_state
    Announces TaskAssigned
    Basis     行政处罚法 §42
    """
    chosen = list(dict.fromkeys(officer_ids))
    require_enough(chosen, "dispatch.two_officers_required", on=beijing_today(), area=task.area_code)
    if lead_officer_id not in chosen:
        raise Refused("dispatch.lead_not_among")
    TASK_STATES.after(TASK_STATES.states(task.state), "assign")
    entries = await certified(session, chosen)
    concerned = tuple(dict.fromkeys([*chosen, *await officers_on(session, task.id)]))
    await _take_off(session, task)
    task.assigned_at, task.accepted_at, task.chased_at = now(), None, None
    task.answer_by_at = task.assigned_at + answer_within(task)
    TASK_STATES.advance(task, "assign")
    parts = [
        Assignment(
            id=new_id(),
            task_id=task.id,
            officer_id=officer_id,
            is_lead=officer_id == lead_officer_id,
            assigned_at=task.assigned_at,
        )
        for officer_id in chosen
    ]
    put_on(session, parts)
    await session.flush()
    await grant_task(session, chosen, task.id, task.source_id)
    await make_passes(session, task, chosen)
    told = await about(session, task, f"派发 {task.number} 给 {'、'.join(entry.name for entry in entries)}")
    await ledger.record(session, TaskAssigned(**told, officer_ids=tuple(chosen), audience=concerned))
    return task


def answer_within(task: Task) -> timedelta:
    """How long those who are sent have to sign for the task, as the rule stands today where the task is."""
    return timedelta(minutes=law.rule(ANSWER_RULE, on=beijing_today(), area=task.area_code).number)


async def _take_off(session: AsyncSession, task: Task, done_at: datetime | None = None) -> None:
    at = now()
    for part in await parts_now(session, task.id):
        part.ended_at = at
        end_tracking(session, on_task(task, part), done_at or at)
    await end_task_grants(session, task.id, at)


def on_task(task: Task, part: Assignment) -> OnTask:
    """An officer's part in a task, as the tracks room knows it."""
    return OnTask(part.id, part.officer_id, task.id, task.area_code)


async def urge_task(session: AsyncSession, task: Task, words: str) -> Task:
    """Those who are on the task are urged, and the words stand beside it.

    Raises    dispatch.wrong_state: nothing to urge once it is reported or cancelled
    Announces TaskUrged
    """
    if task.reported_at is not None or task.cancelled_at is not None:
        raise Refused("dispatch.wrong_state", verb=Word("task.verb.urge"), state=Word(f"task.state.{task.state}"))
    session.add(Urging(id=new_id(), task_id=task.id, words=words, urged_at=now(), urged_by=author_of(session).name))
    await session.flush()
    on_it = await officers_on(session, task.id)
    told = await about(session, task, f"催办 {task.number}：{words}")
    await ledger.record(session, TaskUrged(**told, urging=words, audience=tuple(on_it)))
    return task


async def cancel_task(session: AsyncSession, task: Task, reason: str) -> Task:
    """The task is off; nobody is on it any more.

    Raises    dispatch.wrong_state
    Announces TaskCancelled
    """
    TASK_STATES.advance(task, "cancel")
    task.cancelled_at, task.cancel_reason = now(), reason
    was_on_it = await officers_on(session, task.id)
    await _take_off(session, task)
    await revoke_passes(session, task.id)
    await session.flush()
    told = await about(session, task, f"取消 {task.number}：{reason}")
    await ledger.record(session, TaskCancelled(**told, reason=reason, audience=tuple(was_on_it)))
    return task


async def release_task(session: AsyncSession, origin_key: str, reason: str) -> None:
    """The task drafted under this key is off, unless somebody has signed for it: he may be on his way. Safe to repeat.

    Announces TaskCancelled
    """
    # past the gate: what it was drafted for is done
    rows = select(Task).where(Task.origin_key == origin_key).with_for_update()
    task = (await session.execute(rows)).scalar_one_or_none()
    if task is not None and task.state in (TaskState.drafted, TaskState.assigned):
        await cancel_task(session, task, reason)


@dataclass(frozen=True)
class Arrival:
    """Who has come, when, and the visit that begins with it."""

    inspection_id: UUID
    officer_ids: tuple[UUID, ...]
    happened_at: datetime


async def mark_arrived(session: AsyncSession, task_id: UUID, arrival: Arrival) -> None:
    """The task is on site.

    Raises    dispatch.wrong_state
    Announces OfficersArrived
    """
    task = await lock(session, Task, task_id)
    TASK_STATES.advance(task, "arrive")
    task.arrived_at, task.inspection_id = arrival.happened_at, arrival.inspection_id
    for part in await parts_now(session, task.id):
        if part.officer_id in arrival.officer_ids:  # who has come is in the task, signed for or not
            begin_tracking(session, on_task(task, part), arrival.happened_at)
    told = await about(session, task, f"{task.number} 到达现场")
    told["after"]["officers"] = {str(officer): {"task_id": task.id} for officer in arrival.officer_ids}
    await ledger.record(session, OfficersArrived(**told, happened_at=arrival.happened_at))


async def report_back(session: AsyncSession, task_id: UUID, happened_at: datetime) -> None:
    """The task is done and its officers are free; their sight of it ends.

    Raises    dispatch.wrong_state
    Announces TaskReported
    """
    task = await lock(session, Task, task_id)
    TASK_STATES.advance(task, "report_back")
    task.reported_at = happened_at
    were_on_it = await officers_on(session, task.id)
    await _take_off(session, task, happened_at)
    told = await about(session, task, f"{task.number} 已反馈")
    told["after"]["officers"] = {str(officer): {"task_id": None} for officer in were_on_it}
    await ledger.record(
        session,
        TaskReported(
            **told,
            clue_id=task.clue_id,
            problem_id=task.problem_id,
            audience=tuple(were_on_it),
            happened_at=happened_at,
        ),
    )
