"""Every change of the video room that people make: streams are registered, tickets given, streams closed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.clock import now
from liandong.kernel.errors import Refused
from liandong.kernel.settings import settings
from liandong.means.video import tickets
from liandong.means.video.events import StreamClosed, StreamRegistered
from liandong.means.video.states import STREAM_STATES, StreamState
from liandong.means.video.tables import Stream
from liandong.registers.access.actor import Actor

HOUR = 3600


async def register_stream(
    session: AsyncSession,
    actor: Actor,
    *,
    kind: str,
    title: str,
    area_code: str,
    task_id: UUID | None,
    is_recorded: bool,
    officer_id: UUID | None = None,
) -> Stream:
    """A stream exists; nobody sends it yet. Whether it is recorded is said here and stands.

    Announces StreamRegistered
    """
    stream = Stream(
        kind=kind,
        title=title,
        state=STREAM_STATES.first,
        area_code=area_code,
        task_id=task_id,
        agency_id=actor.agency_id,
        officer_id=officer_id,
        is_recorded=is_recorded,
        registered_at=now(),
    )
    session.add(stream)
    await session.flush()
    await ledger.record(session, StreamRegistered(**about(stream), words=f"登记视频：{title}", kind=kind))
    return stream


def give_publish_ticket(stream: Stream) -> tuple[str, tickets.Ticket]:
    """A ticket with which this stream may be sent; every earlier one is worthless, and whoever sends with it is ended.

    Raises    video.stream_closed
    """
    require_open(stream)
    text, ticket = tickets.make(str(stream.id), "publish", stream.id, seconds=settings().publish_ticket_hours * HOUR)
    stream.key_hash = tickets.key_hash(ticket.key)
    return text, ticket


def give_view_ticket(actor: Actor, stream: Stream) -> tuple[str, tickets.Ticket]:
    """A ticket with which this actor may begin to watch this stream once, within a minute.

    Raises    video.stream_closed
    """
    require_open(stream)
    return tickets.make(str(stream.id), "read", actor.account_id, seconds=tickets.READ_SECONDS)


async def close_stream(session: AsyncSession, stream: Stream, reason: str) -> Stream:
    """The stream is closed for good: whoever sends or watches it is ended within half a minute.

    Raises    video.wrong_state
    Announces StreamClosed
    """
    STREAM_STATES.advance(stream, "close")
    stream.closed_at, stream.key_hash = now(), None
    await ledger.record(session, StreamClosed(**about(stream), words=f"关闭视频：{stream.title}", reason=reason))
    return stream


def require_open(stream: Stream) -> None:
    """Afterwards it is sure that the stream is not closed.

    Raises    video.stream_closed (410)
    """
    if stream.state == StreamState.closed:
        raise Refused("video.stream_closed")


def about(stream: Stream) -> dict[str, Any]:
    """What every fact about a stream says of it."""
    return {
        "subject_id": stream.id,
        "subject": {"title": stream.title},
        "area_code": stream.area_code,
        "task_id": stream.task_id,
    }
