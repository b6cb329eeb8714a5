"""A media server of another house takes the pictures in: nothing passes without our ticket, and all else is as ever."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from liandong.kernel.db import Database
from liandong.kernel.settings import settings
from liandong.means.ingest import nginx_rtmp
from liandong.means.ingest.nginx_rtmp import NginxRtmp
from liandong.means.ingest.pull import PullRefused, pulled
from liandong.means.ingest.server import hook_address, hook_secret
from liandong.wires.mediaserver import relay as relay_module
from liandong.wires.mediaserver.relay import Relay
from liandong.wires.mediaserver.server import running
from tests.ports import free_port
from tests.seat import Body, Seat
from tests.wires.mediaserver.encoder import Encoder
from tests.wires.mediaserver.nginx import Nginx
from tests.wires.mediaserver.raw_sender import send_until_cut_off
from tests.wires.mediaserver.test_doctor_of_relay import findings, finds
from tests.wires.mediaserver.test_relay import state_is, until, viewings
from tests.wires.mediaserver.viewer import answer_at, play_address, watching
from tests.world import World


@pytest.fixture
def nginx_chosen(ports: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting names nginx-rtmp."""
    monkeypatch.setenv("LIANDONG_MEDIA_SERVER", "nginx_rtmp")
    monkeypatch.setenv("LIANDONG_MEDIA_SERVER_API", f"http://127.0.0.1:{free_port()}")
    settings.cache_clear()


@pytest.fixture
async def relay(db: Database, world: World, ports: tuple[int, int], nginx_chosen: None) -> AsyncIterator[Relay]:
    """The relay, which listens to no encoder itself."""
    async with running(db, "127.0.0.1", *ports) as found:
        yield found


