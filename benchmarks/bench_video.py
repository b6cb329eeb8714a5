"""Live pictures: how old each is on the pixels of the wall, by every way in and out, and what a stream costs the relay."""

from __future__ import annotations

import asyncio
import json
import os
from typing import Any

from playwright.async_api import Page

from benchmarks.film import CELL, CELLS, FRAMES, HEIGHT, RATE, WIDTH
from benchmarks.low_latency_hls import low_latency_wall
from benchmarks.phone_picture import CAMERA, LAP, live_phone, send_two, stream_of
from benchmarks.report import last_line, machine, spread, table
from benchmarks.video_stage import FLAGS, MEDIA_PORT, PORT, Sent, VideoStage, ages, make_large, read, tile, video_stage
from liandong.demo.people import demo_password

SECONDS = int(os.environ.get("BENCH_VIDEO_SECONDS", "15"))
WAYS = ("ws-fmp4", "whep")
PROTOTYPE = {
    "rtmp → ws-fmp4": (107, 123),
    "rtmp → whep": (29, 45),
    "rtmp → ll-hls (hls.js)": (753, 773),
    "phone → ws-fmp4": (134, 166),
    "phone → whep": (44, 67),
    "whip → ws-fmp4": (165, 281),
    "whip → whep": (95, 120),
}
"""p50 and p95 (ms) of the prototypes, measured on a quiet machine of the same size."""
SEND = """async (url) => {
  const camera = await navigator.mediaDevices.getUserMedia({ video: true });
  const connection = (window.peer = new RTCPeerConnection());
  const link = connection.addTransceiver(camera.getVideoTracks()[0], { direction: "sendonly", sendEncodings: [{ maxBitrate: 2_500_000 }] });
  link.setCodecPreferences(RTCRtpSender.getCapabilities("video").codecs.filter((one) => one.mimeType === "video/H264"));
  await connection.setLocalDescription(await connection.createOffer());
  const headers = { "content-type": "application/sdp" };
  const answer = await fetch(url, { method: "POST", body: connection.localDescription.sdp, headers });
  await connection.setRemoteDescription({ type: "answer", sdp: await answer.text() });
}"""


async def main() -> None:
    """Measure and print."""
    ran_on = machine()
    figures: dict[str, Any] = {"paths": {}}
    async with video_stage() as stage:
        film = [Sent(await stage.stream(f"示例 {number}")) for number in (1, 2)]
        for one in film:
            await stage.send(one)
        await asyncio.sleep(1)
        cores = await stage.cores(asyncio.sleep(SECONDS))
        figures["relay_cores_per_stream_taken_in"] = round(cores["relay"] / len(film), 4)
        await _alone(stage, "rtmp", film[0].stream_id, film[0].moments, None, figures)
        await low_latency(stage, film[0], figures)
        password = demo_password(stage.rig.home)
        task_id = await send_two(stage.desk)
        async with (
            live_phone(f"http://127.0.0.1:{PORT}", password, task_id, FLAGS) as phone,
            WhipBrowser(stage) as whip,
        ):
            phone_stream = await stream_of(stage.desk, task_id)
            await _alone(stage, "phone", phone_stream, None, phone, figures)
            await _alone(stage, "whip", whip.stream_id, None, whip.page, figures)
            figures["together"] = await _together(stage, film, {phone_stream: phone, whip.stream_id: whip.page})
    _print(figures)
    last_line({"video": {**figures, "prototype_ms": PROTOTYPE, "machine": ran_on}})


class WhipBrowser:
    """A browser that sends a painted camera by WHIP, inside."""

    def __init__(self, stage: VideoStage) -> None:
        self._stage = stage

    async def __aenter__(self) -> WhipBrowser:
        self.stream_id = await self._stage.stream("示例 WHIP")
        self.page = await self._stage.chromium.new_page(viewport={"width": 360, "height": 740})
        numbers = json.dumps([WIDTH, HEIGHT, RATE, CELLS, CELL])
        await self.page.add_init_script(CAMERA.replace("NUMBERS", numbers))
        await self.page.goto(f"http://127.0.0.1:{MEDIA_PORT}/health")
        await self.page.evaluate(SEND, await self._stage.address("publish", self.stream_id, "whip"))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.page.close()


