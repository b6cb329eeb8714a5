"""An officer shows what he sees: one tap on a real browser with a camera, a tile on the wall, and every leg comes back."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Locator, Page, expect

from liandong.demo.people_at_work import sign_in
from tests.ports import free_ports
from tests.story.faces import browser as browsers
from tests.story.faces.browser import FAKE_MEDIA, Machine
from tests.story.faces.house import UP_WITHIN_S, House, Server, end, run_relay
from tests.story.faces.office import Desk
from tests.story.faces.pocket import Pocket
from tests.story.faces.thin_link import ThinLink
from tests.story.faces.wall import Wall
from tests.story.test_recorders import no_sideways, send_two
from tests.story.test_wall import BACK_WITHIN_MS, MOVES, NEXT_FRAME
from tests.wires.mediaserver.encoder import Encoder

BROWSER_FLAGS = (*FAKE_MEDIA, "--autoplay-policy=no-user-gesture-required")
TASK = "示例：现场直播核查"
THIN_BYTES_S = 9_000
"""72 kbit/s: too little for the thinnest film, enough for a still every few seconds."""
BLOCK_SOCKETS = """
const Real = window.WebSocket;
window.WebSocket = class extends Real { constructor(url) { super(url.includes("/play/") ? "ws://127.0.0.1:9/" : url); } };
"""
FALLS_BACK_MS, RETURNS_MS = 40_000, 60_000
KEPT = os.environ.get("KEEP_PICTURES_IN")
"""Where pictures of the faces are left for somebody to look at."""


@dataclass
class Site:
    """A phone on site, a wall, and the line between them."""

    house: House
    server: Server
    wall: Page
    phone: Pocket
    link: ThinLink
    env: dict[str, str]
    relay: asyncio.subprocess.Process | None = None

    async def start_relay(self) -> None:
        """Afterwards the relay runs."""
        self.relay = await run_relay(self.house.home, self.env)

    @property
    def tile(self) -> Locator:
        """The officer's picture on the wall."""
        return self.wall.locator("figure", has_text="现场 · 示例槐荫01")

    async def plays(self) -> None:
        """Film moves on the wall, and its age is told."""
        await expect(self.tile).to_have_attribute("data-state", "playing", timeout=RETURNS_MS)
        await expect(self.tile.locator("img.still")).to_have_count(0)
        assert await self.tile.locator("video").evaluate(MOVES) > 3
        await expect(self.tile.locator(".age")).to_contain_text("延迟")

    async def is_back_soon(self) -> None:
        """Once the phone's new frames reach the relay, the wall shows them within a second."""
        async with asyncio.timeout(UP_WITHIN_S), httpx.AsyncClient() as http:
            health = f"http://127.0.0.1:{self.env['LIANDONG_MEDIA_PORT']}/health"
            while True:
                if (await http.get(health)).json()["live"]:
                    break
                await asyncio.sleep(0.02)  # nobody tells this test when the phone is back
        sent = time.monotonic()
        await self.tile.locator("video").evaluate(NEXT_FRAME)
        assert (time.monotonic() - sent) * 1000 < BACK_WITHIN_MS
        await expect(self.tile).to_have_attribute("data-way", "ws-fmp4")
        await self.plays()

    async def keep_picture(self, name: str) -> None:
        """Both faces as they are now, for whoever wants to look."""
        if KEPT:
            await self.wall.screenshot(path=Path(KEPT) / f"{name}-wall.png")
            await self.phone.page.screenshot(path=Path(KEPT) / f"{name}-phone.png")


