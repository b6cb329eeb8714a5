"""An officer on site shows what he sees (现场直播): the stream of one officer within one task, and no longer than it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.errors import Refused
from liandong.means.video import tickets
from liandong.means.video.actions import close_stream, register_stream
from liandong.means.video.states import StreamState
from liandong.means.video.tables import Stream
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor

SHOW = "video:show_site"
TICKET_SECONDS = 60
"""A phone asks for a new ticket each time it dials."""
TASK_OVER = "任务已结束"


async def open_site_stream(session: AsyncSession, actor: Actor, task_id: UUID, area_code: str, place: str) -> Stream:
    """The one stream of this officer within this task; it is registered the first time, and recorded.

    The caller has made sure that the task is the officer's own and holds it.

    Raises    video.not_an_officer
    Announces StreamRegistered
    """
    if actor.officer_id is None:
        raise Refused("video.not_an_officer")
    own = gate.visible(actor, SHOW, Stream).where(
        Stream.task_id == task_id, Stream.officer_id == actor.officer_id, Stream.state != StreamState.closed
    )
    found = (await session.execute(own.order_by(Stream.id).limit(1))).scalar_one_or_none()
    if found is not None:
        return found
    return await register_stream(
        session,
        actor,
        kind="phone",
        title=f"现场 · {actor.name} · {place}"[:100],
        area_code=area_code,
        task_id=task_id,
        is_recorded=True,
        officer_id=actor.officer_id,
    )


def give_site_ticket(actor: Actor, stream: Stream) -> tuple[str, tickets.Ticket]:
    """A ticket with which this officer may begin to send this stream within a minute; every earlier one is worthless."""
    text, ticket = tickets.make(str(stream.id), "publish", actor.account_id, seconds=TICKET_SECONDS)
    stream.key_hash = tickets.key_hash(ticket.key)
    return text, ticket


async def close_site_streams(session: AsyncSession, task_id: UUID) -> None:
    """No officer sends anything of this task any more.

    Announces StreamClosed
    """
    # past the gate: the end of a task ends its streams, whoever ended it
    open_ones = select(Stream).where(
        Stream.task_id == task_id, Stream.officer_id.is_not(None), Stream.state != StreamState.closed
    )
    for stream in (await session.execute(open_ones.with_for_update())).scalars().all():
        await close_stream(session, stream, TASK_OVER)
