"""超时未签收: an order that nobody answers is found out, and whoever should have is urged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.clock import beijing_today, now
from liandong.kernel.ids import new_id
from liandong.kernel.ledger import author_of
from liandong.registers import law
from liandong.registers.officers.queries import names
from liandong.work.dispatch.events import TaskUnanswered
from liandong.work.dispatch.items import about, parts_now
from liandong.work.dispatch.states import TaskState
from liandong.work.dispatch.tables import Assignment, Task, Urging

CHASE_RULE = "dispatch.urge_interval"
UNDER_ORDER = (TaskState.assigned, TaskState.accepted)
"""The states in which somebody may still have to sign."""


async def chase_unanswered(session: AsyncSession, at: datetime | None = None) -> None:
    """Whoever has not signed in time was urged by the system, and the desk is told; again each time the interval between
    two urgings is over, until he signs, comes, or the task is taken from him. Safe to repeat.

    Announces TaskUnanswered
    """
    moment = at or now()
    for task in await _overdue(session, moment):
        if task.chased_at is None or task.chased_at + _interval(task) <= moment:
            await _chase(session, task, moment)


async def _overdue(session: AsyncSession, moment: datetime) -> Sequence[Task]:
    silent = select(Assignment.task_id).where(Assignment.accepted_at.is_(None), Assignment.ended_at.is_(None))
    # past the gate: the system looks after every order
    rows = select(Task).where(Task.state.in_(UNDER_ORDER), Task.answer_by_at <= moment, Task.id.in_(silent))
    # one that somebody is changing now is looked at again in a minute
    return (await session.scalars(rows.order_by(Task.answer_by_at).with_for_update(skip_locked=True))).all()


def _interval(task: Task) -> timedelta:
    return timedelta(hours=law.rule(CHASE_RULE, on=beijing_today(), area=task.area_code).number)


async def _chase(session: AsyncSession, task: Task, moment: datetime) -> None:
    assert task.answer_by_at
    silent = [part.officer_id for part in await parts_now(session, task.id) if part.accepted_at is None]
    known = await names(session, silent)
    words = f"{'、'.join(known[one] for one in silent)} 超时未签收"
    session.add(Urging(id=new_id(), task_id=task.id, words=words, urged_at=moment, urged_by=author_of(session).name))
    task.chased_at = moment
    await session.flush()
    told = await about(session, task, f"{task.number} {words}，已自动催办")
    fact = TaskUnanswered(**told, officer_ids=tuple(silent), answer_by_at=task.answer_by_at, audience=tuple(silent))
    await ledger.record(session, fact)
