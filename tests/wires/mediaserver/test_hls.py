"""HLS from the relay: an independent player plays it, a ticket opens it, and what is asked no more has ended."""

from __future__ import annotations

import asyncio
import re
from itertools import count
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from liandong.kernel.db import Database
from liandong.means.channels.hub import Channel, Session, Still
from liandong.means.channels.shelf import KEPT, PART_MS, Shelf
from liandong.means.film.flv import VideoTag
from liandong.means.film.packets import StillPicture
from liandong.means.film.timeline import Timeline
from liandong.wires.mediaserver import hls as hls_module
from liandong.wires.mediaserver.relay import Relay
from tests.seat import Body, Seat
from tests.story.faces.browser import open_browser
from tests.wires.mediaserver.encoder import Encoder, ffmpeg
from tests.wires.mediaserver.sample import AVCC_360P, AVCC_1080P, STREAM_ID, configuration_tag, frame_tag
from tests.wires.mediaserver.test_relay import state_is, until, viewings
from tools.setup_common import ROOT

PLAYER = ROOT / "apps" / "node_modules" / "hls.js" / "dist" / "hls.min.js"
PLAY = """(url) => {
  window.video = document.body.appendChild(document.createElement("video"));
  video.muted = true;
  window.player = new Hls({ lowLatencyMode: true, maxLiveSyncPlaybackRate: 1.5 });
  player.loadSource(url);
  player.attachMedia(video);
  player.on(Hls.Events.MANIFEST_PARSED, () => void video.play());
}"""


async def hls_address(seat: Seat, stream: Body) -> str:
    """Where this person may watch the stream by HLS now."""
    ticket = await seat.post(f"/streams/{stream['id']}/view_ticket")
    [url] = [one["url"] for one in ticket["addresses"] if one["protocol"] == "hls"]
    return str(url).replace("//test:", "//127.0.0.1:")


async def get(address: str) -> tuple[int, bytes]:
    """Status and body."""
    async with aiohttp.ClientSession() as http, http.get(address) as answer:
        return answer.status, await answer.read()


