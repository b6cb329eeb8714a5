"""An installation with a relay, streams that a sender sends to the moment, and those who look at them."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
from playwright.async_api import Browser, Locator, Page, async_playwright

from benchmarks.film import CELL, CELLS, FRAMES, make_film, send
from benchmarks.rig import Rig, rig
from liandong.demo.people import demo_password
from liandong.demo.people_at_work import Person, sign_in
from tools.setup_browser import browser

SETTLES_S = 3.0
"""A viewer that joins begins behind and catches up; what is measured is what comes after."""
PORT, MEDIA_PORT, RTMP_PORT = 18430, 18440, 18441
FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required"]  # fmt: skip
WALL, PAGE_MS = {"width": 1920, "height": 1080}, 30_000
# Frame numbers as they stand on the pixels of one video, each with the moment it was shown.
READ = """
async ([video, cells, cell, seconds]) => {
  const canvas = document.createElement('canvas');
  canvas.width = cells * cell; canvas.height = cell;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  const found = [], ends = performance.now() + seconds * 1000;
  while (performance.now() < ends) {
    await new Promise((shown) => video.requestVideoFrameCallback(shown));
    const at = (performance.timeOrigin + performance.now()) / 1000;
    pen.drawImage(video, 0, 0, cells * cell, cell, 0, 0, cells * cell, cell);
    const row = pen.getImageData(0, cell / 2, cells * cell, 1).data;
    let number = 0;
    for (let bit = 0; bit < cells; bit++) if (row[4 * (bit * cell + cell / 2)] > 127) number |= 1 << bit;
    found.push([number, at]);
  }
  return found;
}
"""


@dataclass
class Sent:
    """One stream that is sent: its id, and the moment (Unix seconds) of each frame."""

    stream_id: str
    moments: list[float] = field(default_factory=list)
    work: asyncio.Task[None] | None = None


@dataclass
class VideoStage:
    """The installation while it runs."""

    rig: Rig
    desk: Person
    film: Path
    chromium: Browser

    async def stream(self, title: str) -> str:
        """A stream that nobody sends yet."""
        made = await self.desk.post("/streams", {"kind": "encoder", "title": title})
        return str(made["id"])

    async def address(self, act: str, stream_id: str, protocol: str) -> str:
        """Where it is sent or watched by this protocol."""
        ticket = await self.desk.post(f"/streams/{stream_id}/{act}_ticket", {})
        return next(str(one["url"]) for one in ticket["addresses"] if one["protocol"] == protocol)

    async def send(self, sent: Sent) -> None:
        """The film is sent over and over by RTMP, until its work is cancelled."""
        sent.work = asyncio.create_task(
            send(await self.address("publish", sent.stream_id, "rtmp"), self.film, sent.moments)
        )

    async def wall(self) -> Page:
        """A page of the wall, with every live stream on it."""
        page = await self.chromium.new_page(viewport=WALL)  # type: ignore[arg-type]
        page.set_default_timeout(PAGE_MS)
        await page.goto(f"http://127.0.0.1:{PORT}/screen/")
        await page.locator("input[name=login]").fill("wall")
        await page.locator("input[name=password]").fill(demo_password(self.rig.home))
        await page.get_by_role("button", name="登录", exact=True).click()
        await page.locator("header nav").wait_for()
        await page.keyboard.press("v")
        return page

    async def relay_is_up(self) -> None:
        """The relay answers."""
        async with asyncio.timeout(30), httpx.AsyncClient() as http:
            while True:
                with suppress(httpx.TransportError):
                    await http.get(f"http://127.0.0.1:{MEDIA_PORT}/health")
                    return
                await asyncio.sleep(0.02)

    def relay(self) -> psutil.Process:
        """The relay that runs."""
        return psutil.Process(self.rig.programs["relay"][-1].pid)

    async def cores(self, meanwhile: Awaitable[Any]) -> dict[str, float]:
        """Cores that the relay and what it started used meanwhile."""
        before, began = self._used(), time.monotonic()
        await meanwhile
        after, took = self._used(), time.monotonic() - began
        return {name: round((after[name] - before[name]) / took, 4) for name in after}

    def _used(self) -> dict[str, float]:
        relay = self.relay()
        found = {"relay": sum(relay.cpu_times()[:2]), "webrtc": 0.0}
        for child in relay.children():
            with suppress(psutil.NoSuchProcess):
                found["webrtc"] += sum(child.cpu_times()[:2])
        return found


@asynccontextmanager
async def video_stage(*flags: str) -> AsyncIterator[VideoStage]:
    """The installation with its relay; one browser looks."""
    async with rig(PORT) as running, AsyncExitStack() as ends:
        os.environ |= {"LIANDONG_MEDIA_PORT": str(MEDIA_PORT), "LIANDONG_RTMP_PORT": str(RTMP_PORT)}
        await running.serve()
        running.start("relay", "media")
        film = running.home / "film.flv"
        await asyncio.to_thread(make_film, film)
        http = await ends.enter_async_context(httpx.AsyncClient(base_url=f"http://127.0.0.1:{PORT}", timeout=30))
        desk = await sign_in(http, "huaiyin", demo_password(running.home))
        playwright = await ends.enter_async_context(async_playwright())
        args = [*FLAGS, *flags, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        chromium = await playwright.chromium.launch(executable_path=browser(), args=args)
        ends.push_async_callback(chromium.close)
        stage = VideoStage(running, desk, film, chromium)
        await stage.relay_is_up()
        yield stage


def tile(page: Page, stream_id: str, way: str = "ws-fmp4") -> Locator:
    """The video of this stream as it plays on the wall."""
    return page.locator(f"figure[data-stream='{stream_id}'][data-state=playing][data-way='{way}'] video").first


async def make_large(page: Page, stream_id: str, way: str) -> Locator:
    """This stream plays large on the wall, by this way."""
    await page.locator(f"figure[data-stream='{stream_id}']").last.click()
    if way == "whep":
        await page.get_by_role("button", name="低延迟").click()
    return page.locator(f"figure.large[data-stream='{stream_id}'][data-state=playing][data-way='{way}'] video")


async def read(video: Locator, seconds: float) -> list[tuple[int, float]]:
    """The frame numbers seen on its pixels, each with its moment (Unix seconds)."""
    element = await video.element_handle(timeout=PAGE_MS)
    await asyncio.sleep(SETTLES_S)
    found = await video.page.evaluate(READ, [element, CELLS, CELL, seconds])
    return [(int(number), float(at)) for number, at in found]


def ages(seen: list[tuple[int, float]], sent: list[float], lap: int = FRAMES) -> list[float]:
    """How long ago (s) the newest frame with each number had been sent when it was shown."""
    return [min((at - one for one in sent[number::lap] if one <= at), default=float("inf")) for number, at in seen]
