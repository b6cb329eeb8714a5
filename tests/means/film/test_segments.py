"""Segments and clips as bytes: what goes in comes out, and bytes that are no film are refused."""

from __future__ import annotations

import struct
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liandong.kernel.errors import Refused
from liandong.kernel.ids import new_id
from liandong.means.film.boxes import BrokenFilm, boxes, inside
from liandong.means.film.fmp4 import initialisation
from liandong.means.film.h264 import read_configuration
from liandong.means.film.segments import Sample, clip_head, read_segment, segment
from liandong.means.video.clips import unbroken
from liandong.means.video.recordings import Kept, instant, name_of, read_name
from liandong.means.video.tables import RecordingSegment
from tests.wires.mediaserver.sample import AVCC_360P, AVCC_1080P

SMALL, LARGE = (initialisation(read_configuration(avcc)) for avcc in (AVCC_360P, AVCC_1080P))
FRAMES = st.lists(
    st.builds(
        Sample, at_ms=st.just(0), duration_ms=st.integers(1, 60_000), offset_ms=st.integers(-200, 200),
        is_key=st.booleans(), data=st.binary(min_size=1, max_size=50),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(FRAMES, min_size=1, max_size=5))
def test_a_clip_has_every_frame_of_its_segments_where_its_tables_say(parts: list[list[Sample]]) -> None:
    read = [read_segment(segment(SMALL, part)) for part in parts]
    whole = clip_head([track for track, _ in read]) + b"".join(media for _, media in read)
    assert [kind for kind, _, _ in boxes(whole)] == [b"ftyp", b"moov", b"mdat"]
    table = (b"moov", b"trak", b"mdia", b"minf", b"stbl")
    sizes = struct.iter_unpack(">I", inside(whole, *table, b"stsz", skipped=12))
    places = [place for (place,) in struct.iter_unpack(">I", inside(whole, *table, b"stco", skipped=8))]
    counts = [len(part) for part in parts]
    found, frames = [], [sample for part in parts for sample in part]
    for place, count in zip(places, counts, strict=True):
        at = place
        for _ in range(count):
            (size,) = next(sizes)
            found.append(whole[at : at + size])
            at += size
    assert found == [sample.data for sample in frames]
    assert inside(whole, *table, b"stsd") == inside(SMALL, *table, b"stsd")
    durations = list(struct.iter_unpack(">II", inside(whole, *table, b"stts", skipped=8)))
    assert [one for count, one in durations for _ in range(count)] == [sample.duration_ms for sample in frames]


def test_two_sizes_are_not_one_film() -> None:
    frame = [Sample(0, 40, 0, True, b"x")]
    tracks = [read_segment(segment(first, frame))[0] for first in (SMALL, LARGE)]
    with pytest.raises(BrokenFilm, match="not of one picture"):
        clip_head(tracks)


@settings(deadline=None)
@given(st.binary(max_size=200), st.integers(0, 900), st.integers(0, 900))
def test_no_bytes_do_harm_to_the_reader_of_segments(data: bytes, at: int, end: int) -> None:
    good = segment(SMALL, [Sample(0, 40, 0, True, b"frame")])
    for one in (data, good[:at] + data + good[at + len(data) :], good[:end]):
        with suppress(BrokenFilm):
            read_segment(one)


@settings(deadline=None)
@given(st.uuids(), st.uuids(), st.integers(0, 10**6), st.integers(0, 4 * 10**12), st.integers(1, 10**6))
def test_the_name_of_a_segment_says_all_that_is_on_record(
    stream: UUID, run: UUID, number: int, began: int, length: int
) -> None:
    kept = Kept(stream, run, number, began, began + length, length, 7, "ab" * 32)
    assert read_name(kept.name) == kept
    row = RecordingSegment(
        stream_id=stream, run_id=run, number=number, began_at=instant(began), ended_at=instant(began + length),
        duration_ms=length, size=7, sha256="ab" * 32,
    )  # fmt: skip
    assert name_of(row) == kept.name


@settings(deadline=None)
@given(st.text(max_size=80))
def test_other_names_are_no_segments(name: str) -> None:
    assert read_name(name) is None
    assert read_name(f"recordings/2026-01-01/{name}.mp4") is None


def rows(*runs: int) -> list[RecordingSegment]:
    """Segments of so many runs, each of so many in a row, one hour apart."""
    begun, found = datetime(2026, 3, 1, 1, tzinfo=UTC), []
    for hour, count in enumerate(runs):
        run = new_id()
        for number in range(count):
            began = begun + timedelta(hours=hour, seconds=4 * number)
            found.append(
                RecordingSegment(run_id=run, number=number, began_at=began, ended_at=began + timedelta(seconds=4))
            )
    return found


@settings(deadline=None)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=4), st.integers(0, 15))
def test_a_clip_is_one_unbroken_picture(runs: list[int], missing: int) -> None:
    found = rows(*runs)
    if missing < len(found) and len(found) > 1:
        del found[missing]  # a segment that a full disk did not take
    source = unbroken(found, after_break=True)
    kept = source.segments
    assert list(kept) == found[-len(kept) :]
    assert len({row.run_id for row in kept}) == 1
    assert [row.number for row in kept] == list(range(kept[0].number, kept[0].number + len(kept)))
    assert source.is_after_break == (len(kept) < len(found))
    if source.is_after_break:
        before = found[-len(kept) - 1]
        assert (before.run_id, before.number + 1) != (kept[0].run_id, kept[0].number)
        with pytest.raises(Refused) as refused:
            unbroken(found, after_break=False)
        assert refused.value.code == "video.clip_broken"
    else:
        assert unbroken(found, after_break=False) == source


def test_a_refused_clip_says_when_the_picture_came_back() -> None:
    with pytest.raises(Refused) as refused:
        unbroken(rows(2, 1), after_break=False)
    assert "10:00:00" in refused.value.title("zh")  # one hour after nine, Beijing time
