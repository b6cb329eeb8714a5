"""The parts of the relay that read bytes: whole input is understood however it is cut, and no input does harm."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liandong.means.channels.hub import LONGEST_QUEUE, Begin, Channel, Gone, Session
from liandong.means.film import amf
from liandong.means.film.chunks import (
    LARGEST_MESSAGE,
    LONG_TIME,
    OWN_CHUNK,
    VIDEO,
    ChunkReader,
    Message,
    chunked,
    set_chunk_size,
)
from liandong.means.film.flv import Holds, read_video
from liandong.means.film.h264 import check_frame, read_configuration
from liandong.means.film.refusals import H265, PICTURE, PROTOCOL, UNKNOWN_CODEC, Unusable
from liandong.means.film.timeline import Timeline
from tests.wires.mediaserver.sample import AVCC_360P, AVCC_1080P, STREAM_ID, configuration_tag, frame_tag

MESSAGES = st.lists(
    st.builds(
        Message,
        kind=st.sampled_from([8, VIDEO, 18, 20]),
        time_ms=st.one_of(st.integers(0, 5000), st.integers(LONG_TIME - 2, 2**32 - 1)),
        stream=st.integers(0, 3),
        body=st.binary(min_size=1, max_size=3 * OWN_CHUNK),
    ),
    max_size=6,
)


@contextmanager
def only_refused_as(*codes: str) -> Iterator[None]:
    """The block ends well, or with one of these refusals; anything else is a fault of ours."""
    try:
        yield
    except Unusable as error:
        if error.code not in codes:
            raise


@given(MESSAGES, st.lists(st.integers(1, 5000), max_size=20))
def test_messages_come_whole_however_the_bytes_are_cut(messages: list[Message], cuts: list[int]) -> None:
    whole = set_chunk_size(OWN_CHUNK) + b"".join(chunked(message) for message in messages)
    reader, found, at = ChunkReader(), [], 0
    for size in [*cuts, len(whole)]:
        found += reader.feed(whole[at : at + size])
        at += size
    assert found == messages


@given(st.lists(st.binary(max_size=400), max_size=10))
def test_no_bytes_do_harm_to_the_chunk_reader(pieces: list[bytes]) -> None:
    reader = ChunkReader()
    with only_refused_as(PROTOCOL):
        for piece in pieces:
            assert all(isinstance(message, Message) for message in reader.feed(piece))


def test_interleaved_messages_and_short_headers_are_understood() -> None:
    body = bytes(range(200))
    first, second = chunked(Message(VIDEO, 40, 1, body), 6, 128), chunked(Message(8, 40, 1, body), 4, 128)
    cut = 1 + 11 + 128
    short = bytes([0x80 | 6]) + (33).to_bytes(3, "big") + body[:128] + bytes([0xC0 | 6]) + body[128:]
    shortest = bytes([0xC0 | 6]) + body[:128] + bytes([0xC0 | 6]) + body[128:]
    mixed = first[:cut] + second + first[cut:] + short + shortest
    found = list(ChunkReader().feed(mixed))
    assert [(message.kind, message.time_ms) for message in found] == [(8, 40), (VIDEO, 40), (VIDEO, 73), (VIDEO, 106)]
    assert all(message.body == body for message in found)


@pytest.mark.parametrize(
    "data",
    [
        bytes([0x43]) + bytes(7),  # goes on with a stream that never began
        bytes([3]) + bytes(3) + (LARGEST_MESSAGE + 1).to_bytes(3, "big") + bytes([VIDEO]) + bytes(4),
        chunked(Message(1, 0, 0, bytes(4)), 2),  # a chunk size of nought
        b"".join(chunked(Message(VIDEO, 0, 1, bytes(300)), lane)[: 12 + 128] for lane in range(2, 60)),
    ],
)
def test_what_breaks_a_limit_is_refused(data: bytes) -> None:
    with pytest.raises(Unusable):
        list(ChunkReader().feed(data))


def test_unfinished_messages_are_bounded() -> None:
    size = LARGEST_MESSAGE
    reader = ChunkReader()
    list(reader.feed(set_chunk_size(size - 1)))
    begun = b"".join(chunked(Message(VIDEO, 0, 1, bytes(size)), lane, size - 1)[: 12 + size - 1] for lane in (4, 5, 6))
    with pytest.raises(Unusable, match="begun and not finished"):
        list(reader.feed(begun))


VALUES = st.one_of(
    st.none(), st.booleans(), st.floats(allow_nan=False), st.text(max_size=50),
    st.dictionaries(st.text(min_size=1, max_size=9), st.floats(allow_nan=False), max_size=4),
)  # fmt: skip


@given(st.lists(VALUES, max_size=5))
def test_commands_come_back_as_they_were_said(values: list[object]) -> None:
    assert amf.decode(amf.encode(*values)) == values


@given(st.binary(max_size=300))
def test_no_bytes_do_harm_to_the_command_reader(data: bytes) -> None:
    with only_refused_as(PROTOCOL):
        amf.decode(data)


def test_a_command_as_deep_as_a_well_is_refused() -> None:
    with pytest.raises(Unusable, match="too large"):
        amf.decode(b"\x03\x00\x01a" * 5000)
    with pytest.raises(Unusable, match="too large"):
        amf.decode(b"\x0a\xff\xff\xff\xff" + b"\x05" * 5000)


def test_a_real_configuration_is_understood() -> None:
    small, large = read_configuration(AVCC_360P), read_configuration(AVCC_1080P)
    assert (small.codec, small.width, small.height, small.length_size) == ("avc1.42c01e", 640, 360, 4)
    assert (large.codec, large.width, large.height, large.length_size) == ("avc1.640028", 1920, 1080, 4)


@given(st.binary(max_size=120), st.integers(0, 60))
def test_no_bytes_do_harm_to_the_picture_readers(data: bytes, at: int) -> None:
    bent = AVCC_1080P[:at] + data + AVCC_1080P[at + len(data) :]
    for read in (read_video, read_configuration, lambda one: check_frame(one, 4)):
        for one in (data, bent, bent[:at]):
            with only_refused_as(PICTURE, H265, UNKNOWN_CODEC):
                read(one)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"\x1c\0\0\0\0", H265),  # as Chinese devices mark it
        (b"\x90hvc1\0", H265),  # as Enhanced RTMP marks it
        (b"\x90av01\0", UNKNOWN_CODEC),
        (b"\x12\0\0\0\0", UNKNOWN_CODEC),
        (b"\x17\0", PICTURE),
        (b"\x17\x09\0\0\0", PICTURE),
    ],
)
def test_what_cannot_be_played_is_named(body: bytes, code: str) -> None:
    with pytest.raises(Unusable) as caught:
        read_video(body)
    assert caught.value.code == code


def test_a_frame_shown_before_its_time_keeps_its_sign() -> None:
    tag = read_video(b"\x27\x01\xff\xff\xd8" + bytes(5))
    assert tag is not None
    assert (tag.holds, tag.is_key, tag.offset_ms) == (Holds.frame, False, -40)


class Clock:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.now = 1_000_000

    def __call__(self) -> int:
        return self.now


@given(st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 9000)), min_size=1, max_size=60))
def test_time_only_goes_forward(said: list[tuple[int, int]]) -> None:
    """Whatever a sender says of its clock, and however long it is away."""
    clock = Clock()
    line, end = Timeline(clock), 0
    for sent_ms, passed in said:
        clock.now += passed
        begin, duration = line.place(sent_ms)
        assert begin >= end
        assert duration > 0
        end = begin + duration


def test_a_phone_with_a_varying_rate_leaves_no_holes() -> None:
    clock, sent, end = Clock(), 0, None
    line = Timeline(clock)
    for gap in (62, 63, 125, 20, 62, 400, 62):
        clock.now += gap
        sent += gap
        begin, duration = line.place(sent)
        assert end in (None, begin)
        end = begin + duration


def test_the_quickest_frame_says_how_late_the_others_are() -> None:
    clock = Clock()
    line = Timeline(clock)
    line.place(0)
    clock.now += 40 + 300  # the second frame came 300 ms late
    line.place(40)
    assert line.shift_ms == 0
    for number in range(2, 2000):  # its clock loses one millisecond a frame
        clock.now = 1_000_000 + 41 * number
        line.place(40 * number)
    assert 1000 < line.shift_ms < 2000


def test_a_viewer_who_cannot_keep_up_goes_on_at_a_key_frame() -> None:
    channel = Channel(STREAM_ID, Timeline(Clock()))
    channel.open(Session(STREAM_ID, lambda why: None))
    channel.take(configuration_tag(), 0)
    slow = channel.join()
    sent = 2 * LONGEST_QUEUE - 60
    for number in range(sent):
        channel.take(frame_tag(is_key=number % 50 == 0), number * 40)
    waiting = [item for item, _ in slow._waiting]
    kept = [is_key for _, is_key in slow._waiting]
    assert isinstance(waiting[0], Begin)
    assert kept[1] is True
    assert len(waiting) <= LONGEST_QUEUE
    assert slow.dropped > 0
    assert len(waiting) - 1 + slow.dropped == sent


async def test_a_late_viewer_begins_with_a_whole_picture_and_hears_when_it_is_gone() -> None:
    channel, session = Channel(STREAM_ID, Timeline(Clock())), Session(STREAM_ID, lambda why: None)
    channel.open(session)
    assert channel.take(configuration_tag(), 0) is False
    assert channel.take(frame_tag(is_key=False), 0) is False  # nothing to build upon
    assert channel.take(frame_tag(is_key=True), 40) is True
    assert channel.take(frame_tag(is_key=False), 80) is False
    late = channel.join()
    assert isinstance(await late.take(), Begin)
    assert [isinstance(await late.take(), bytes) for _ in range(2)] == [True, True]
    channel.close(session)
    assert isinstance(await late.take(), Gone)


def test_a_group_without_end_is_not_kept() -> None:
    channel = Channel(STREAM_ID, Timeline(Clock()))
    channel.open(Session(STREAM_ID, lambda why: None))
    channel.take(configuration_tag(), 0)
    for number in range(1000):
        channel.take(frame_tag(is_key=number == 0), number * 40)
    assert len(channel._group) == 0
    late = channel.join()
    channel.take(frame_tag(is_key=False), 40_001)
    assert [type(item) for item, _ in late._waiting] == [Begin]
    channel.take(frame_tag(is_key=True), 40_041)
    assert [type(item) for item, _ in late._waiting] == [Begin, bytes]
