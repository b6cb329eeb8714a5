"""Live pictures: how old each is on the pixels of the wall, and what a stream and a viewer cost the relay."""

from __future__ import annotations

import asyncio
import os
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

import aiohttp
import httpx
from playwright.async_api import Page, async_playwright

from benchmarks.film import CELL, CELLS, FRAMES, RATE, make_film, send
from benchmarks.phone_picture import LAP, live_phone, send_two, stream_of
from benchmarks.report import last_line, machine, spread, table
from benchmarks.rig import Rig, rig
from liandong.demo.people import demo_password
from liandong.demo.people_at_work import Person, sign_in
from tools.setup_browser import browser

PORT, MEDIA_PORT, RTMP_PORT = 18430, 18440, 18441
STREAMS = int(os.environ.get("BENCH_VIDEO_STREAMS", "2"))
VIEWERS = int(os.environ.get("BENCH_VIDEO_VIEWERS", "20"))
SECONDS = int(os.environ.get("BENCH_VIDEO_SECONDS", "15"))
PROTOTYPE_MS = {"p50": 107, "p95": 123}
PROTOTYPE_PHONE_MS = {"p50": 134, "p95": 166}
FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required"]  # fmt: skip
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


async def main() -> None:
    """Measure and print."""
    ran_on = machine()
    async with rig(PORT) as running, AsyncExitStack() as ends:
        os.environ |= {"LIANDONG_MEDIA_PORT": str(MEDIA_PORT), "LIANDONG_RTMP_PORT": str(RTMP_PORT)}
        await running.serve()
        running.start("relay", "media")
        film = running.home / "film.flv"
        await asyncio.to_thread(make_film, film)
        http = await ends.enter_async_context(httpx.AsyncClient(base_url=f"http://127.0.0.1:{PORT}", timeout=30))
        desk = await sign_in(http, "huaiyin", demo_password(running.home))
        streams = [await desk.post("/streams", {"kind": "encoder", "title": f"示例 {n}"}) for n in range(STREAMS)]
        await _until_relay_is_up()
        figures = await _measured(running, desk, streams, film)
        figures["phone"] = await _from_phone(running, desk)
    _print(figures)
    last_line({"video": {**figures, "machine": ran_on}})


async def _until_relay_is_up() -> None:
    async with asyncio.timeout(30), httpx.AsyncClient() as http:
        while True:
            with suppress(httpx.TransportError):
                await http.get(f"http://127.0.0.1:{MEDIA_PORT}/health")
                return
            await asyncio.sleep(0.1)


async def _measured(running: Rig, desk: Person, streams: list[dict[str, Any]], film: Path) -> dict[str, Any]:
    sent: list[list[float]] = [[] for _ in streams]
    sending = []
    for stream, moments in zip(streams, sent, strict=True):
        ticket = await desk.post(f"/streams/{stream['id']}/publish_ticket", {})
        sending.append(asyncio.create_task(send(ticket["addresses"][0]["url"], film, moments)))
    try:
        await asyncio.sleep(2)
        for task in sending:
            if task.done():
                task.result()
        ingest = await _cpu_of_relay(running, asyncio.sleep(SECONDS))
        seen = await _on_the_wall(running, streams[0]["id"])
        async with aiohttp.ClientSession() as http:
            watching = [asyncio.create_task(_watch(http, desk, streams[n % STREAMS]["id"])) for n in range(VIEWERS)]
            await asyncio.sleep(3)
            fan_out = await _cpu_of_relay(running, asyncio.sleep(SECONDS))
            for task in watching:
                task.cancel()
            frames = await asyncio.gather(*watching)
    finally:
        for task in sending:
            task.cancel()
        await asyncio.gather(*sending, return_exceptions=True)
    ages = [_age(number, at, sent[0]) for number, at in seen]
    return {
        "streams": STREAMS, "viewers": VIEWERS, "shown_frames": len(ages), "shown_per_second": round(len(ages) / SECONDS, 1),
        "push_to_pixel_ms": spread(ages), "relay_cpu_ingest_per_stream": round(ingest / STREAMS, 4),
        "relay_cpu_with_viewers": round(fan_out, 4), "relay_cpu_per_viewer": round(max(0.0, fan_out - ingest) / VIEWERS, 4),
        "frames_per_viewer_second": round(sum(frames) / len(frames) / (SECONDS + 3), 1), "prototype_ms": PROTOTYPE_MS,
    }  # fmt: skip


