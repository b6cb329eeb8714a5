"""就近调度: who is on duty, how far from the place of a task, and what each of them is on already."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.clock import beijing_today, now
from liandong.kernel.geo import haversine_m
from liandong.means.tracks.queries import Place, places_of
from liandong.registers import law
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.registers.law.answers import Rule
from liandong.registers.officers.queries import OfficerEntry, list_officers
from liandong.work.dispatch.states import OPEN_STATES
from liandong.work.dispatch.tables import Assignment, Task

RADII_RULE, AGE_RULE = "dispatch.search_radii", "dispatch.position_age"
MOST_OFFICERS = 2000


@dataclass(frozen=True)
class Candidate:
    """An officer on duty who could be sent.

    `distance_m` is None where his last position is unknown or too old to go by: outside a task nobody's whereabouts are
    taken. `tasks` are those he is on now, as far as the actor sees them; without any he is idle.
    """

    entry: OfficerEntry
    place: Place | None
    distance_m: float | None
    tasks: tuple[Task, ...]


@dataclass(frozen=True)
class Nearest:
    """Who could be sent to a place, the nearest first, and the rules by which it was sought."""

    radii: Rule
    oldest: Rule
    candidates: list[Candidate]


async def find_nearest(session: AsyncSession, actor: Actor, task: Task) -> Nearest:
    """The officers on duty whom the actor oversees, by their distance from the task; then those nobody knows the place of,
    idle before busy. It is the caller's duty that it stands on the ledger who looked.

    Raises    access.verb_missing
    """
    day = beijing_today()
    radii = law.rule(RADII_RULE, on=day, area=task.area_code)
    oldest = law.rule(AGE_RULE, on=day, area=task.area_code)
    entries = [one for one in await list_officers(session, areas=actor.areas, limit=MOST_OFFICERS) if one.is_on_duty]
    places = await places_of(session, actor, {one.id for one in entries})
    busy = await _open_tasks(session, actor, {one.id for one in entries})
    since = now() - timedelta(minutes=oldest.number)
    found = [_candidate(one, places.get(one.id), busy.get(one.id, ()), task, since) for one in entries]
    return Nearest(radii, oldest, sorted(found, key=_order))


def _candidate(
    entry: OfficerEntry, place: Place | None, tasks: tuple[Task, ...], task: Task, since: datetime
) -> Candidate:
    if place is None or place.happened_at < since or task.lon is None or task.lat is None:
        return Candidate(entry, place, None, tasks)
    return Candidate(entry, place, haversine_m(task.lon, task.lat, place.lon, place.lat), tasks)


def _order(one: Candidate) -> tuple[bool, float, int, str]:
    return one.distance_m is None, one.distance_m or 0.0, len(one.tasks), one.entry.name


async def _open_tasks(session: AsyncSession, actor: Actor, officer_ids: set[UUID]) -> dict[UUID, tuple[Task, ...]]:
    rows = gate.visible(actor, "tasks:read", Task).where(Task.state.in_(OPEN_STATES))
    rows = rows.join(Assignment, Assignment.task_id == Task.id).where(
        Assignment.ended_at.is_(None), Assignment.officer_id.in_(officer_ids)
    )
    found: dict[UUID, list[Task]] = defaultdict(list)
    for held, officer_id in await session.execute(rows.add_columns(Assignment.officer_id)):
        found[officer_id].append(held)
    return {officer_id: tuple(held) for officer_id, held in found.items()}
