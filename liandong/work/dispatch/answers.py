"""送达、已读、签收: how far an order has come with each officer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.clock import now
from liandong.kernel.errors import Refused
from liandong.kernel.ledger import Fact, author_of
from liandong.means.tracks.actions import begin_tracking
from liandong.work.dispatch.actions import on_task
from liandong.work.dispatch.events import TaskAccepted, TaskRead, TaskReceived
from liandong.work.dispatch.items import about, parts_now
from liandong.work.dispatch.states import TASK_STATES
from liandong.work.dispatch.tables import Assignment, Task


async def note_seen(session: AsyncSession, task: Task, officer_id: UUID, read_at: datetime | None) -> None:
    """It stands that the order reached the officer's phone, and that he opened it. Said again, or by one who is not on the
    task any more, it changes nothing.

    When it was opened is what the phone says, at most now; when it arrived is when we heard of it.

    Announces TaskReceived, TaskRead
    """
    part, heard_at = await _part_of(session, task, officer_id), now()
    if part is None:
        return
    if part.received_at is None:
        part.received_at = heard_at
        await _tell(session, task, TaskReceived, "收到", heard_at)
    if part.read_at is None and read_at is not None:
        part.read_at = min(read_at, heard_at)
        await _tell(session, task, TaskRead, "已读", part.read_at)


async def accept_task(session: AsyncSession, task: Task, officer_id: UUID, happened_at: datetime) -> Task:
    """The officer has signed for the task, so he has it and has read it; the first signature moves it on, each is kept.

    Raises    dispatch.not_on_task, dispatch.wrong_state
    Announces TaskAccepted
    """
    part = await _part_of(session, task, officer_id)
    if part is None:
        raise Refused("dispatch.not_on_task")
    if part.accepted_at is not None:
        return task
    part.accepted_at = happened_at
    part.received_at, part.read_at = part.received_at or happened_at, part.read_at or happened_at
    begin_tracking(session, on_task(task, part), happened_at)
    if task.accepted_at is None:
        TASK_STATES.advance(task, "accept")
        task.accepted_at = happened_at
    await _tell(session, task, TaskAccepted, "签收", happened_at)
    return task


async def _part_of(session: AsyncSession, task: Task, officer_id: UUID) -> Assignment | None:
    return next((part for part in await parts_now(session, task.id) if part.officer_id == officer_id), None)


async def _tell(session: AsyncSession, task: Task, fact: type[Fact], deed: str, happened_at: datetime) -> None:
    told = await about(session, task, f"{author_of(session).name} {deed} {task.number}")
    await ledger.record(session, fact(**told, happened_at=happened_at))
