"""A phone's pictures over the WebSocket: who may send, what goes out, and what is turned away without harm."""

from __future__ import annotations

import asyncio
import io
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from liandong.flow import task_reported_closes_site_streams
from liandong.kernel.db import Database, Role
from liandong.kernel.ledger import LedgerFact
from liandong.means.film.packets import (
    CONFIGURATION,
    FRAME,
    KEY_FRAME,
    LARGEST_PACKET,
    STILL,
    SUBPROTOCOL,
    StillPicture,
    read_packet,
    read_still,
)
from liandong.means.film.refusals import PICTURE, PROTOCOL, Unusable
from liandong.registers.access.actions import end_task_grants
from liandong.wires.mediaserver import publish as publish_module
from liandong.wires.mediaserver.relay import Relay
from tests.conftest import As
from tests.phone import Phone
from tests.seat import Body, Seat, refused
from tests.wires.mediaserver.sample import AVCC_360P, frame_tag
from tests.wires.mediaserver.test_bytes import only_refused_as
from tests.wires.mediaserver.test_relay import state_is, until
from tests.wires.mediaserver.viewer import Eye, play_address, watching
from tests.world import World


def jpeg(width: int = 64, height: int = 48, shade: int = 90) -> bytes:
    """A real JPEG."""
    made = io.BytesIO()
    Image.new("RGB", (width, height), (shade, shade, 20)).save(made, "JPEG")
    return made.getvalue()


def packet(kind: int, time_ms: int, body: bytes, spare: bytes = bytes(3)) -> bytes:
    """One message of a phone."""
    return struct.pack(">B3sI", kind, spare, time_ms) + body


CONFIGURED = packet(CONFIGURATION, 0, AVCC_360P)


def frame(time_ms: int, *, is_key: bool) -> bytes:
    """A frame as a phone sends it."""
    return packet(KEY_FRAME if is_key else FRAME, time_ms, frame_tag(is_key=is_key).data)


@given(st.binary(max_size=400))
def test_no_bytes_do_harm(data: bytes) -> None:
    with only_refused_as(PICTURE, PROTOCOL):
        read_packet(data)


@given(st.integers(0, 3000), st.binary(max_size=40))
def test_a_still_is_whole_or_refused(cut: int, more: bytes) -> None:
    whole = jpeg(320, 200)
    assert read_still(whole) == StillPicture(whole, 320, 200)
    torn = whole[: cut % len(whole)] + more
    if not torn.endswith(b"\xff\xd9"):
        with pytest.raises(Unusable):
            read_still(torn)


@pytest.mark.parametrize("data", [
    b"", bytes(8), packet(9, 0, b"x"), packet(FRAME, 0, b"x", b"\0\0\1"), packet(STILL, 0, b"\xff\xd8\xff\xd9"),
    packet(STILL, 0, jpeg() + bytes(600_000) + b"\xff\xd9"), packet(FRAME, 0, bytes(LARGEST_PACKET)),
])  # fmt: skip
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(Unusable):
        read_packet(data)


@pytest.fixture
async def task(as_: As, desk: Seat, world: World) -> Body:
    """A task that two officers have signed for."""
    made: Body = await desk.assign(await desk.draft_task(), world.east.lin, world.east.luo)
    phone = Phone(as_(world.east.lin), made)
    await phone.did(phone.accept())
    return made


async def site_address(seat: Seat, task: Body) -> str:
    """Where this officer may send from the site now."""
    ticket = await seat.post(f"/tasks/{task['id']}/site_ticket")
    [url] = [one["url"] for one in ticket["addresses"] if one["protocol"] == "ws-picture"]
    return str(url).replace("//test:", "//127.0.0.1:")


