"""The recorder by itself: whatever a sender does, every frame from a key frame on is in one segment and in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from liandong.means.channels.hub import Channel, Session
from liandong.means.channels.recorder import (
    CLOCK_SET_MS,
    LONGEST_SEGMENT_MS,
    NO_KEY_FRAME,
    SEGMENT_MS,
    Recorder,
)
from liandong.means.film.fmp4 import initialisation
from liandong.means.film.h264 import read_configuration
from liandong.means.film.segments import Sample, read_segment, segment
from liandong.means.film.timeline import Timeline
from liandong.means.video.recordings import Cut
from tests.wires.mediaserver.sample import AVCC_360P, AVCC_1080P, STREAM_ID, configuration_tag, frame_tag
from tests.wires.mediaserver.test_bytes import Clock

SMALL, LARGE = (initialisation(read_configuration(avcc)) for avcc in (AVCC_360P, AVCC_1080P))


@dataclass
class Heard:
    """What a recorder filed, and what it left out."""

    cuts: list[Cut] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def recorder(self) -> Recorder:
        return Recorder(STREAM_ID, self.cuts.append, lambda stream_id, code: self.lost.append(code))


@dataclass(frozen=True)
class Step:
    """A frame, and what happened before it: a hole in time, another size, the wall clock set."""

    is_key: bool
    duration_ms: int
    hole_ms: int
    is_large: bool
    clock_ms: int


STEPS = st.lists(
    st.builds(
        Step,
        is_key=st.sampled_from([True, False, False, False]),
        duration_ms=st.integers(1, 2500),
        hole_ms=st.sampled_from([0, 0, 0, 0, 0, 0, 7000]),
        is_large=st.sampled_from([False, False, False, False, True]),
        clock_ms=st.sampled_from([0, 0, 0, 0, 3, -40, 500, -3_600_000, 60_000]),
    ),
    max_size=60,
)


@settings(deadline=None)
@given(STEPS)
def test_every_frame_from_a_key_frame_on_is_kept_once_and_in_order(steps: list[Step]) -> None:
    heard, at_ms, zero = Heard(), 1000, 1_700_000_000_000.0
    recorder, taken, follows = heard.recorder(), [], False
    was_large: bool | None = None
    for number, step in enumerate(steps):
        at_ms, zero = at_ms + step.hole_ms, zero + step.clock_ms
        follows = follows and not step.hole_ms and step.is_large == was_large
        was_large = step.is_large
        sample = Sample(at_ms, step.duration_ms, 0, step.is_key, number.to_bytes(4, "big"))
        recorder.take(LARGE if step.is_large else SMALL, sample, zero)
        at_ms += step.duration_ms
        follows = follows or step.is_key
        if follows:
            taken.append(sample)
    recorder.end()
    assert [one for cut in heard.cuts for one in cut.samples] == taken
    for cut in heard.cuts:
        assert cut.samples[0].is_key
        assert cut.began_ms < cut.ended_ms
        assert all(one.at_ms + one.duration_ms == after.at_ms for one, after in pairwise(cut.samples))
        length = sum(one.duration_ms for one in cut.samples)
        assert abs(cut.ended_ms - cut.began_ms - length) <= CLOCK_SET_MS
        track, media = read_segment(segment(cut.initialisation, cut.samples))
        assert (track.duration_ms, media) == (length, b"".join(one.data for one in cut.samples))
    for one, after in pairwise(heard.cuts):
        if one.run_id == after.run_id:
            assert (after.number, after.began_ms) == (one.number + 1, one.ended_ms)
            assert one.samples[-1].at_ms + one.samples[-1].duration_ms == after.samples[0].at_ms
            assert one.initialisation == after.initialisation
        else:
            assert after.number == 0
    keys = {(cut.run_id, cut.number) for cut in heard.cuts}
    assert len(keys) == len(heard.cuts)


def test_a_segment_ends_at_the_first_key_frame_after_its_length() -> None:
    heard = Heard()
    recorder = heard.recorder()
    for number in range(0, 12_000, 40):
        recorder.take(SMALL, Sample(number, 40, 0, number % 1000 == 0, b"x"), 0)
    assert [len(cut.samples) * 40 for cut in heard.cuts] == [SEGMENT_MS, SEGMENT_MS]
    recorder.end()
    assert len(heard.cuts) == 3


def test_a_sender_without_key_frames_fills_no_memory() -> None:
    heard = Heard()
    recorder = heard.recorder()
    for number in range(0, 3 * LONGEST_SEGMENT_MS, 1000):
        recorder.take(SMALL, Sample(number, 1000, 0, number == 0, b"x"), 0)
    assert heard.lost == [NO_KEY_FRAME]
    assert len(heard.cuts) == 1
    recorder.take(SMALL, Sample(3 * LONGEST_SEGMENT_MS, 1000, 0, True, b"x"), 0)
    recorder.end()
    assert len(heard.cuts) == 2


def test_a_sender_that_comes_back_and_another_size_begin_a_new_run() -> None:
    """Through the hub, as a sender does it."""
    heard, clock = Heard(), Clock()
    channel = Channel(STREAM_ID, Timeline(clock, lambda: 1_700_000_000_000.0 + clock.now))

    def send(avcc: bytes, frames: int) -> None:
        channel.take(configuration_tag(avcc), 0)
        for number in range(frames):
            clock.now += 40
            channel.take(frame_tag(is_key=number % 25 == 0), number * 40)

    def sit() -> Session:
        session = Session(STREAM_ID, lambda why: None)
        channel.open(session, heard.recorder())
        return session

    session = sit()
    send(AVCC_360P, 150)
    send(AVCC_1080P, 50)
    channel.close(session)
    clock.now += 5000
    sit()
    send(AVCC_360P, 10)
    sit()  # an encoder that dials again before the first connection is gone
    send(AVCC_360P, 10)
    assert channel.recorder is not None
    channel.recorder.end()
    frames = [(len(cut.samples), cut.number) for cut in heard.cuts]
    assert frames == [(100, 0), (50, 1), (50, 0), (10, 0), (10, 0)]
    runs: list[UUID] = [cut.run_id for cut in heard.cuts]
    assert (runs[0] == runs[1], len(set(runs))) == (True, 4)
    assert all(one.ended_ms <= after.began_ms for one, after in pairwise(heard.cuts))
    assert heard.cuts[3].began_ms - heard.cuts[2].ended_ms > 4000


def test_without_a_recorder_nothing_is_recorded() -> None:
    channel = Channel(STREAM_ID, Timeline(Clock()))
    channel.open(Session(STREAM_ID, lambda why: None))
    channel.take(configuration_tag(), 0)
    assert channel.take(frame_tag(is_key=True), 0)
    assert channel.recorder is None