async def _alone(
    stage: VideoStage,
    name: str,
    stream_id: str,
    sent: list[float] | None,
    painter: Page | None,
    figures: dict[str, Any],
) -> None:
    """One stream large on a wall of its own, by each way out."""
    for way in WAYS:
        page = await stage.wall()
        try:
            video = await make_large(page, stream_id, way)
            seen = await read(video, SECONDS)
        finally:
            await page.close()
        moments, lap = (sent, FRAMES) if sent is not None else (await _painted(painter), LAP)
        found = ages(seen, moments, lap)
        figures["paths"][f"{name} → {way}"] = {**spread(found), "shown_per_second": round(len(found) / SECONDS, 1)}


async def low_latency(stage: VideoStage, film: Sent, figures: dict[str, Any]) -> None:
    """One stream by HLS in parts, as hls.js plays it."""
    page, video = await low_latency_wall(stage, film.stream_id)
    try:
        found = ages(await read(video, SECONDS), film.moments, FRAMES)
    finally:
        await page.close()
    figures["paths"]["rtmp → ll-hls (hls.js)"] = {**spread(found), "shown_per_second": round(len(found) / SECONDS, 1)}


async def _painted(page: Page | None) -> list[float]:
    assert page is not None
    found: list[float] = await page.evaluate("window.painted")
    return found


async def _together(stage: VideoStage, film: list[Sent], painters: dict[str, Page]) -> dict[str, Any]:
    """All four at once on one wall."""
    page = await stage.wall()
    ids = [*(one.stream_id for one in film), *painters]
    for one in ids:
        await tile(page, one).wait_for()
    cores, *seen = await asyncio.gather(
        stage.cores(asyncio.sleep(SECONDS)), *(read(tile(page, one), SECONDS) for one in ids)
    )
    sent = {one.stream_id: (one.moments, FRAMES) for one in film}
    sent |= {stream_id: (await _painted(painter), LAP) for stream_id, painter in painters.items()}
    found = [ages(one, *sent[stream_id]) for stream_id, one in zip(ids, seen, strict=True)]
    rates = [round(len(one) / SECONDS, 1) for one in found]
    return {**spread([age for one in found for age in one]), "shown_per_second": rates, "cores": cores}


def _print(figures: dict[str, Any]) -> None:
    rows = []
    for name, found in figures["paths"].items():
        p50, p95 = PROTOTYPE[name]
        ratio = f"{found['p50'] / p50:.2f}× and {found['p95'] / p95:.2f}× of the prototype's {p50}/{p95}"
        rows.append(
            (
                name,
                f"{found['p50']:.0f}/{found['p95']:.0f}",
                f"ms p50/p95, {found['shown_per_second']} shown/s ({ratio})",
            )
        )
    table(
        f"From the sender to the pixels of the wall: {WIDTH}x{HEIGHT}, {RATE} frames a second, one large picture at a time",
        rows,
    )
    four = figures["together"]
    table("Two encoders, a phone and a WHIP browser, all four on one wall", [
        ("from the sender to the pixel", f"{four['p50']:.0f}/{four['p95']:.0f}", "ms p50/p95"),
        ("shown", "/".join(map(str, four["shown_per_second"])), "frames/s"),
        ("relay", four["cores"]["relay"], "cores"),
        ("relay, a stream of 2 Mbit/s taken in", figures["relay_cores_per_stream_taken_in"], "cores (prototype 0.006)"),
    ])  # fmt: skip


if __name__ == "__main__":
    asyncio.run(main())
