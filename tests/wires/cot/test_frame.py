"""CoT events out of a stream of bytes, however it is cut; garbage, truncation, size, document types."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liandong.wires.cot.frame import LONGEST, Auth, Event, OversizedError, Splitter, UnreadableError, read
from tests.wires.cot.frames import ATAK, BILLION_LAUGHS, CHAT, PING, auth, event

AT = datetime(2026, 11, 20, 1, 2, 3, 123000, tzinfo=UTC)
SEEN = Event("ANDROID-EXAMPLE01", "a-f-G-U-C", AT, 117.0012345, 36.6512345, 8.2, 31.5, 270.51, 5.1)


def test_an_event_of_atak() -> None:
    assert read(ATAK) == SEEN


def test_what_is_not_known_is_not_a_number() -> None:
    chat = read(CHAT)
    assert isinstance(chat, Event)
    assert (chat.accuracy_m, chat.altitude_m, chat.course_deg, chat.speed_mps) == (None, None, None, None)


def test_who_it_is() -> None:
    assert read(auth("K&amp;1")) == Auth("example", "K&1")


@settings(deadline=None, max_examples=200)
@given(cuts=st.lists(st.integers(1, 90), min_size=1, max_size=400))
def test_a_stream_is_the_same_however_it_is_cut(cuts: list[int]) -> None:
    stream = b"\n".join((auth("K"), PING, ATAK, CHAT, ATAK)) + ATAK[:50]
    splitter, found, place = Splitter(), [], 0
    for cut in [*cuts, len(stream)]:
        found += splitter.feed(stream[place : place + cut])
        place += cut
    found += splitter.feed(stream[place:])
    assert [type(read(one)).__name__ for one in found] == ["Auth", *["Event"] * 4]
    assert read(found[2]) == read(found[4]) == SEEN


def test_an_event_without_an_end_is_refused() -> None:
    splitter = Splitter()
    for _ in range(LONGEST // 1000):
        assert splitter.feed(b"<event " + b"x" * 993) == []
    with pytest.raises(OversizedError):
        splitter.feed(b"<event " + b"x" * 993)
    with pytest.raises(OversizedError):
        Splitter().feed(b"<event x='" + b"x" * LONGEST + b"'></event>")


@pytest.mark.parametrize(
    "element",
    [
        BILLION_LAUGHS, b"</event>", b"<a/></event>", b"<event></event>", CHAT.replace(b'lat="36.6"', b""),
        CHAT.replace(b"36.6", b"here"), CHAT.replace(b"2026-11-20T01:02:03Z", b"now"), CHAT.replace(b"</detail>", b""),
        b"\xff" + CHAT[1:], b"<auth></auth>", CHAT.replace(b"2026-11", b"2026-13"),
    ],
)  # fmt: skip
def test_what_is_no_event(element: bytes) -> None:
    with pytest.raises(UnreadableError):
        read(element)


@settings(deadline=None, max_examples=300)
@given(data=st.data())
def test_a_changed_event_is_one_or_unreadable(data: st.DataObject) -> None:
    element = bytearray(event(AT, 117.0))
    for _ in range(data.draw(st.integers(1, 4))):
        element[data.draw(st.integers(0, len(element) - 1))] = data.draw(st.integers(0, 255))
    with suppress(UnreadableError):
        assert isinstance(read(bytes(element)), Event)


@settings(deadline=None, max_examples=200)
@given(chunks=st.lists(st.binary(max_size=200), max_size=20))
def test_garbage_is_split_into_something_unreadable(chunks: list[bytes]) -> None:
    splitter = Splitter()
    for chunk in chunks:
        for element in splitter.feed(chunk + b"</event>"):
            with pytest.raises(UnreadableError):
                read(element)


def test_a_zone_is_read() -> None:
    said = read(event(AT, 117.0).replace(b"2026-11-20T01:02:03.123000Z", b"2026-11-20T09:02:03.123+08:00"))
    assert isinstance(said, Event)
    assert said.at - AT == timedelta(0)
