"""Clips and snapshots: what was seen on a stream, sealed as evidence with what it was made from.

A clip is one unbroken picture. Where the picture broke off, or came back with another size, one film would show as
joined what was not: such a time is refused, or the clip begins where the picture came back, and says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import blobs, ledger
from liandong.kernel.canonical import plain
from liandong.kernel.clock import BEIJING, CLOCKS_DIFFER_BY, now
from liandong.kernel.errors import Invalid, Refused
from liandong.kernel.settings import settings
from liandong.means.evidence import actions as evidence
from liandong.means.evidence.actions import Arrived
from liandong.means.film.boxes import BrokenFilm
from liandong.means.film.segments import Track, clip_head, read_segment
from liandong.means.video.actions import about
from liandong.means.video.events import ClipFiled, SnapshotFiled
from liandong.means.video.recordings import STILL_RECORDING, name_of
from liandong.means.video.states import StreamState
from liandong.means.video.tables import RecordingSegment, Stream
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor

JPEG_BEGINS = b"\xff\xd8\xff"


@dataclass(frozen=True)
class Wanted:
    """The time that a clip is to cover."""

    since: datetime
    until: datetime
    after_break: bool = False


@dataclass(frozen=True)
class Source:
    """The segments that a clip is made from, in order; whether the picture broke off before them."""

    segments: tuple[RecordingSegment, ...]
    is_after_break: bool


@dataclass(frozen=True)
class Made:
    """A clip in the store: its digest, bytes, length in milliseconds and size of the picture in pixels."""

    sha256: str
    size: int
    length_ms: int
    width: int
    height: int


@dataclass(frozen=True)
class Filed:
    """The evidence that something has become, and the time of day that it shows."""

    evidence_id: UUID
    sha256: str
    size: int
    began_at: datetime
    ended_at: datetime
    is_after_break: bool = False


async def find_source(session: AsyncSession, actor: Actor, stream: Stream, wanted: Wanted) -> Source:
    """The segments that cover this time.

    Raises    video.clip_times, video.clip_too_long (422); video.nothing_recorded, video.clip_not_yet,
              video.clip_broken (409)
    """
    _require_sense(wanted)
    rows = gate.visible(actor, "video:file", RecordingSegment).where(
        RecordingSegment.stream_id == stream.id,
        RecordingSegment.ended_at > wanted.since,
        RecordingSegment.began_at < wanted.until,
    )
    in_order = rows.order_by(RecordingSegment.began_at, RecordingSegment.number)
    found = (await session.execute(in_order)).scalars().all()
    _require_recorded(stream, found, wanted)
    return unbroken(found, after_break=wanted.after_break)


def _require_sense(wanted: Wanted) -> None:
    if not wanted.since < wanted.until <= now() + CLOCKS_DIFFER_BY:
        raise Invalid("video.clip_times")
    if wanted.until - wanted.since > timedelta(minutes=settings().clip_minutes):
        raise Invalid("video.clip_too_long", most=settings().clip_minutes)


def _require_recorded(stream: Stream, found: Sequence[RecordingSegment], wanted: Wanted) -> None:
    """The newest seconds of a live stream are on record once their segment is full."""
    last = found[-1].ended_at if found else None
    is_behind = last is None or last < wanted.until
    is_running = stream.state == StreamState.live and stream.is_recorded and stream.recording_fault is None
    if is_running and is_behind and now() - wanted.until < STILL_RECORDING:
        raise Refused("video.clip_not_yet")
    if last is None:
        raise Refused("video.nothing_recorded")


def unbroken(found: Sequence[RecordingSegment], *, after_break: bool) -> Source:
    """All of these segments if they are one picture without a hole; with `after_break` what follows the last break.

    Raises    video.clip_broken: with the time of day at which the picture came back
    """
    breaks = [place for place, (one, next_one) in enumerate(pairwise(found), 1) if not _follows(one, next_one)]
    if breaks and not after_break:
        times = "、".join(f"{found[place].began_at.astimezone(BEIJING):%H:%M:%S}" for place in breaks[:5])
        raise Refused("video.clip_broken", at=times)
    return Source(tuple(found[breaks[-1] if breaks else 0 :]), is_after_break=bool(breaks))


def _follows(one: RecordingSegment, next_one: RecordingSegment) -> bool:
    return (one.run_id, one.number + 1) == (next_one.run_id, next_one.number)


async def make_clip(source: Source) -> Made:
    """One MP4 with every frame of these segments, untouched, is in the store. No transaction need be open meanwhile.

    Each segment must prove its digest; one at a time is in memory.

    Raises    video.recording_gone, video.recording_broken (409); evidence.file_too_large (422)
    """
    if sum(row.size for row in source.segments) > settings().max_video_bytes:
        raise Invalid("evidence.file_too_large", most=settings().max_video_bytes)
    tracks = [(await _proven(row))[0] for row in source.segments]
    try:
        head = clip_head(tracks)
    except BrokenFilm:
        raise Refused("video.recording_broken") from None
    sha256, size = await blobs.keep_stream(_pieces(head, source))
    return Made(sha256, size, sum(one.duration_ms for one in tracks), tracks[0].width, tracks[0].height)


async def _pieces(head: bytes, source: Source) -> AsyncIterator[bytes]:
    yield head
    for row in source.segments:
        yield (await _proven(row))[1]


async def _proven(row: RecordingSegment) -> tuple[Track, bytes]:
    try:
        content = await blobs.fetch_named(name_of(row))
    except FileNotFoundError:
        raise Refused("video.recording_gone") from None
    try:
        if hashlib.sha256(content).hexdigest() != row.sha256:
            raise BrokenFilm("the bytes are not what was recorded")
        return read_segment(content)
    except BrokenFilm:
        raise Refused("video.recording_broken") from None


async def file_clip(
    session: AsyncSession, actor: Actor, stream: Stream, agency_name: str, wanted: Wanted, source: Source, made: Made
) -> Filed:
    """The clip is sealed as evidence of the stream's task, with whose picture it is and what it was made from.

    Announces EvidenceSealed, ClipFiled
    """
    first, last = source.segments[0], source.segments[-1]
    details = {
        "length_s": round(made.length_ms / 1000, 1),
        "width": made.width,
        "height": made.height,
        "stream": _whose(stream, agency_name),
        "asked": {"from": wanted.since, "to": wanted.until},
        "began_at": first.began_at,
        "ended_at": last.ended_at,
        "is_after_break": source.is_after_break,
        "segments": [
            {"began_at": row.began_at, "ended_at": row.ended_at, "size": row.size, "sha256": row.sha256}
            for row in source.segments
        ],
    }
    await evidence.note_file(session, actor, Arrived(made.sha256, made.size, "video/mp4"))
    item = _item(actor, stream, made.sha256, f"视频片段：{stream.title}", first.began_at, "stream_clip", details)
    sealed = await evidence.seal(session, item)
    fact = ClipFiled(
        **about(stream), words=f"截取视频片段：{stream.title}", happened_at=first.began_at, evidence_id=sealed.id,
        sha256=made.sha256, began_at=first.began_at, ended_at=last.ended_at,
        segments=[row.sha256 for row in source.segments],
    )  # fmt: skip
    await ledger.record(session, fact)
    return Filed(sealed.id, made.sha256, made.size, first.began_at, last.ended_at, source.is_after_break)


async def file_snapshot(
    session: AsyncSession, actor: Actor, stream: Stream, agency_name: str, picture: bytes, shown_at: datetime
) -> Filed:
    """The picture is sealed as evidence of the stream's task, as the browser made it of what it showed.

    Raises    video.snapshot_type, video.snapshot_time (422)
    Announces EvidenceSealed, SnapshotFiled
    """
    if not picture.startswith(JPEG_BEGINS):
        raise Invalid("video.snapshot_type")
    if stream.live_at is None or not stream.registered_at < shown_at <= now() + CLOCKS_DIFFER_BY:
        raise Invalid("video.snapshot_time")
    sha256 = hashlib.sha256(picture).hexdigest()
    await evidence.keep_file(session, actor, sha256, picture, "image/jpeg")
    details = {"stream": _whose(stream, agency_name), "shown_at": shown_at}
    item = _item(actor, stream, sha256, f"视频截图：{stream.title}", shown_at, "stream_still", details)
    sealed = await evidence.seal(session, item)
    words = f"截取视频画面：{stream.title}"
    fact = SnapshotFiled(
        **about(stream), words=words, happened_at=shown_at, evidence_id=sealed.id, sha256=sha256, shown_at=shown_at
    )
    await ledger.record(session, fact)
    return Filed(sealed.id, sha256, len(picture), shown_at, shown_at)


def _whose(stream: Stream, agency_name: str) -> dict[str, str]:
    return {"id": str(stream.id), "title": stream.title, "kind": stream.kind, "agency_name": agency_name}


def _item(
    actor: Actor, stream: Stream, sha256: str, purpose: str, taken_at: datetime, kind: str, details: dict[str, Any]
) -> evidence.Item:
    return evidence.Item(
        sha256=sha256,
        purpose=purpose,
        taken_at=taken_at,
        area_code=stream.area_code,
        taker_officer_id=actor.officer_id,
        task_id=stream.task_id,
        kind=kind,
        details=plain(details),
    )