class Sender:
    """A phone made of bytes."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def send(self, *packets: bytes) -> None:
        """These messages are on their way."""
        for one in packets:
            await self.socket.send_bytes(one)

    async def until(self, say: str) -> dict[str, Any]:
        """The next message that says this."""
        while True:
            message = await self.socket.receive(10)
            assert message.type is aiohttp.WSMsgType.TEXT, (message, self.socket.close_code)
            found: dict[str, Any] = message.json()
            if found["say"] == say:
                return found


@asynccontextmanager
async def sending(address: str) -> AsyncIterator[Sender]:
    """A phone that dials."""
    async with aiohttp.ClientSession() as http, http.ws_connect(address, protocols=(SUBPROTOCOL,)) as socket:
        yield Sender(socket)


async def site_stream(desk: Seat) -> Body:
    """The stream that registered itself."""
    [found] = [one for one in await desk.get("/streams") if one["title"].startswith("现场 · ")]
    return found  # type: ignore[no-any-return]


async def next_picture(eye: Eye) -> bytes:
    """The next binary message."""
    return (await eye.pictures(1))[0]


async def test_an_officer_sends_and_the_desk_sees_whose_it_is(
    as_: As, desk: Seat, world: World, task: Body, relay: Relay
) -> None:
    lin = as_(world.east.lin)
    async with sending(await site_address(lin, task)) as phone:
        await phone.until("go")
        stream = await site_stream(desk)
        assert stream["title"].startswith(f"现场 · {world.east.lin.name}")
        assert (stream["kind"], stream["task_id"], stream["is_recorded"]) == ("phone", task["id"], True)
        assert (await phone.until("have"))["time_ms"] is None  # not nought: that would be a picture
        await phone.send(CONFIGURED, frame(0, is_key=True), frame(97, is_key=False))
        await state_is(desk, stream, "live")
        async with watching(await play_address(desk, stream)) as eye:
            assert (await eye.until("begin"))["codec"] == "avc1.42c01e"
            assert len(await eye.pictures(3)) == 3  # what a decoder is told, and both frames
            await phone.send(frame(130, is_key=False))
            assert frame_tag(is_key=False).data in await next_picture(eye)
            assert (await phone.until("have"))["viewers"] >= 0
    assert (await site_address(lin, task)).partition("?")[0].endswith(stream["id"])  # the same stream again


async def test_a_thin_link_shows_stills_and_film_goes_on_at_a_key_frame(
    as_: As, desk: Seat, world: World, task: Body, relay: Relay
) -> None:
    async with sending(await site_address(as_(world.east.lin), task)) as phone:
        await phone.until("go")
        await phone.send(CONFIGURED, frame(1000, is_key=True))
        stream = await site_stream(desk)
        async with watching(await play_address(desk, stream)) as eye:
            await eye.pictures(2)
            await phone.send(packet(STILL, 2000, jpeg(64, 48)))
            assert (await phone.until("have"))["time_ms"] in (1000, 2000)
            still = await eye.until("still")
            assert (still["width"], still["height"]) == (64, 48)
            assert await next_picture(eye) == jpeg(64, 48)
            await eye.socket.send_json({"ping": 1})
            assert 0 <= (await eye.until("pong"))["at_ms"] - still["taken_ms"] < 5000
            async with watching(await play_address(desk, stream)) as late:  # a new viewer sees the still at once
                await late.until("still")
                assert await next_picture(late) == jpeg(64, 48)
            await phone.send(frame(9000, is_key=False), frame(9040, is_key=True))
            assert frame_tag(is_key=True).data in await next_picture(eye)
        await state_is(desk, stream, "live")


async def test_garbage_ends_the_sender_and_nobody_else(
    as_: As, desk: Seat, world: World, task: Body, relay: Relay
) -> None:
    lin, luo = as_(world.east.lin), as_(world.east.luo)
    async with sending(await site_address(luo, task)) as other:
        await other.until("go")
        for bad, code in (
            (packet(7, 0, b"x"), PROTOCOL),
            (frame(0, is_key=True), PICTURE),  # before its configuration
            (packet(CONFIGURATION, 0, AVCC_360P[:20]), PICTURE),
        ):
            async with sending(await site_address(lin, task)) as phone:
                await phone.until("go")
                await phone.send(bad)
                assert (await phone.until("refused"))["code"] == code
        async with sending(await site_address(lin, task)) as phone:
            await phone.until("go")
            with suppress(ConnectionError):  # the relay may hang up before it is all said
                await phone.send(CONFIGURED + bytes(LARGEST_PACKET))

            async def is_counted() -> bool:
                return relay.counts.refused[PICTURE] == 3

            await until(is_counted)
        await other.send(CONFIGURED, frame(0, is_key=True))
        await other.until("have")
    assert relay.counts.refused[PROTOCOL] == 1


async def test_who_may_not_send_is_told_why(as_: As, desk: Seat, world: World, task: Body, relay: Relay) -> None:
    lin = as_(world.east.lin)
    good = await site_address(lin, task)
    async with sending(good.partition("?")[0]) as phone:
        assert (await phone.until("refused"))["code"] == "video.ticket_invalid"
    newer = await site_address(lin, task)
    async with sending(good) as phone:
        assert (await phone.until("refused"))["code"] == "video.ticket_invalid"  # a new ticket made it worthless
    async with sending(newer) as phone:
        await phone.until("go")
        async with sending(await site_address(lin, task)) as second:
            await second.until("go")
            assert (await phone.until("ended"))["why"] == "replaced"
    with refused("access.verb_missing", 403):
        await desk.post(f"/tasks/{task['id']}/site_ticket")
    waiting = await desk.assign(await desk.draft_task(), world.east.lin, world.east.luo)
    with refused("video.task_not_running", 409):
        await lin.post(f"/tasks/{waiting['id']}/site_ticket")


async def test_it_ends_with_the_task(as_: As, desk: Seat, world: World, task: Body, relay: Relay, db: Database) -> None:
    async with sending(await site_address(as_(world.east.lin), task)) as phone:
        await phone.until("go")
        await phone.send(CONFIGURED, frame(0, is_key=True))
        stream = await site_stream(desk)
        await state_is(desk, stream, "live")
        async with db.transaction(Role.worker) as session:
            fact = LedgerFact(subject_id=UUID(task["id"]))
            await task_reported_closes_site_streams(session, [fact])
        assert (await desk.get(f"/streams/{stream['id']}"))["state"] == "closed"
        await relay.ask_again()
        assert (await phone.until("ended"))["why"] == "revoked"


async def test_an_officer_who_was_taken_off_the_task_sends_no_more(
    as_: As, world: World, task: Body, relay: Relay, db: Database
) -> None:
    async with sending(await site_address(as_(world.east.lin), task)) as phone:
        await phone.until("go")
        await phone.send(CONFIGURED, frame(0, is_key=True))
        await relay.ask_again()
        assert len(relay.sending) == 1  # still on the task
        async with db.transaction(Role.worker) as session:
            await end_task_grants(session, UUID(task["id"]))
        await relay.ask_again()
        assert (await phone.until("ended"))["why"] == "revoked"


async def test_a_phone_that_falls_silent_has_gone(
    as_: As, world: World, task: Body, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish_module, "SILENT_SECONDS", 0.3)
    async with sending(await site_address(as_(world.east.lin), task)) as phone:
        await phone.until("go")
        assert (await phone.until("refused"))["code"] == "video.sender_silent"

    async def nobody() -> bool:
        return not relay.sending

    await until(nobody)


async def test_a_viewer_who_waits_for_a_key_frame_has_the_phone_send_one(
    as_: As, desk: Seat, world: World, task: Body, relay: Relay
) -> None:
    async with sending(await site_address(as_(world.east.lin), task)) as phone:
        await phone.until("go")
        await phone.send(CONFIGURED)
        stream = await site_stream(desk)
        async with watching(await play_address(desk, stream)) as eye:
            await eye.until("begin")
            await asyncio.wait_for(phone.until("key"), 5)
