"""The doctor asks a relay that runs: each leg that fails is found, and only by whoever may ask."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import ClientSession

from liandong.kernel.settings import settings
from liandong.means.film.refusals import H265
from liandong.means.video import tickets
from liandong.wires.mediaserver.relay import Relay
from tests.conftest import As
from tests.seat import Body, Seat, refused
from tests.wires.mediaserver.encoder import Encoder
from tests.wires.mediaserver.raw_sender import send_raw
from tests.wires.mediaserver.test_relay import state_is, until
from tests.wires.mediaserver.viewer import play_address, watching
from tests.world import World


async def findings(desk: Seat, stream: Body) -> dict[str, Body]:
    """What the doctor finds, by leg."""
    found = await desk.get(f"/streams/{stream['id']}/diagnosis")
    return {one["leg"]: one for one in found["findings"]}


async def finds(desk: Seat, stream: Body, leg: str, code: str) -> Body:
    """Waits until this is found on this leg."""
    last: dict[str, Any] = {}

    async def found() -> bool:
        last.update(await findings(desk, stream))
        return bool(last[leg]["code"] == code)

    await until(found, 25)
    shown: Body = last[leg]
    return shown


async def test_every_leg_of_a_stream_that_is_sent_and_watched(
    desk: Seat, stream: Body, address: str, encoder: Encoder
) -> None:
    assert (await findings(desk, stream))["sender"]["code"] == "sender.never"
    await encoder.send(address)
    await state_is(desk, stream, "live")
    async with watching(await play_address(desk, stream)) as eye:
        await eye.pictures(3)
        await eye.socket.send_json({"ping": 1, "shown": 100, "dropped": 60})
        dropping = await finds(desk, stream, "viewers", "viewers.dropping")
        assert dropping["figures"]["viewers"] == dropping["figures"]["dropping"] == 1

        async def is_measured() -> bool:
            return bool((await findings(desk, stream))["sender"]["figures"]["fps"] > 15)

        await until(is_measured)
        sender = (await findings(desk, stream))["sender"]
        assert (sender["code"], sender["level"]) == ("sender.good", "good")
        figures = sender["figures"]
        assert (figures["protocol"], figures["width"], figures["height"]) == ("rtmp", 320, 180)
        assert 20 < figures["kbps"] < 2000
        assert 10 < figures["fps"] < 30
    await finds(desk, stream, "viewers", "viewers.none")
    await finds(desk, stream, "store", "store.good")
    await encoder.kill()
    await finds(desk, stream, "sender", "sender.gone")


async def test_a_refusal_is_told_in_words(desk: Seat, stream: Body, address: str, relay: Relay) -> None:
    await send_raw(address, b"\x1c\x00\x00\x00\x00" + bytes(40))
    refusal = await finds(desk, stream, "sender", "sender.refused")
    assert refusal["figures"]["fault"] == H265
    assert "H.264" in refusal["fault_zh"]


async def test_a_relay_that_is_away_is_the_leg_that_failed(
    desk: Seat, stream: Body, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay.answered_at -= 60
    assert (await findings(desk, stream))["control"]["code"] == "control.unanswered"
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    monkeypatch.setattr(settings(), "media_control_url", f"http://127.0.0.1:{port}")
    found = await findings(desk, stream)  # somebody answers there who is no relay
    assert {leg: one["code"] for leg, one in found.items()} == {
        "sender": "sender.unknown",
        "control": "control.away",
        "store": "store.unknown",
        "viewers": "viewers.unknown",
    }
    server.close()


async def test_only_those_who_may_ask_are_told(
    as_: As, desk: Seat, world: World, stream: Body, ports: tuple[int, int]
) -> None:
    with refused("access.verb_missing", 403):
        await as_(world.east.lin).get(f"/streams/{stream['id']}/diagnosis")
    with refused("kernel.not_found", 404):
        await as_(world.west.dispatcher).get(f"/streams/{stream['id']}/diagnosis")
    read = (await play_address(desk, stream)).partition("ticket=")[2]
    asked, _ = tickets.make(stream["id"], "inspect", world.east.lin.account_id, seconds=30)
    base = f"http://127.0.0.1:{ports[0]}/streams"
    async with ClientSession() as http:
        for ticket, status in (("", 403), (read, 403), (asked, 200)):
            async with http.get(f"{base}/{stream['id']}?ticket={ticket}") as answer:
                assert answer.status == status