@pytest.fixture
def nginx_asks(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """How often it asks whether a sender may go on, in seconds: never within a test, unless one says so."""
    monkeypatch.setattr(nginx_rtmp, "ASKS_SECONDS", getattr(request, "param", 600))


@pytest.fixture
async def nginx(nginx_chosen: None, nginx_asks: None, tmp_path: Path) -> AsyncIterator[Nginx]:
    """The media server."""
    made = Nginx(tmp_path)
    await made.start()
    yield made
    await made.stop()


async def hear(what: str, **fields: str) -> int:
    """What the hook door says to this form."""
    async with ClientSession() as http, http.post(hook_address(what), data=fields) as answer:
        return answer.status


async def play_there(address: str, stream: str, ticket: str) -> None:
    """Plays at the media server until it ends."""
    async with pulled(address, stream, ticket) as pull:
        async for _ in pull.messages():
            pass


@pytest.mark.parametrize("nginx_asks", [1], indirect=True)
async def test_what_it_takes_in_is_watched_through_our_ticket_and_cut_off_with_it(
    desk: Seat, nginx: Nginx, relay: Relay, stream: Body, address: str, encoder: Encoder, db: Database
) -> None:
    assert (await findings(desk, stream))["ingest"]["code"] == "ingest.idle"
    await encoder.send(address)
    watched_at = await play_address(desk, stream)
    async with watching(watched_at) as eye:
        assert (await eye.until("begin"))["codec"].startswith("avc1.")
        assert len(await eye.pictures(30)) == 30
        assert [look.ended_at for look in await viewings(db)] == [None]
        assert await answer_at(watched_at) == (403, "video.ticket_used")
        found = await findings(desk, stream)
        assert (found["ingest"]["code"], found["ingest"]["figures"]["server"]) == ("ingest.good", "nginx-rtmp")
        assert found["sender"]["figures"]["protocol"] == "rtmp-pulled"
        await finds(desk, stream, "store", "store.good")
        assert relay.counts.refused == {"video.ticket_used": 1}  # asked once a second, nginx heard yes
        await desk.post(f"/streams/{stream['id']}/close", {"reason": "示例结束"})
        await relay.ask_again()
        assert await eye.end_code() == 4403
    assert (await encoder.said())[0] != 0
    assert await NginxRtmp().running() == set()


async def test_wrong_tickets_are_refused_there_and_counted_here(
    desk: Seat, nginx: Nginx, relay: Relay, stream: Body, address: str, encoder: Encoder
) -> None:
    base = address.partition("?")[0]
    read_ticket = (await play_address(desk, stream)).partition("ticket=")[2]
    for wrong in (base, f"{base}?ticket={read_ticket}", address.replace(stream["id"], "nothing")):
        await encoder.send(wrong)
        assert (await encoder.said())[0] != 0, wrong
    # nobody but the relay plays there, not even with a good ticket to watch
    for ticket in ("", read_ticket, address.partition("ticket=")[2]):
        with pytest.raises(PullRefused):
            await play_there(base.rpartition("/")[0], stream["id"], ticket)
    assert relay.counts.refused == {"video.ticket_invalid": 6}
    assert (await desk.get(f"/streams/{stream['id']}"))["state"] == "offline"


async def test_a_server_that_is_killed_comes_back_and_the_picture_with_it(
    desk: Seat,
    nginx: Nginx,
    relay: Relay,
    stream: Body,
    address: str,
    encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(relay_module, "GRACE_SECONDS", 0.1)
    await encoder.send(address)
    async with watching(await play_address(desk, stream)) as eye:
        await eye.pictures(10)
        await nginx.kill()
        await eye.until("gone")
        await state_is(desk, stream, "offline")
        assert (await findings(desk, stream))["ingest"]["code"] == "ingest.away"
        await encoder.said()
        await nginx.start()
        await encoder.send(address)  # as an encoder dials again
        await eye.until("begin")
        assert len(await eye.pictures(10)) == 10
        second = Encoder()
        await second.send(address)  # and takes the place of its own dead connection
        assert (await encoder.said())[0] != 0
        await eye.until("begin")
        assert len(await eye.pictures(10)) == 10
        await second.stop()
        await eye.until("gone")


async def test_a_relay_started_anew_takes_up_what_is_sent_meanwhile(
    desk: Seat, db: Database, world: World, nginx: Nginx, ports: tuple[int, int], encoder: Encoder
) -> None:
    """The server asks again with the ticket that was dialled with; the encoder notices nothing."""
    async with running(db, "127.0.0.1", *ports):
        stream = await desk.post("/streams", {"kind": "drone", "title": "示例无人机"})
        ticket = await desk.post(f"/streams/{stream['id']}/publish_ticket")
        address = ticket["addresses"][0]["url"].replace("//test:", "//127.0.0.1:")
        await encoder.send(address)
        await state_is(desk, stream, "live")
    async with running(db, "127.0.0.1", *ports), watching(await play_address(desk, stream)) as eye:
        await eye.until("gone")
        # what nginx asks every few seconds, at a moment that this test chooses
        asked = {"call": "update_publish", "name": stream["id"], "ticket": address.partition("ticket=")[2]}
        assert await hear("ask", **asked) == 200
        assert len(await eye.pictures(5)) == 5
        await state_is(desk, stream, "live")
    assert encoder.process is not None
    assert encoder.process.returncode is None


async def test_h265_is_cut_off_there_and_told_in_words(
    desk: Seat, nginx: Nginx, relay: Relay, stream: Body, address: str
) -> None:
    await send_until_cut_off(address, bytes([0x1C, 0, 0, 0, 0]) + bytes(20))

    async def said() -> bool:
        return bool((await desk.get(f"/streams/{stream['id']}"))["fault"] == "video.h265")

    await until(said)
    assert relay.counts.refused == {"video.h265": 1}


async def test_a_server_that_never_asks_is_found_and_its_pictures_are_seen_by_nobody(
    desk: Seat, nginx: Nginx, relay: Relay, stream: Body, address: str, encoder: Encoder
) -> None:
    await nginx.kill()
    said = NginxRtmp().configuration().splitlines()
    await nginx.start("\n".join(line for line in said if hook_secret() not in line))
    await encoder.send(address.partition("?")[0])
    finding = await finds(desk, stream, "ingest", "ingest.never_asked")
    assert finding["level"] == "bad"
    async with watching(await play_address(desk, stream)) as eye:
        await eye.until("gone")
    assert relay.hub.live == 0
    await NginxRtmp().stop(stream["id"])
    assert (await encoder.said())[0] != 0


async def test_the_hook_door_knows_its_server(relay: Relay, nginx_chosen: None) -> None:
    async with ClientSession() as http:
        for wrong in ("", "x" * 43, "é", hook_secret()[:-1]):
            async with http.post(hook_address("ask").replace(hook_secret(), wrong), data={"call": "publish"}) as answer:
                assert answer.status in (403, 404)
                if answer.status == 403:
                    assert (await answer.json())["code"] == "video.hook_stranger"
        for body in (b"\xff" * 100, b"[]", b"{", b"x" * 100_000, b'{"call": 5}', b'{"call": "dance"}'):
            async with http.post(
                hook_address("ask"), data=body, headers={"content-type": "application/json"}
            ) as answer:
                assert answer.status == 422, body[:20]
    assert await hear("ask", call="publish", name="nothing", ticket="x") == 403
    assert await hear("ask", call="update_play", name="nothing") == 403
    assert await hear("ask", call="play_done", name="nothing") == 200
    assert relay.counts.refused == {
        "video.hook_stranger": 3, "video.protocol_broken": 6, "video.ticket_invalid": 2,
    }  # fmt: skip


@trying(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=400), kind=st.sampled_from(["application/x-www-form-urlencoded", "application/json", "x/y"])
)
async def test_garbage_at_the_hook_door_harms_nothing(relay: Relay, body: bytes, kind: str) -> None:
    async with (
        ClientSession() as http,
        http.post(hook_address("ask"), data=body, headers={"content-type": kind}) as answer,
    ):
        assert answer.status in (200, 403, 422)
    assert relay.hub.live == 0
