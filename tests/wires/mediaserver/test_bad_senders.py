"""Whatever is thrown at the senders' port, it is turned away and counted, and whoever sends and watches goes on."""

from __future__ import annotations

import asyncio
import random

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from liandong.kernel.settings import settings
from liandong.means.film.chunks import LARGEST_MESSAGE, VIDEO, Message, chunked
from liandong.wires.mediaserver import rtmp
from liandong.wires.mediaserver.relay import Relay
from tests.seat import Body, Seat
from tests.wires.mediaserver.encoder import Encoder
from tests.wires.mediaserver.raw_sender import picture, send_bytes, send_raw, talk
from tests.wires.mediaserver.sample import AVCC_360P
from tests.wires.mediaserver.viewer import play_address, watching

HELLO = bytes([3]) + bytes(2 * 1536)
CONFIGURATION = b"\x17\x00\0\0\0" + AVCC_360P
LARGE = bytes([3]) + bytes(3) + (LARGEST_MESSAGE + 1).to_bytes(3, "big") + bytes([VIDEO]) + bytes(4)
JUNK = [
    b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" + bytes(1600),
    HELLO + b"\xff" * 5000,
    HELLO + LARGE,
    HELLO + picture(CONFIGURATION),  # a picture before it was let in
    HELLO + chunked(Message(20, 0, 0, b"\x03\x00\x01a" * 4000)),
    talk("nothing"),
    talk("00000000-0000-7000-8000-000000000000?ticket=" + "x" * 5000),
]


async def test_garbage_harms_nobody(
    desk: Seat, stream: Body, address: str, encoder: Encoder, relay: Relay, ports: tuple[int, int]
) -> None:
    dice = random.Random(4)  # noqa: S311  the same garbage every time
    await encoder.send(address)
    async with watching(await play_address(desk, stream)) as eye:
        await eye.pictures(2)
        for junk in [*JUNK, *(dice.randbytes(dice.randint(0, 6000)) for _ in range(40))]:
            await send_bytes(ports[1], junk)
        assert len(await eye.pictures(5)) == 5
    assert relay.hub.live == 1
    assert relay.counts.refused["video.protocol_broken"] >= 5
    assert relay.counts.refused["video.ticket_invalid"] == 2


@pytest.mark.parametrize(
    ("bodies", "code"),
    [
        ([b"\x17\x00\0\0\0" + AVCC_360P[:9]], "video.picture_broken"),
        ([b"\x17\x01\0\0\0" + bytes(9)], "video.picture_broken"),  # a frame before the configuration
        ([CONFIGURATION, b"\x17\x01\0\0\0\0\0\xff\xff\x65"], "video.picture_broken"),  # longer than it is
        ([CONFIGURATION, b"\x12"], "video.codec_unknown"),
    ],
)
async def test_a_broken_picture_is_refused_with_its_reason(
    stream: Body, address: str, relay: Relay, bodies: list[bytes], code: str
) -> None:
    words = await send_raw(address, *bodies)
    assert "/" in words
    assert any("\u4e00" <= letter <= "\u9fff" for letter in words)
    assert relay.counts.refused == {code: 1}
    assert relay.hub.live == 0


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(max_size=300), max_size=5))
async def test_no_picture_does_harm(stream: Body, address: str, relay: Relay, bodies: list[bytes]) -> None:
    await send_raw(address, CONFIGURATION, *bodies)
    assert relay.hub.live == 0


async def test_no_more_senders_than_allowed(
    address: str, relay: Relay, ports: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "max_publishers", 0)
    assert await send_bytes(ports[1], HELLO) == b""
    assert relay.counts.refused == {"video.relay_full": 1}


async def test_whoever_connects_and_is_silent_is_sent_away(
    relay: Relay, ports: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rtmp, "HANDSHAKE_SECONDS", 0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", ports[1])
    await asyncio.wait_for(reader.read(), 5)
    writer.close()
    assert relay.counts.refused == {"video.sender_silent": 1}
