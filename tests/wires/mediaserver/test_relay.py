"""A real encoder sends, somebody watches: what comes out is what went in, and only to whoever may see it."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from liandong.kernel.db import Database, Role
from liandong.kernel.ledger import LedgerFact
from liandong.means.video.tables import Viewing
from liandong.wires.mediaserver import relay as relay_module
from liandong.wires.mediaserver.relay import Relay
from tests.conftest import As
from tests.seat import Body, Seat
from tests.wires.mediaserver.encoder import Encoder
from tests.wires.mediaserver.raw_sender import send_raw
from tests.wires.mediaserver.viewer import answer_at, play_address, watching
from tests.world import World


async def until(true: Callable[[], Awaitable[bool]], seconds: float = 10) -> None:
    """Waits for something that happens beside the test."""
    async with asyncio.timeout(seconds):
        while True:
            if await true():
                return
            await asyncio.sleep(0.02)  # the relay speaks to the database, not to this test


async def state_is(desk: Seat, stream: Body, state: str) -> None:
    async def found() -> bool:
        return bool((await desk.get(f"/streams/{stream['id']}"))["state"] == state)

    await until(found, 12)


async def viewings(db: Database) -> list[Viewing]:
    async with db.transaction(Role.worker) as session:
        return list((await session.execute(select(Viewing).order_by(Viewing.id))).scalars())


def probed(file: Path) -> dict[str, Any]:
    """What ffprobe finds in a file."""
    words = [
        "ffprobe",
        "-v",
        "error",
        "-count_frames",
        "-show_entries",
        "stream=codec_name,width,height,nb_read_frames",
    ]
    found = subprocess.run([*words, "-of", "json", file], capture_output=True, check=True, text=True)
    assert found.stderr == ""
    streams: list[dict[str, Any]] = json.loads(found.stdout)["streams"]
    return streams[0]


async def test_what_goes_in_comes_out_as_a_film_that_plays(
    desk: Seat, stream: Body, address: str, encoder: Encoder, db: Database, tmp_path: Path
) -> None:
    await encoder.send(address)
    async with watching(await play_address(desk, stream)) as eye:
        begin = await eye.until("begin")
        assert (begin["codec"][:5], begin["width"], begin["height"]) == ("avc1.", 320, 180)
        segments = await eye.pictures(41)
        film = tmp_path / "film.mp4"
        film.write_bytes(b"".join(segments))
        found = await asyncio.to_thread(probed, film)
        assert found == {"codec_name": "h264", "width": 320, "height": 180, "nb_read_frames": "40"}
        await eye.socket.send_json({"ping": 7})
        pong, clock = await eye.until("pong"), await eye.until("clock")
        assert pong["ping"] == 7
        assert abs(pong["at_ms"] - clock["zero_ms"]) > 0
    shown = await desk.get(f"/streams/{stream['id']}")
    assert (shown["state"], shown["codec"], shown["width"], shown["height"]) == ("live", begin["codec"], 320, 180)
    assert shown["live_at"] is not None
    async with db.transaction(Role.worker) as session:
        names = (await session.execute(select(LedgerFact.name).order_by(LedgerFact.entry_no))).scalars().all()
    assert list(names) == ["StreamRegistered", "StreamWentLive"]


async def test_every_look_is_on_record_from_its_beginning_to_its_end(
    desk: Seat, as_: As, world: World, stream: Body, address: str, encoder: Encoder, db: Database
) -> None:
    await encoder.send(address)
    async with watching(await play_address(desk, stream)) as eye:
        await eye.pictures(2)
        (look,) = await viewings(db)
        assert (look.viewer_name, look.ended_at) == (world.east.dispatcher.name, None)

    async def ended() -> bool:
        return (await viewings(db))[0].ended_at is not None

    await until(ended)
    leader = as_(world.east.leader)
    page = await leader.get(f"/streams/{stream['id']}/viewings")
    assert [one["viewer_name"] for one in page["items"]] == [world.east.dispatcher.name]
    async with db.transaction(Role.app, {"areas": "990101", "tasks": ""}) as session:
        with pytest.raises(Exception, match="permission denied"):
            await session.execute(text("UPDATE viewing SET viewer_name = 'nobody'"))


async def test_without_the_right_ticket_there_is_no_picture(
    desk: Seat, stream: Body, address: str, relay: Relay, encoder: Encoder
) -> None:
    other = await desk.post("/streams", {"kind": "camera", "title": "示例另一路"})
    good, publish_ticket = await play_address(desk, stream), address.partition("ticket=")[2]
    path = good.partition("?")[0]
    elsewhere = (await play_address(desk, other)).partition("ticket=")[2]
    said, _, signature = good.partition("ticket=")[2].rpartition(".")
    forged = f"{said}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"
    for ticket in ("", "garbage", publish_ticket, elsewhere, forged, "1.2.3.4.5"):
        assert await answer_at(f"{path}?ticket={ticket}") == (403, "video.ticket_invalid"), ticket
    assert await answer_at(path) == (403, "video.ticket_invalid")
    assert await answer_at(good.replace(stream["id"], "nothing")) == (403, "video.ticket_invalid")
    async with watching(good) as eye:
        await eye.until("gone")
    assert await answer_at(good) == (403, "video.ticket_used")
    assert relay.counts.refused == {"video.ticket_invalid": 8, "video.ticket_used": 1}


async def test_without_the_right_ticket_nobody_sends(
    desk: Seat, stream: Body, address: str, relay: Relay, encoder: Encoder
) -> None:
    base = address.partition("?")[0]
    read_ticket = (await play_address(desk, stream)).partition("ticket=")[2]
    for wrong in (base, f"{base}?ticket={read_ticket}", base.replace(stream["id"], "nothing")):
        await encoder.send(wrong)
        code, _ = await encoder.said()
        assert code != 0
    await desk.post(f"/streams/{stream['id']}/publish_ticket")  # a new one makes the old one worthless
    await encoder.send(address)
    assert (await encoder.said())[0] != 0
    assert relay.counts.refused == {"video.ticket_invalid": 4}
    assert (await desk.get(f"/streams/{stream['id']}"))["state"] == "offline"


async def test_a_sender_that_dies_and_returns_is_seen_again_without_asking(
    desk: Seat, stream: Body, address: str, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "GRACE_SECONDS", 0.1)
    await encoder.send(address)
    async with watching(await play_address(desk, stream)) as eye:
        await eye.pictures(10)
        await state_is(desk, stream, "live")
        await encoder.kill()
        await eye.until("gone")
        await state_is(desk, stream, "offline")
        await encoder.send(address, source=("-f", "lavfi", "-i", "testsrc2=size=480x270:rate=15"))
        begin = await eye.until("begin")
        assert (begin["width"], begin["height"]) == (480, 270)
        assert len(await eye.pictures(5)) == 5
        await state_is(desk, stream, "live")


async def test_an_encoder_that_dials_again_takes_its_own_place(
    desk: Seat, stream: Body, address: str, encoder: Encoder
) -> None:
    await encoder.send(address)
    async with watching(await play_address(desk, stream)) as eye:
        await eye.pictures(5)
        second = Encoder()
        await second.send(address)
        assert (await encoder.said())[0] != 0
        assert len(await eye.pictures(10)) == 10
        await second.stop()


async def test_whoever_loses_the_right_is_out(
    desk: Seat, as_: As, world: World, stream: Body, address: str, encoder: Encoder, relay: Relay, db: Database
) -> None:
    await encoder.send(address)
    chief = as_(world.chief)
    async with (
        watching(await play_address(chief, stream)) as first,
        watching(await play_address(desk, stream)) as second,
    ):
        await first.pictures(2)
        await second.pictures(2)
        async with db.transaction(Role.worker) as session:
            await session.execute(
                text("UPDATE account SET is_active = false WHERE id = :id"), {"id": world.chief.account_id}
            )
        await relay.ask_again()
        assert await first.end_code() == 4403
        assert len(await second.pictures(5)) == 5
        await desk.post(f"/streams/{stream['id']}/close", {"reason": "示例结束"})
        await relay.ask_again()
        assert await second.end_code() == 4403
    assert (await encoder.said())[0] != 0
    assert (await desk.get(f"/streams/{stream['id']}"))["state"] == "closed"


async def test_h265_is_refused_in_plain_words(
    desk: Seat, stream: Body, address: str, relay: Relay, encoder: Encoder
) -> None:
    """Debian's encoder cannot put H.265 into RTMP, so the tag that a Chinese device sends is made from an H.264 one."""
    words = await send_raw(address, bytes([0x1C, 0, 0, 0, 0]) + bytes(20))
    assert "H.264" in words

    async def said() -> bool:
        return bool((await desk.get(f"/streams/{stream['id']}"))["fault"] == "video.h265")

    await until(said)
    shown = await desk.get(f"/streams/{stream['id']}")
    assert "请在设备上把视频编码改为 H.264" in shown["fault_zh"]
    assert relay.counts.refused == {"video.h265": 1}


async def test_what_a_relay_that_died_left_open_is_ended_by_the_next(
    desk: Seat, stream: Body, address: str, encoder: Encoder, relay: Relay, db: Database
) -> None:
    await encoder.send(address)
    async with watching(await play_address(desk, stream)) as eye:
        await eye.pictures(2)
        await state_is(desk, stream, "live")
        await relay.doors.started()  # what the next one does first
        (look,) = await viewings(db)
        assert look.ended_at == look.seen_at
        assert (await desk.get(f"/streams/{stream['id']}"))["state"] == "offline"
