"""Browsers by WebRTC: a real Chromium sends its camera by WHIP and watches by WHEP; what is wrong is turned away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import psutil
import pytest
from playwright.async_api import Page

from liandong.wires.mediaserver import whep, whip
from liandong.wires.mediaserver.relay import Relay
from tests.seat import Body, Seat
from tests.story.faces.browser import FAKE_MEDIA, open_browser
from tests.wires.mediaserver.encoder import H264, Encoder

CONNECT = """async (connection, url) => {
  await connection.setLocalDescription(await connection.createOffer());
  const body = connection.localDescription.sdp, headers = { "content-type": "application/sdp" };
  const answer = await fetch(url, { method: "POST", body, headers });
  if (!answer.ok) return (await answer.json()).code;
  window.place = new URL(answer.headers.get("location"), url).href;
  await connection.setRemoteDescription({ type: "answer", sdp: await answer.text() });
  return "";
}"""
WATCH = f"""async (url) => {{
  const connection = (window.peer = new RTCPeerConnection());
  connection.addTransceiver("video", {{ direction: "recvonly" }});
  const video = Object.assign(document.createElement("video"), {{ muted: true, playsInline: true, autoplay: true }});
  document.body.append(video);
  connection.ontrack = ({{ track }}) => {{ video.srcObject = new MediaStream([track]); }};
  return ({CONNECT})(connection, url);
}}"""
SEND = f"""async (url) => {{
  const connection = (window.peer = new RTCPeerConnection());
  const camera = await navigator.mediaDevices.getUserMedia({{ video: {{ width: 640, height: 360 }}, audio: true }});
  for (const track of camera.getTracks()) connection.addTrack(track, camera);
  return ({CONNECT})(connection, url);
}}"""
SHOWN = "() => document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames"
SIZE = "() => [document.querySelector('video').videoWidth, document.querySelector('video').videoHeight]"
TELL = "async () => (await fetch(window.place, { method: 'POST', body: '{\"shown\": 5, \"dropped\": 0}' })).json()"
Addresses = Callable[[str, Body], Awaitable[dict[str, str]]]


@pytest.fixture
async def addresses(desk: Seat) -> Addresses:
    """Where a stream may be sent or watched now, by protocol."""

    async def found(act: str, stream: Body) -> dict[str, str]:
        ticket = await desk.post(f"/streams/{stream['id']}/{act}_ticket")
        return {one["protocol"]: one["url"].replace("//test:", "//127.0.0.1:") for one in ticket["addresses"]}

    return found


@pytest.fixture
async def page(relay: Relay, ports: tuple[int, int]) -> AsyncIterator[Page]:
    """A browser with a camera, at a page of the relay's own origin."""
    async with open_browser(*FAKE_MEDIA) as machine:
        found = await machine.phone(116.9, 36.6, hears=True)
        await found.goto(f"http://127.0.0.1:{ports[0]}/health")
        yield found


async def until(holds: Callable[[], bool]) -> None:
    """Nobody tells when the relay has heard of it."""
    async with asyncio.timeout(15):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def until_grows(page: Page, script: str, least: int = 0) -> int:
    """The figure once it is larger than this."""
    await page.wait_for_function(f"(least) => ({script})() > least", arg=least, polling=20)
    return int(await page.evaluate(script))


async def test_what_an_encoder_sends_is_watched_at_once_and_again_after_it_was_away(
    page: Page, relay: Relay, encoder: Encoder, stream: Body, address: str, addresses: Addresses
) -> None:
    await encoder.send(address)
    assert await page.evaluate(WATCH, (await addresses("view", stream))["whep"]) == ""
    seen = await until_grows(page, SHOWN)
    assert await page.evaluate(SIZE) == [320, 180]
    said = await page.evaluate(TELL)
    assert said["shows"] == "film"
    assert said["at_ms"] - said["zero_ms"] > 0
    await encoder.kill()
    await page.wait_for_function(f"async () => (await ({TELL})()).shows === 'gone'", polling=50)
    seen = int(await page.evaluate(SHOWN))
    await encoder.send(address)
    await until_grows(page, SHOWN, seen)
    (watching,) = relay.watching
    await page.evaluate("async () => (await fetch(window.place, { method: 'DELETE' })).ok")
    assert watching.is_gone and not relay.watching


