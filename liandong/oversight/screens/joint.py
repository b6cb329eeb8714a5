"""联合行动: the mixed teams of a day, how far each has come, and what they did per agency and together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.clock import end_of_day, start_of_day
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.registers.jurisdictions.queries import agency_names
from liandong.registers.officers.queries import OfficerEntry, list_officers
from liandong.registers.sources.queries import source_names
from liandong.work.dispatch.queries import parts_in
from liandong.work.dispatch.tables import Task
from liandong.work.problems.states import OPEN_STATES
from liandong.work.problems.tables import Problem

MOST = 500


@dataclass(frozen=True)
class Member:
    """An officer of a team and the agency he comes from."""

    entry: OfficerEntry
    agency_name: str
    is_lead: bool


@dataclass(frozen=True)
class Team:
    """A joint task with who is on it and the problems found by its visit."""

    task: Task
    source_name: str | None
    members: list[Member]
    found: list[Problem]

    @property
    def closed(self) -> int:
        """How many of its problems are struck off."""
        return sum(1 for problem in self.found if problem.state not in OPEN_STATES)


@dataclass(frozen=True)
class Share:
    """What one agency took part in, or, without a name, all together. A team counts for each agency that is on it."""

    agency_name: str | None
    officers: int
    teams: int
    on_site: int
    reported: int
    found: int
    closed: int


async def joint_teams(session: AsyncSession, actor: Actor, day: date) -> list[Team]:
    """The visible joint tasks that were under way on a Beijing day, in the order they were assigned.

    Raises    access.verb_missing
    """
    gate.may(actor, "picture:read")
    rows = gate.visible(actor, "tasks:read", Task).where(
        Task.mode == "joint",
        Task.assigned_at < end_of_day(day),
        Task.cancelled_at.is_(None),
        or_(Task.reported_at.is_(None), Task.reported_at >= start_of_day(day)),
    )
    tasks = (await session.scalars(rows.order_by(Task.assigned_at.desc()).limit(MOST))).all()[::-1]
    named = await source_names(session, {task.source_id for task in tasks if task.source_id})
    found = await _found(session, actor, {task.inspection_id for task in tasks if task.inspection_id})
    members = await _members(session, {task.id for task in tasks})
    return [
        Team(
            task,
            named.get(task.source_id) if task.source_id else None,
            members.get(task.id, []),
            found.get(task.inspection_id, []) if task.inspection_id else [],
        )
        for task in tasks
    ]


async def _found(session: AsyncSession, actor: Actor, visits: set[UUID]) -> dict[UUID, list[Problem]]:
    rows = gate.visible(actor, "problems:read", Problem).where(Problem.inspection_id.in_(visits))
    found: dict[UUID, list[Problem]] = defaultdict(list)
    for problem in (await session.scalars(rows.order_by(Problem.found_at))).all():
        if problem.inspection_id is not None:
            found[problem.inspection_id].append(problem)
    return found


async def _members(session: AsyncSession, tasks: set[UUID]) -> dict[UUID, list[Member]]:
    parts = await parts_in(session, tasks)
    ids = {part.officer_id for held in parts.values() for part in held}
    entries = {one.id: one for one in await list_officers(session, ids=ids, limit=len(ids) or 1)}
    names = await agency_names(session)
    return {
        task_id: [
            Member(entries[part.officer_id], names.get(entries[part.officer_id].agency_id, ""), part.is_lead)
            for part in held
            if part.officer_id in entries
        ]
        for task_id, held in parts.items()
    }


def shares(teams: Iterable[Team]) -> list[Share]:
    """What all did together, and then each agency by its name."""
    everyone = list(teams)
    agencies = sorted({member.agency_name for team in everyone for member in team.members})
    return [_share(None, everyone), *(_share(name, everyone) for name in agencies)]


def _share(name: str | None, teams: list[Team]) -> Share:
    mine = [team for team in teams if name is None or any(member.agency_name == name for member in team.members)]
    officers = {m.entry.id for team in mine for m in team.members if name is None or m.agency_name == name}
    return Share(
        name,
        len(officers),
        len(mine),
        sum(1 for team in mine if team.task.state == "on_site"),
        sum(1 for team in mine if team.task.state == "reported"),
        sum(len(team.found) for team in mine),
        sum(team.closed for team in mine),
    )