@pytest.fixture
async def site(house: House, machine: Machine) -> AsyncIterator[Site]:
    port, media, rtmp, line = free_ports(4)
    env = {
        "LIANDONG_MEDIA_PORT": str(media),
        "LIANDONG_RTMP_PORT": str(rtmp),
        "LIANDONG_MEDIA_URL": f"ws://127.0.0.1:{line}",
        "LIANDONG_RECORDING_SPARE_GB": "0",  # a test machine may be nearly full
    }
    server, link = Server(house.home, port, env=env), ThinLink(line, media)
    await server.start()
    await link.open()
    wall = await machine.seat(browsers.SCREEN)
    phone = Pocket(await machine.phone(lon=116.9, lat=36.65, hears=True), server.address)
    made = Site(house, server, wall, phone, link, env)
    try:
        await made.start_relay()
        yield made
    finally:
        await wall.context.close()
        await phone.page.context.close()
        await link.close()
        await asyncio.gather(end(made.relay), end(server.process))


async def on_site(site: Site, title: str) -> None:
    """The officer has arrived, and the wall shows its pictures."""
    async with httpx.AsyncClient(base_url=site.server.address) as office:
        answer = await office.post("/api/session", json={"login": "huaiyin", "password": site.house.password})
        assert answer.is_success, answer.text
        await send_two(office, "routine", title)
    await Wall(site.wall, site.server.address).sign_in("wall", site.house.password)
    await site.wall.keyboard.press("v")
    await site.phone.sign_in("huaiyin01", site.house.password)
    await site.phone.prepare(title)
    await site.phone.accept()
    await site.phone.arrive()
    total = await site.phone.total()
    await site.phone.counts(total=total, accepted=total)


async def test_one_tap_shows_the_site_on_the_wall_and_every_leg_comes_back(site: Site) -> None:
    await on_site(site, TASK)
    phone, state = site.phone, site.phone.on("live-state")
    await phone.on("tool-live").click()
    await expect(state).to_have_attribute("data-state", "live")
    await site.plays()
    await expect(site.tile).to_contain_text("手机")
    await expect(site.tile).to_contain_text("槐荫")
    await expect(phone.on("live-viewers")).to_contain_text("1 人在看")
    await no_sideways(phone.page)
    await site.keep_picture("film")

    await phone.page.get_by_role("button", name="返回").click()
    await expect(phone.on("live-strip")).to_contain_text("正在直播")
    await site.keep_picture("strip")
    await site.plays()
    await phone.on("live-strip").click()

    await site.link.cut()  # both browsers lose the line at once
    await site.is_back_soon()
    await expect(state).to_have_attribute("data-state", "live")

    assert site.relay is not None
    site.relay.kill()
    await site.relay.wait()
    await expect(state).to_contain_text("自动重连中")
    await expect(site.tile).to_contain_text("自动重连中")
    await site.start_relay()
    await site.is_back_soon()
    await expect(state).to_have_attribute("data-state", "live")

    site.link.up_bytes_s = THIN_BYTES_S
    await expect(site.tile).to_have_attribute("data-state", "stills", timeout=FALLS_BACK_MS)
    await expect(site.tile.locator(".age")).to_contain_text("静态画面")
    await expect(state).to_contain_text("网络弱")
    shown = await site.tile.locator("img.still").get_attribute("src")
    assert shown is not None
    await expect(site.tile.locator("img.still")).not_to_have_attribute("src", shown)  # another comes
    assert await site.tile.locator("img.still").evaluate("(still) => still.naturalWidth") == 640
    await site.keep_picture("stills")
    site.link.up_bytes_s = None
    await site.plays()

    await phone.on("live-stop").click()
    await expect(site.tile).to_have_attribute("data-state", "gone")
    await phone.on("tool-live").click()
    await site.tile.locator("video").evaluate(NEXT_FRAME)
    await site.plays()


async def test_a_phone_that_cannot_says_why(site: Site) -> None:
    context = site.phone.page.context
    await context.add_init_script("delete window.VideoEncoder")
    await on_site(site, "示例：不能直播的手机")
    await site.phone.on("tool-live").click()
    await expect(site.phone.on("live-why")).to_contain_text("不能编码视频")
    await site.keep_picture("unable")


NO_WEBRTC = "delete window.RTCPeerConnection;"