async def test_an_independent_player_plays_it(
    desk: Seat, stream: Body, address: str, encoder: Encoder, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hls_module, "LEFT_SECONDS", 1.0)
    await encoder.send(address)
    await state_is(desk, stream, "live")
    words = (ffmpeg(), "-v", "warning", "-i", await hls_address(desk, stream), "-frames:v", "75", "-f", "framemd5", "-")
    player = await asyncio.create_subprocess_exec(
        *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    shown, said = await asyncio.wait_for(player.communicate(), 40)
    digests = re.findall(rb"^0,.*, ([0-9a-f]{32})$", shown, re.M)
    assert len(digests) == len(set(digests)) == 75, said  # frames that differ, none twice, none missing
    assert b"rror" not in said, said

    async def ended() -> bool:
        return (await viewings(db))[0].ended_at is not None

    await until(ended)  # nobody asked any more


async def test_a_player_that_knows_low_latency_waits_for_the_next_part(
    desk: Seat, stream: Body, address: str, encoder: Encoder, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    await encoder.send(address)
    await state_is(desk, stream, "live")
    first = await hls_address(desk, stream)
    _, body = await get(first)
    look = first.partition("index.m3u8")[0] + body.decode().split("\n")[-2]
    base = look.removesuffix("live.m3u8")
    seen: set[str] = set()
    _, playlist = await get(look)
    for _ in range(6):
        [hint] = re.findall(r'PRELOAD-HINT:TYPE=PART,URI="([^"]+)"', playlist.decode())
        number, place = hint.split(".")[:2]
        (status, playlist), (piece_status, piece) = await asyncio.gather(
            get(f"{look}?_HLS_msn={number}&_HLS_part={place}"), get(base + hint)
        )
        # of a stretch that ended meanwhile there is no such part; the playlist then names the next stretch
        named = set(re.findall(r'PART:DURATION=[\d.]+,URI="([^"]+)"', playlist.decode()))
        assert status == 200
        assert (piece_status == 200) == (hint in named)
        assert piece_status != 200 or len(piece) > 100
        assert not named <= seen
        seen |= named
    monkeypatch.setattr(hls_module, "WAIT_SECONDS", 0.3)
    for wrong in (
        "_HLS_part=1",
        "_HLS_msn=x",
        "_HLS_msn=-1",
        "_HLS_msn=99999",
        "_HLS_msn=1&_HLS_part=x",
        f"_HLS_msn={'9' * 5000}",
    ):
        assert (await get(f"{look}?{wrong}"))[0] in (400, 422), wrong[:30]
    assert (await get(f"{look}?_HLS_msn=1&_HLS_part=0"))[0] == 200  # long there
    ahead = re.findall(r"(\d+)\.m4s", playlist.decode())[-1]
    many = await asyncio.gather(*(get(f"{look}?_HLS_msn={int(ahead) + 2}") for _ in range(7)))
    assert sorted(status for status, _ in many) == [429] * 3 + [503] * 4
    assert relay.counts.refused["video.relay_full"] == 3


async def test_another_houses_player_in_a_real_browser_is_less_than_two_seconds_behind(
    desk: Seat, stream: Body, address: str, encoder: Encoder, ports: tuple[int, int]
) -> None:
    await encoder.send(address)
    await state_is(desk, stream, "live")
    async with open_browser() as machine:
        page = await machine.phone(116.9, 36.6, hears=False)
        await page.goto(f"http://127.0.0.1:{ports[0]}/health")
        await page.add_script_tag(path=PLAYER)
        await page.evaluate(PLAY, await hls_address(desk, stream))
        await page.wait_for_function("() => player.latency > 0 && player.latency < 2 && video.currentTime > 3")
        assert await page.evaluate("() => player.latestLevelDetails.partList.length") > 0
        assert await page.evaluate("() => video.getVideoPlaybackQuality().totalVideoFrames") > 50


async def test_only_a_ticket_opens_it(desk: Seat, stream: Body, address: str, encoder: Encoder, relay: Relay) -> None:
    unsent = await hls_address(desk, stream)
    assert (await get(unsent))[0] == 404  # nobody sends
    assert (await get(unsent))[0] == 403  # and the ticket is used
    await encoder.send(address)
    await state_is(desk, stream, "live")
    good = await hls_address(desk, stream)
    path, _, ticket = good.partition("?ticket=")
    for bad in ("", "garbage", address.partition("ticket=")[2]):
        assert (await get(f"{path}?ticket={bad}"))[0] == 403
    status, body = await get(good)
    again = await get(f"{path}?ticket={ticket}")
    assert (status, again) == (200, (200, body))  # players ask twice
    base = path.removesuffix("index.m3u8")
    look = body.decode().split("\n")[-2]
    status, playlist = await get(base + look)
    assert status == 200
    piece = next(line for line in playlist.decode().split("\n") if line.endswith(".m4s"))
    key = look.partition("/")[0]
    assert (await get(f"{base}{key}/{piece}"))[0] == 200
    assert (await get(f"{base}{key}/999.m4s"))[0] == 404
    assert (await get(f"{base}{key}/../../../etc/passwd"))[0] in (403, 404)
    assert (await get(f"{base}{'A' * len(key)}/{piece}"))[0] == 403
    await desk.post(f"/streams/{stream['id']}/close", {"reason": "示例"})
    await relay.ask_again()
    assert (await get(base + look))[0] == 403  # the right ended, and so did the look


def shelf_with(*tags: tuple[int, VideoTag | Still]) -> Shelf:
    """A shelf after these came."""
    clock = iter(range(1, 10**9))
    channel = Channel(STREAM_ID, Timeline(lambda: next(clock)))
    channel.open(Session(STREAM_ID, lambda why: None))
    channel.take(configuration_tag(), 0)
    shelf = channel.admit(Shelf(channel.timeline))
    for at, tag in tags:
        if isinstance(tag, Still):
            channel.take_still(tag)
        else:
            channel.take(tag, at)
    return shelf


def test_stretches_run_from_key_frame_to_key_frame() -> None:
    frames = [(at, frame_tag(is_key=at % 2000 == 0)) for at in range(0, 20_001, 500)]
    shelf = shelf_with(*frames)
    playlist = shelf.playlist()
    assert [one.duration_ms for one in shelf.stretches] == [2000] * KEPT
    assert "#EXT-X-TARGETDURATION:2\n" in playlist
    assert f"#EXT-X-MEDIA-SEQUENCE:{10 - KEPT + 1}\n" in playlist
    assert "#EXT-X-DISCONTINUITY\n" not in playlist
    for one in shelf.stretches:
        assert shelf.part(f"{one.number}.m4s") == one.data
    assert shelf.part("film1.mp4") is not None


def test_a_hole_is_said() -> None:
    still = Still(StillPicture(b"", 1, 1), 0.0)
    film = [(at, frame_tag(is_key=at % 2000 == 0)) for at in range(0, 4001, 500)]
    more = [(at, frame_tag(is_key=at % 2000 == 0)) for at in range(60_000, 64_001, 500)]
    shelf = shelf_with(*film, (0, still), *more)
    assert [one.follows_hole for one in shelf.stretches] == [False, False, False, True, False]
    # the frame behind a hole lasts 40 ms; what was open before it is kept as far as it came
    assert [one.duration_ms for one in shelf.stretches] == [1540, 2000, 500, 1540, 2000]
    assert shelf.playlist().count("#EXT-X-DISCONTINUITY\n") == 1


@trying(deadline=None, max_examples=60)
@given(st.lists(st.one_of(
    st.tuples(st.just("frame"), st.integers(1, 700), st.booleans()), st.just("still"), st.just("gone"), st.just("begin"),
), max_size=120))  # fmt: skip
def test_what_a_playlist_named_stays_what_it_was_and_numbers_never_go_back(steps: list[Any]) -> None:
    channel = Channel(STREAM_ID, Timeline(count(1).__next__))
    channel.open(session := Session(STREAM_ID, lambda why: None))
    channel.take(configuration_tag(), 0)
    shelf, at = channel.admit(Shelf(channel.timeline)), 0
    parts: dict[str, bytes] = {}
    whole: dict[str, bytes] = {}
    newest, first, holes = (0, 0), 0, 0
    for step in steps:
        if step == "still":
            channel.take_still(Still(StillPicture(b"", 1, 1), 0.0))
        elif step in ("gone", "begin"):
            channel.close(session)
            channel.open(session := Session(STREAM_ID, lambda why: None))
            channel.take(configuration_tag(AVCC_1080P if step == "begin" else AVCC_360P), 0)
        else:
            at += step[1]
            channel.take(frame_tag(is_key=step[2], size=20 + at % 50), at)
        playlist = shelf.playlist()
        for name in re.findall(r'PART:DURATION=[\d.]+,URI="([^"]+)"', playlist):
            data = shelf.part(name)
            assert data
            assert parts.setdefault(name, data) == data
        for name in re.findall(r"^(\d+\.m4s)$", playlist, re.M):
            data = shelf.part(name)
            assert data
            assert whole.setdefault(name, data) == data
            named = [part for part in parts if part.split(".")[0] == name.split(".")[0]]
            in_order = sorted(named, key=lambda part: int(part.split(".")[1]))
            assert not named or b"".join(parts[part] for part in in_order) == data
        numbers = re.findall(r"SEQUENCE:(\d+)", playlist) or ["0", "0"]
        assert (int(numbers[0]) >= first, int(numbers[1]) >= holes, shelf.newest >= newest) == (True, True, True)
        first, holes, newest = int(numbers[0]), int(numbers[1]), shelf.newest
        for duration, name in re.findall(r'PART:DURATION=([\d.]+),URI="([^"]+)"', playlist):
            frames = parts[name].count(b"moof")
            assert float(duration) <= PART_MS / 1000 or frames == 1
