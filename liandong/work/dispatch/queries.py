"""Every read of the dispatch room, through the gate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.errors import Refused
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.registers.access.queries import seeing_past_tasks
from liandong.work.dispatch.states import OPEN_STATES
from liandong.work.dispatch.tables import Assignment, Task, Urging


@dataclass(frozen=True)
class TaskFilter:
    """What a list of tasks is narrowed down to; None narrows nothing."""

    state: str | None = None
    kind: str | None = None
    area_code: str | None = None
    source_id: UUID | None = None
    overdue_on: date | None = None
    mine: bool = False


def visible_tasks(actor: Actor, wanted: TaskFilter) -> Select[Task]:
    """The tasks that the actor may see and that fit the filter. `mine`: those the actor is on now."""
    rows = gate.visible(actor, "tasks:read", Task)
    for column, value in (
        (Task.state, wanted.state),
        (Task.kind, wanted.kind),
        (Task.area_code, wanted.area_code),
        (Task.source_id, wanted.source_id),
    ):
        if value is not None:
            rows = rows.where(column == value)
    if wanted.overdue_on is not None:
        rows = rows.where(Task.due_on < wanted.overdue_on, Task.state.in_(OPEN_STATES))
    return rows.where(Task.id.in_(actor.tasks)) if wanted.mine else rows


async def find_task(
    session: AsyncSession, actor: Actor, task_id: UUID, verb: str = "tasks:read", *, lock: bool = False
) -> Task:
    """A task that the actor may see and do `verb` to.

    Raises    kernel.not_found, access.verb_missing, access.way_missing
    """
    return await gate.find(session, actor, verb, Task, task_id, lock=lock)


async def parts_in(session: AsyncSession, task_ids: set[UUID]) -> dict[UUID, list[Assignment]]:
    """Who is on each of these tasks now, or was when it ended; the lead first."""
    rows = select(Assignment).where(Assignment.task_id.in_(task_ids))
    newest: dict[UUID, list[Assignment]] = {}
    for part in (await session.execute(rows.order_by(Assignment.assigned_at, Assignment.id))).scalars():
        held = newest.setdefault(part.task_id, [])
        if held and held[0].assigned_at != part.assigned_at:
            held.clear()
        held.append(part)
    return {task_id: sorted(parts, key=lambda part: not part.is_lead) for task_id, parts in newest.items()}


async def urgings_of(session: AsyncSession, task_ids: set[UUID]) -> dict[UUID, list[Urging]]:
    """The urgings of each of these tasks that was urged, oldest first."""
    rows = select(Urging).where(Urging.task_id.in_(task_ids)).order_by(Urging.urged_at, Urging.id)
    found: dict[UUID, list[Urging]] = {}
    for urging in await session.scalars(rows):
        found.setdefault(urging.task_id, []).append(urging)
    return found


async def reason_off(session: AsyncSession, actor: Actor, task_id: UUID) -> Refused | None:
    """Why somebody who was sent to a task has no more to do with it; None: he is still on it, or never was.

    A phone that had no signal learns here that its task was cancelled or given to others meanwhile.
    """
    if task_id in actor.tasks:
        return None
    async with seeing_past_tasks(session, actor):
        # past the gate: whether one was sent to it is what is asked
        was_on_it = select(Assignment.id).where(
            Assignment.task_id == task_id, Assignment.officer_id == actor.officer_id
        )
        ended = was_on_it.where(Assignment.ended_at.is_not(None)).limit(1)
        if (await session.execute(ended)).scalar_one_or_none() is None:
            return None
        task = await session.get_one(Task, task_id)
    if task.cancelled_at is not None:
        return Refused("dispatch.cancelled_meanwhile", number=task.number, reason=task.cancel_reason or "—")
    if task.reported_at is not None:
        return Refused("dispatch.reported_already", number=task.number)
    return Refused("dispatch.given_to_others", number=task.number)