@pytest.mark.parametrize(
    ("missing", "way"),
    [
        ("delete window.MediaSource", "whep"),
        ("delete window.MediaSource;" + NO_WEBRTC, "hls"),
        (BLOCK_SOCKETS + NO_WEBRTC, "hls"),
    ],
    ids=["no-media-source", "nothing-but-hls", "no-socket"],
)
async def test_a_wall_that_cannot_play_the_first_way_plays_the_next(site: Site, missing: str, way: str) -> None:
    await site.wall.add_init_script(missing)
    async with httpx.AsyncClient(base_url=site.server.address) as http:
        desk = await sign_in(http, "huaiyin", site.house.password)
        stream = await desk.post("/streams", {"kind": "camera", "title": "示例备用播放"})
        ticket = await desk.post(f"/streams/{stream['id']}/publish_ticket", {})
        encoder = Encoder()
        try:
            await encoder.send(ticket["addresses"][0]["url"])
            await Wall(site.wall, site.server.address).sign_in("wall", site.house.password)
            await site.wall.keyboard.press("v")
            tile = site.wall.locator(f"figure[data-stream='{stream['id']}']")
            await expect(tile).to_have_attribute("data-state", "playing", timeout=RETURNS_MS)
            await expect(tile).to_have_attribute("data-way", way)
            assert await tile.locator("video").evaluate(MOVES) > 3
            await expect(tile.locator(".age")).to_contain_text("备用播放" if way == "hls" else "秒")
            await site.keep_picture(way)
        finally:
            await encoder.stop()
            await desk.post(f"/streams/{stream['id']}/close", {"reason": "示例"})


async def test_the_office_says_which_leg_failed(site: Site, machine: Machine) -> None:
    page = await machine.seat((1366, 768))
    desk = Desk(page, site.server.address)
    encoder = Encoder()
    async with httpx.AsyncClient(base_url=site.server.address) as http:
        person = await sign_in(http, "huaiyin", site.house.password)
        stream = await person.post("/streams", {"kind": "encoder", "title": "示例指挥车编码器"})
        ticket = await person.post(f"/streams/{stream['id']}/publish_ticket", {})
        await person.post("/streams", {"kind": "drone", "title": "示例未推送的无人机"})
    await desk.sign_in("huaiyin", site.house.password)
    await page.get_by_role("link", name="视频诊断").click()
    card = page.locator(f"article[data-stream='{stream['id']}']")

    async def finds(leg: str, code: str, words: str) -> None:
        """This leg says so."""
        found = card.locator(f"li[data-leg='{leg}']")
        await expect(found).to_have_attribute("data-code", code, timeout=RETURNS_MS)
        await expect(found).to_contain_text(words)

    try:
        await finds("sender", "sender.never", "从未有画面送达")
        await encoder.send(ticket["addresses"][0]["url"])
        await finds("sender", "sender.good", "RTMP")
        await finds("store", "store.good", "已录到")
        if KEPT:
            await page.screenshot(path=Path(KEPT) / "doctor.png")
        await encoder.kill()
        await finds("sender", "sender.gone", "发送端已断开")
        assert site.relay is not None
        site.relay.kill()
        await site.relay.wait()
        await finds("control", "control.away", "连不上视频服务")
        if KEPT:
            await page.screenshot(path=Path(KEPT) / "doctor-away.png")
    finally:
        await encoder.stop()
        await page.context.close()


async def test_a_phone_without_a_track_processor_sends_too_and_one_that_was_closed_begins_again(site: Site) -> None:
    await site.phone.page.context.add_init_script("delete window.MediaStreamTrackProcessor")  # as Safari is
    await on_site(site, "示例：另一种手机")
    tile = site.wall.locator("figure", has_text="示例：另一种手机")
    await site.phone.on("tool-live").click()
    await expect(tile).to_have_attribute("data-state", "playing", timeout=RETURNS_MS)
    assert await tile.locator("video").evaluate(MOVES) > 3
    await site.phone.page.reload()  # the app was closed: the camera with it
    await expect(tile).to_have_attribute("data-state", "playing", timeout=RETURNS_MS)
    assert await tile.locator("video").evaluate(MOVES) > 3
