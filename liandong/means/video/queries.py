"""Every read of the video room, through the gate."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.means.video.states import StreamState
from liandong.means.video.tables import Stream, Viewing
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor


async def find_stream(
    session: AsyncSession, actor: Actor, stream_id: UUID, verb: str = "video:read", *, lock: bool = False
) -> Stream:
    """A stream that the actor may see and do `verb` to.

    Raises    kernel.not_found, access.verb_missing, access.way_missing
    """
    return await gate.find(session, actor, verb, Stream, stream_id, lock=lock)


async def stream_to_send(session: AsyncSession, stream_id: UUID) -> Stream:
    """A stream that a device of ours is to send, locked: somebody who may has asked for it."""
    # past the gate: nothing of it is shown to anybody
    return (await session.execute(select(Stream).where(Stream.id == stream_id).with_for_update())).scalar_one()


async def list_streams(session: AsyncSession, actor: Actor) -> Sequence[Stream]:
    """The streams that the actor may watch and that are not closed, in the order they were registered."""
    rows = gate.visible(actor, "video:read", Stream).where(Stream.state != StreamState.closed)
    return (await session.execute(rows.order_by(Stream.id))).scalars().all()


def viewings_of(actor: Actor, stream: Stream) -> Select[Viewing]:
    """Everybody who watched this stream."""
    return gate.visible(actor, "video:audit", Viewing).where(Viewing.stream_id == stream.id)


async def is_publishing_allowed(session: AsyncSession, stream_id: UUID, key_hash: str) -> bool:
    """Whether a stream is open and this is the key that may send it now."""
    # past the gate: whoever sends holds a ticket of this stream and is shown nothing
    rows = select(Stream.key_hash).where(Stream.id == stream_id, Stream.state != StreamState.closed)
    return (await session.execute(rows)).scalar_one_or_none() == key_hash


async def is_recorded(session: AsyncSession, stream_id: UUID) -> bool:
    """Whether what is sent of a stream is to be recorded."""
    # past the gate: a media server asks about the stream that it takes in
    rows = select(Stream.is_recorded).where(Stream.id == stream_id)
    return (await session.execute(rows)).scalar_one_or_none() is True