async def _from_phone(running: Rig, desk: Person) -> dict[str, Any]:
    """From a phone's camera to the pixels of the wall: painted, encoded by WebCodecs, relayed, decoded, shown."""
    task_id = await send_two(desk)
    address, password = f"http://127.0.0.1:{PORT}", demo_password(running.home)
    async with live_phone(address, password, task_id, FLAGS) as phone:
        seen = await _on_the_wall(running, await stream_of(desk, task_id))
        painted: list[float] = await phone.evaluate("window.painted")
        rate = await phone.locator("[data-test=live-state]").get_attribute("data-bitrate")
    ages = [_age(number, at, painted, LAP) for number, at in seen]
    return {
        "paint_to_pixel_ms": spread(ages), "shown_per_second": round(len(ages) / SECONDS, 1),
        "bits_per_second_asked": int(rate or 0), "prototype_ms": PROTOTYPE_PHONE_MS,
    }  # fmt: skip


def _age(number: int, shown_at: float, sent: list[float], lap: int = FRAMES) -> float:
    """How long ago the newest frame with this number had been sent when it was shown."""
    return min(shown_at - at for at in sent[number::lap] if at <= shown_at)


async def _cpu_of_relay(running: Rig, meanwhile: Any) -> float:
    """Cores that the relay used."""
    before = running.cpu()["relay"]
    await meanwhile
    return (running.cpu()["relay"] - before) / SECONDS


async def _watch(http: aiohttp.ClientSession, desk: Person, stream_id: str) -> int:
    """How many frames one viewer got until cancelled."""
    frames = 0
    ticket = await desk.post(f"/streams/{stream_id}/view_ticket", {})
    try:
        async with http.ws_connect(ticket["addresses"][0]["url"], max_msg_size=0) as socket:
            async for message in socket:
                frames += message.type is aiohttp.WSMsgType.BINARY
    except asyncio.CancelledError:
        pass
    return frames


async def _on_the_wall(running: Rig, stream_id: str) -> list[tuple[int, float]]:
    args = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=browser(), args=args)
        try:
            page = await chromium.new_page(viewport={"width": 1920, "height": 1080})
            await _open_wall(page, demo_password(running.home))
            video = page.locator(f"figure[data-stream='{stream_id}'][data-state=playing] video")
            element = await video.element_handle(timeout=30_000)
            found = await page.evaluate(READ, [element, CELLS, CELL, SECONDS])
            return [(int(number), float(at)) for number, at in found]
        finally:
            await chromium.close()


async def _open_wall(page: Page, password: str) -> None:
    await page.goto(f"http://127.0.0.1:{PORT}/screen/")
    await page.locator("input[name=login]").fill("wall")
    await page.locator("input[name=password]").fill(password)
    await page.get_by_role("button", name="登录", exact=True).click()
    await page.locator("header nav button").nth(1).click()


def _print(figures: dict[str, Any]) -> None:
    age, phone = figures["push_to_pixel_ms"], figures["phone"]
    table(
        f"{STREAMS} streams of 1280x720, {RATE} frames a second, 2 Mbit/s: RTMP in, fragmented MP4 to the wall",
        [
            ("from push to pixel p50", age["p50"], f"ms  (prototype {PROTOTYPE_MS['p50']})"),
            ("from push to pixel p95", age["p95"], f"ms  (prototype {PROTOTYPE_MS['p95']})"),
            ("shown on the wall", figures["shown_per_second"], "frames/s"),
            ("relay CPU, taking one stream in", figures["relay_cpu_ingest_per_stream"], "cores"),
            ("relay CPU, one viewer", figures["relay_cpu_per_viewer"], "cores"),
            (f"each of {VIEWERS} viewers got", figures["frames_per_viewer_second"], "frames/s"),
        ],
    )
    table(
        f"A phone: 1280x720, {RATE} painted a second, WebCodecs over a WebSocket, fragmented MP4 to the wall",
        [
            (
                "from paint to pixel p50",
                phone["paint_to_pixel_ms"]["p50"],
                f"ms  (prototype {PROTOTYPE_PHONE_MS['p50']})",
            ),
            (
                "from paint to pixel p95",
                phone["paint_to_pixel_ms"]["p95"],
                f"ms  (prototype {PROTOTYPE_PHONE_MS['p95']})",
            ),
            ("shown on the wall", phone["shown_per_second"], "frames/s"),
        ],
    )


if __name__ == "__main__":
    asyncio.run(main())
