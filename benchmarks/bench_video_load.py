"""Live pictures under load and over time: how many streams and viewers one relay holds, how soon each leg is back, whether anything grows."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import Any

import aiohttp
import psutil
from playwright.async_api import Locator, Page

from benchmarks.film import CELL, CELLS, FRAMES
from benchmarks.report import last_line, machine, table
from benchmarks.video_stage import PAGE_MS, READ, Sent, VideoStage, ages, make_large, read, tile, video_stage

SECONDS = int(os.environ.get("BENCH_VIDEO_SECONDS", "10"))
MINUTES = float(os.environ.get("BENCH_VIDEO_MINUTES", "1"))
STREAMS = int(os.environ.get("BENCH_VIDEO_STREAMS", "6"))
BY_SOCKET = [int(one) for one in os.environ.get("BENCH_VIDEO_VIEWERS", "24,60,120,240").split(",") if one]
BY_WHEP = [int(one) for one in os.environ.get("BENCH_VIDEO_WHEP", "6,12,24").split(",") if one]
AWAY_S = 3.0
EVERY_S = 10.0
WHEP_VIEWERS = Path(__file__).with_name("whep_viewers.mjs")


async def main() -> None:
    """Measure and print."""
    ran_on = machine()
    figures: dict[str, Any] = {}
    async with video_stage() as stage:
        sent = [Sent(await stage.stream(f"示例 {number}")) for number in range(STREAMS)]
        for one in sent:
            await stage.send(one)
        await asyncio.sleep(2)
        figures["ingest"] = await stage.cores(asyncio.sleep(SECONDS))
        figures["viewers"] = [await _by_socket(stage, sent, count) for count in BY_SOCKET]
        figures["whep_viewers"] = [await _by_whep(stage, sent, count) for count in BY_WHEP]
        await _end(sent[2:])
        figures["returns"] = [await _returns(stage, sent[:2], way) for way in ("ws-fmp4", "whep")]
        figures["soak"] = await _soak(stage, sent[:2])
        await _end(sent)
    _print(figures)
    last_line({"video_load": {"streams": STREAMS, **figures, "machine": ran_on}})


async def _end(sent: Iterable[Sent]) -> None:
    for one in sent:
        if one.work is not None:
            one.work.cancel()
            with suppress(asyncio.CancelledError, OSError):
                await one.work
            one.work = None


async def _by_socket(stage: VideoStage, sent: list[Sent], count: int) -> dict[str, Any]:
    frames = [0] * count

    async def watch(http: aiohttp.ClientSession, number: int) -> None:
        address = await stage.address("view", sent[number % len(sent)].stream_id, "ws-fmp4")
        async with http.ws_connect(address, max_msg_size=0) as socket:
            async for message in socket:
                frames[number] += message.type is aiohttp.WSMsgType.BINARY

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        watching = [asyncio.create_task(watch(http, number)) for number in range(count)]
        await asyncio.sleep(2 + count / 60)
        before = list(frames)
        cores = await stage.cores(asyncio.sleep(SECONDS))
        rates = [(after - earlier) / SECONDS for earlier, after in zip(before, frames, strict=True)]
        for task in watching:
            task.cancel()
        await asyncio.gather(*watching, return_exceptions=True)
    return {"viewers": count, "cores": cores["relay"], "frames_per_second": _rates(rates)}


async def _by_whep(stage: VideoStage, sent: list[Sent], count: int) -> dict[str, Any]:
    addresses = [await stage.address("view", sent[n % len(sent)].stream_id, "whep") for n in range(count)]
    pipe = asyncio.subprocess.PIPE
    node = shutil.which("node") or "node"
    viewers = await asyncio.create_subprocess_exec(node, str(WHEP_VIEWERS), str(SECONDS), stdin=pipe, stdout=pipe)
    assert viewers.stdin is not None and viewers.stdout is not None
    viewers.stdin.write("\n".join(addresses).encode())
    viewers.stdin.close()
    await viewers.stdout.readline()
    cores = await stage.cores(viewers.wait())
    rates: list[float] = json.loads(await viewers.stdout.readline())
    return {"viewers": count, "cores": round(sum(cores.values()), 4), "frames_per_second": _rates(rates)}


def _rates(rates: list[float]) -> dict[str, float]:
    return {"least": round(min(rates), 1), "median": round(median(rates), 1)}


async def _returns(stage: VideoStage, all_sent: list[Sent], way: str) -> dict[str, Any]:
    """From the first frame that is sent again to the first that is shown: after the sender was away, and after the relay."""
    sent, page = all_sent[0], await stage.wall()
    try:
        video = await make_large(page, sent.stream_id, way)
        await read(video, 1)
        await _end([sent])
        await asyncio.sleep(AWAY_S)
        sender_ms = await _until_shown(stage, sent, page, video)
        relay = stage.relay()
        relay.kill()
        stage.rig.programs["relay"][-1].wait()
        await _end(all_sent)
        stage.rig.start("relay", "media")
        await stage.relay_is_up()
        relay_ms = await _until_shown(stage, sent, page, video)
    finally:
        await page.close()
    return {"way": way, "sender_back_ms": sender_ms, "relay_back_ms": relay_ms}


async def _until_shown(stage: VideoStage, sent: Sent, page: Page, video: Locator) -> int:
    """How long (ms) after its first frame was sent anew the first is seen on the wall."""
    sent.moments.clear()
    element = await page.query_selector("figure.large video")
    assert element is not None
    seeing = asyncio.create_task(page.evaluate(READ, [element, CELLS, CELL, 6]))
    await stage.send(sent)
    seen = [(int(number), float(at)) for number, at in await seeing]
    # what stood on the wall before has a number that was not sent anew yet
    new = [at for number, at in seen if number < len(sent.moments) and sent.moments[number] <= at]
    first = min(new, default=float("nan"))
    return round((first - sent.moments[0]) * 1000)


async def _soak(stage: VideoStage, sent: list[Sent]) -> dict[str, Any]:
    """Lag on the wall and memory, every ten seconds: the first third beside the last."""
    for one in sent:
        if one.work is None:
            await stage.send(one)
    page = await stage.wall()
    await tile(page, sent[0].stream_id).wait_for(timeout=PAGE_MS)
    taken: list[dict[str, float]] = []
    ends = time.monotonic() + MINUTES * 60
    while time.monotonic() < ends:
        began = time.monotonic()
        lag = median(ages(await read(tile(page, sent[0].stream_id), 2), sent[0].moments, FRAMES))
        taken.append({"lag_ms": lag * 1000, "relay_mb": _mb(stage.relay()), "page_mb": await _heap(page)})
        await asyncio.sleep(max(0.0, EVERY_S - (time.monotonic() - began)))
    await page.close()
    third = max(1, len(taken) // 3)
    parts = {"first": taken[:third], "last": taken[-third:]}
    said = {name: {key: round(median(one[key] for one in rows), 1) for key in rows[0]} for name, rows in parts.items()}
    return {"minutes": MINUTES, "samples": len(taken), **said}


def _mb(process: psutil.Process) -> float:
    return sum(one.memory_info().rss for one in [process, *process.children()]) / 1e6


async def _heap(page: Page) -> float:
    return float(await page.evaluate("() => performance.memory.usedJSHeapSize")) / 1e6


def _print(figures: dict[str, Any]) -> None:
    def line(one: dict[str, Any]) -> tuple[str, Any, str]:
        rates = one["frames_per_second"]
        return (
            f"{one['viewers']} viewers",
            one["cores"],
            f"cores; frames/s least {rates['least']}, median {rates['median']}",
        )

    taken_in = ("taken in, nobody looks", figures["ingest"]["relay"], "cores")
    table(f"{STREAMS} streams of 1280x720, 2 Mbit/s, by the socket (prototype: 120 viewers, 0.32 cores, 25 frames/s)",
          [taken_in, *map(line, figures["viewers"])])  # fmt: skip
    table(
        "The same by WHEP, relay and its program together (prototype: 12 viewers, 0.36 cores)",
        [*map(line, figures["whep_viewers"])],
    )
    back = [(f"{one['way']}: {who}", one[key], "ms until a new frame is shown") for one in figures["returns"]
            for who, key in (("sender away for 3 s", "sender_back_ms"), ("relay killed and started", "relay_back_ms"))]  # fmt: skip
    table("Back again (aim: 1,000 ms)", back)
    soak = figures["soak"]
    rows = [(key, f"{soak['first'][key]} → {soak['last'][key]}", "first third → last third") for key in soak["first"]]
    table(f"{MINUTES:g} minutes, {soak['samples']} samples", rows)


if __name__ == "__main__":
    asyncio.run(main())
