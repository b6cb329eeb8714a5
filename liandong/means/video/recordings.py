"""What a media server records of the streams that it takes in: where it lies, what is on record of it, when it is gone.

The name of a segment says all that is on record of it. So one that reached the store just before its server died is
taken up by the next one, and a folder a day makes it cheap to forget.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import blobs
from liandong.kernel.clock import beijing_day, now, start_of_day
from liandong.kernel.errors import Refused
from liandong.kernel.ids import new_id
from liandong.kernel.settings import settings
from liandong.means.film.segments import Sample, segment
from liandong.means.video.tables import RecordingSegment, Stream

log = logging.getLogger(__name__)

FOLDER = "recordings"
NAME = re.compile(
    FOLDER + r"/\d{4}-\d\d-\d\d/([0-9a-f-]{36})/([0-9a-f-]{36})_(\d+)_(\d+)_(\d+)_(\d+)_(\d+)_([0-9a-f]{64})\.mp4"
)
GIGABYTE = 1_000_000_000
STILL_RECORDING = timedelta(minutes=1)
"""A live stream of which nothing was kept for so long is not being recorded."""


@dataclass(frozen=True)
class Cut:
    """A few seconds of a stream in memory. Times are milliseconds since 1970; `size` is about what they take."""

    stream_id: UUID
    run_id: UUID
    number: int
    began_ms: int
    ended_ms: int
    initialisation: bytes
    samples: tuple[Sample, ...]
    size: int


@dataclass(frozen=True)
class Kept:
    """A segment in the store, as its name tells."""

    stream_id: UUID
    run_id: UUID
    number: int
    began_ms: int
    ended_ms: int
    duration_ms: int
    size: int
    sha256: str

    @property
    def name(self) -> str:
        """Where it lies."""
        said = "_".join(str(value) for value in list(asdict(self).values())[1:])
        return f"{FOLDER}/{beijing_day(instant(self.began_ms))}/{self.stream_id}/{said}.mp4"


def instant(ms: int) -> datetime:
    """The aware instant so many milliseconds after the beginning of 1970."""
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=ms)


def name_of(row: RecordingSegment) -> str:
    """Where a segment that is on record lies."""
    began, ended = (round(at.timestamp() * 1000) for at in (row.began_at, row.ended_at))
    return Kept(row.stream_id, row.run_id, row.number, began, ended, row.duration_ms, row.size, row.sha256).name


def read_name(name: str) -> Kept | None:
    """What a name tells; None for a file that is no segment."""
    found = NAME.fullmatch(name)
    if found is None:
        return None
    stream, run, *numbers, sha256 = found.groups()
    try:
        number, began, ended, duration, size = map(int, numbers)
        return Kept(UUID(stream), UUID(run), number, began, ended, duration, size, sha256)
    except ValueError:
        return None


async def keep(cut: Cut) -> Kept:
    """These seconds are in the store, whole.

    Raises    video.recording_disk_full, one of blobs.OUT_OF_STORE
    """
    content, sha256 = await asyncio.to_thread(_made, cut)
    spare = await asyncio.to_thread(blobs.spare_bytes)
    if spare is not None and spare - len(content) < settings().recording_spare_gb * GIGABYTE:
        raise Refused("video.recording_disk_full")
    length_ms = sum(sample.duration_ms for sample in cut.samples)
    kept = Kept(cut.stream_id, cut.run_id, cut.number, cut.began_ms, cut.ended_ms, length_ms, len(content), sha256)
    await blobs.keep_named(kept.name, content)
    return kept


def _made(cut: Cut) -> tuple[bytes, str]:
    content = segment(cut.initialisation, cut.samples)
    return content, hashlib.sha256(content).hexdigest()


async def note_segment(session: AsyncSession, kept: Kept) -> bool:
    """The segment is on record, once, and its stream is being recorded. False for one of an unknown stream."""
    # past the gate: a media server reports on the stream that its ticket named
    rows = select(Stream.area_code, Stream.task_id).where(Stream.id == kept.stream_id)
    where = (await session.execute(rows)).one_or_none()
    if where is None:
        return False
    row = {
        **asdict(kept), "id": new_id(), "area_code": where.area_code, "task_id": where.task_id,
        "began_at": instant(kept.began_ms), "ended_at": instant(kept.ended_ms),
    }  # fmt: skip
    del row["began_ms"], row["ended_ms"]
    await session.execute(upsert(RecordingSegment).values(**row).on_conflict_do_nothing())
    fault = update(Stream).where(Stream.id == kept.stream_id, Stream.recording_fault.is_not(None))
    await session.execute(fault.values(recording_fault=None))
    return True


async def note_fault(session: AsyncSession, stream_id: UUID, code: str) -> None:
    """It is on record why something of this stream was not kept."""
    fault = update(Stream).where(Stream.id == stream_id, Stream.recording_fault.is_distinct_from(code))
    await session.execute(fault.values(recording_fault=code))


async def take_up(session: AsyncSession) -> tuple[int, int]:
    """Segments that a media server put into the store and did not get on record before it died are on record; those
    that are not what their name says are gone. How many of each. Today's and yesterday's are looked at.

    Raises    one of blobs.OUT_OF_STORE
    """
    taken = dropped = 0
    for day in (beijing_day(now() - timedelta(days=1)), beijing_day(now())):
        found = [kept async for name in blobs.names_below(f"{FOLDER}/{day}") if (kept := read_name(name))]
        # past the gate: a media server asks what it has on record; nothing is shown to anybody
        rows = select(RecordingSegment.run_id, RecordingSegment.number).where(
            RecordingSegment.run_id.in_({kept.run_id for kept in found})
        )
        known = {(run_id, number) for run_id, number in await session.execute(rows)} if found else set()
        for kept in found:
            if (kept.run_id, kept.number) in known:
                continue
            if hashlib.sha256(await blobs.fetch_named(kept.name)).hexdigest() == kept.sha256:
                taken += await note_segment(session, kept)
            else:
                await blobs.drop_named([kept.name])
                dropped += 1
    return taken, dropped


async def recorded_until(session: AsyncSession, stream_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """By stream, up to when it has been recorded; one of which nothing was recorded in the last minute is left out."""
    # past the gate: of streams that whoever asks has in hand
    rows = select(RecordingSegment.stream_id, func.max(RecordingSegment.ended_at).label("until")).where(
        RecordingSegment.stream_id.in_(stream_ids), RecordingSegment.ended_at > now() - STILL_RECORDING
    )
    found = await session.execute(rows.group_by(RecordingSegment.stream_id))
    return {row.stream_id: row.until for row in found}


async def forget_recordings(session: AsyncSession, at: datetime | None = None) -> None:
    """Nothing is kept of days that are over for longer than `recording_days`; what was sealed as evidence stays.

    A folder that could not be dropped is tried again with the next day's.
    """
    eldest = beijing_day(at or now()) - timedelta(days=settings().recording_days)
    await session.execute(delete(RecordingSegment).where(RecordingSegment.began_at < start_of_day(eldest)))
    try:
        for folder in await blobs.folders_in(FOLDER):
            if folder.rpartition("/")[2] < str(eldest):
                await blobs.drop_folder(folder)
    except blobs.OUT_OF_STORE as error:
        log.warning("old recordings could not be dropped: %s", error)