async def test_a_camera_in_a_browser_is_sent_and_watched_by_either_way(
    page: Page, relay: Relay, stream: Body, addresses: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whip, "SILENT_SECONDS", 2.0)
    watcher = await page.context.new_page()
    await watcher.goto(page.url)
    assert await page.evaluate(SEND, (await addresses("publish", stream))["whip"]) == ""
    assert await watcher.evaluate(WATCH, (await addresses("view", stream))["whep"]) == ""
    await until_grows(watcher, SHOWN, 5)
    assert await watcher.evaluate(SIZE) == [640, 360]
    channel = relay.hub.channel(next(iter(relay.sending)).session.stream_id)
    assert channel.begin is not None and channel.begin.configuration.codec.startswith("avc1.42")
    await page.evaluate("() => window.peer.close()")
    await until(lambda: not relay.sending)  # a browser that leaves without a word is missed by its silence


@pytest.mark.parametrize("act", ["whep", "whip"])
async def test_without_the_right_ticket_or_offer_there_is_no_connection(
    act: str, relay: Relay, stream: Body, addresses: Addresses
) -> None:
    given, wrong = ("view", "publish") if act == "whep" else ("publish", "view")
    good = (await addresses(given, stream))[act]
    ticket = next(iter((await addresses(wrong, stream)).values())).split("ticket=")[1]
    sdp = {"content-type": "application/sdp"}
    async with aiohttp.ClientSession() as session:

        async def asked(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
            async with session.post(url, data=body, headers=headers) as answer:
                return answer.status, (await answer.json(content_type=None))["code"]

        assert await asked(good, b"v=0", {"content-type": "text/plain"}) == (422, "video.offer_broken")
        assert await asked(good, b"v" * 70_000, sdp) == (422, "video.offer_broken")
        assert await asked(f"{good.split('=')[0]}={ticket}", b"v=0", sdp) == (403, "video.ticket_invalid")
        assert await asked(good, b"not an offer \xff", sdp) == (422, "video.offer_broken")
        assert (await asked(good, b"v=0\r\nnonsense", sdp))[1] in ("video.offer_broken", "video.ticket_used")
    assert not relay.watching and not relay.sending
    assert relay.counts.refused["video.offer_broken"] >= 3


async def test_frames_in_two_directions_have_no_place_in_it(
    page: Page, relay: Relay, encoder: Encoder, stream: Body, address: str, addresses: Addresses
) -> None:
    await encoder.send(
        address, *(word for word in H264 if word not in ("-tune", "zerolatency")), "-preset", "fast", "-bf", "2"
    )
    assert await page.evaluate(WATCH, (await addresses("view", stream))["whep"]) == ""
    await until(lambda: relay.counts.refused["video.not_by_webrtc"] > 0)
    assert not relay.watching


async def test_whoever_leaves_without_a_word_is_missed(
    page: Page,
    relay: Relay,
    encoder: Encoder,
    stream: Body,
    address: str,
    addresses: Addresses,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await encoder.send(address)
    never = (
        "async (url) => { window.RTCPeerConnection.prototype.setRemoteDescription = async () => {}; return ("
        + WATCH
        + ")(url); }"
    )
    with monkeypatch.context() as hasty:
        hasty.setattr(whep, "CONNECT_SECONDS", 0.5)
        assert await page.evaluate(never, (await addresses("view", stream))["whep"]) == ""
    assert len(relay.watching) <= 1
    await until(lambda: not relay.watching)
    await page.reload()
    assert await page.evaluate(WATCH, (await addresses("view", stream))["whep"]) == ""
    await until_grows(page, SHOWN)
    await page.close()
    await until(lambda: not relay.watching)


async def test_when_the_program_breaks_it_is_started_again(
    page: Page, relay: Relay, encoder: Encoder, stream: Body, address: str, addresses: Addresses
) -> None:
    await encoder.send(address)
    assert await page.evaluate(WATCH, (await addresses("view", stream))["whep"]) == ""
    await until_grows(page, SHOWN)
    (program,) = (one for one in psutil.Process().children() if "webrtc.mjs" in " ".join(one.cmdline()))
    program.kill()
    await until(lambda: not relay.watching)
    await page.reload()
    assert await page.evaluate(WATCH, (await addresses("view", stream))["whep"]) == ""
    await until_grows(page, SHOWN)
