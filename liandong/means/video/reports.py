"""What a media server tells: a picture comes in or ends, somebody watches. It acts for nobody, so it writes as the system."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.clock import now
from liandong.means.video.actions import about
from liandong.means.video.events import StreamWentLive, StreamWentOffline
from liandong.means.video.states import STREAM_STATES, StreamState
from liandong.means.video.tables import Stream, Viewing
from liandong.registers.access.actor import Actor


@dataclass(frozen=True)
class Picture:
    """What is sent: the codec as browsers name it (`avc1.64001f`), width and height in pixels."""

    codec: str
    width: int
    height: int


async def stream_went_live(session: AsyncSession, stream_id: UUID, picture: Picture) -> None:
    """The stream is live with this picture; a live one only has its size renewed.

    Announces StreamWentLive
    """
    stream = await _held(session, stream_id)
    if stream is None or stream.state == StreamState.closed:
        return
    stream.codec, stream.width, stream.height, stream.fault = picture.codec, picture.width, picture.height, None
    if STREAM_STATES.allows(StreamState(stream.state), "go_live"):
        STREAM_STATES.advance(stream, "go_live")
        stream.live_at, stream.recording_fault = now(), None
        words = f"视频接通：{stream.title}"
        await ledger.record(session, StreamWentLive(**about(stream), words=words, **vars(picture)))


async def stream_went_offline(session: AsyncSession, stream_id: UUID) -> None:
    """The stream is offline; one that is so already stays as it is.

    Announces StreamWentOffline
    """
    stream = await _held(session, stream_id)
    if stream is not None and STREAM_STATES.allows(StreamState(stream.state), "go_offline"):
        STREAM_STATES.advance(stream, "go_offline")
        stream.offline_at = now()
        await ledger.record(session, StreamWentOffline(**about(stream), words=f"视频中断：{stream.title}"))


async def stream_had_fault(session: AsyncSession, stream_id: UUID, code: str) -> None:
    """It is on record why whoever tried to send this stream was turned away."""
    stream = await _held(session, stream_id)
    if stream is not None:
        stream.fault = code


async def begin_viewing(session: AsyncSession, actor: Actor, stream: Stream) -> UUID:
    """It is on record that the actor watches this stream from now on."""
    at = now()
    viewing = Viewing(
        stream_id=stream.id,
        area_code=stream.area_code,
        task_id=stream.task_id,
        account_id=actor.account_id,
        viewer_name=actor.name,
        agency_name=actor.agency_name,
        began_at=at,
        seen_at=at,
    )
    session.add(viewing)
    await session.flush()
    return viewing.id


async def still_viewing(session: AsyncSession, viewing_ids: Collection[UUID]) -> None:
    """It is on record that these people are still watching."""
    await session.execute(update(Viewing).where(Viewing.id.in_(viewing_ids)).values(seen_at=now()))


async def end_viewing(session: AsyncSession, viewing_id: UUID, at: datetime | None = None) -> None:
    """It is on record that this look ended."""
    rows = update(Viewing).where(Viewing.id == viewing_id, Viewing.ended_at.is_(None))
    await session.execute(rows.values(ended_at=at or now()))


async def media_server_started(session: AsyncSession) -> None:
    """What a media server that died left open is ended: its looks when last seen, its streams now.

    Announces StreamWentOffline
    """
    await session.execute(update(Viewing).where(Viewing.ended_at.is_(None)).values(ended_at=Viewing.seen_at))
    # past the gate: nothing of it is shown to anybody
    live = await session.execute(select(Stream.id).where(Stream.state == StreamState.live))
    for stream_id in live.scalars().all():
        await stream_went_offline(session, stream_id)


async def _held(session: AsyncSession, stream_id: UUID) -> Stream | None:
    # past the gate: a media server reports on the stream that its ticket names
    rows = select(Stream).where(Stream.id == stream_id).with_for_update()
    return (await session.execute(rows)).scalar_one_or_none()
