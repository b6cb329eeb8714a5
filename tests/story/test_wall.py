"""Pictures on the wall: real encoders send, a real browser shows them, and every leg that dies comes back by itself."""

from __future__ import annotations

import asyncio
import io
import os
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from PIL import Image
from playwright.async_api import Locator, Page, expect
from sqlalchemy import select

from liandong.demo.people_at_work import Person, sign_in
from liandong.kernel.db import Role
from liandong.means.video.tables import RecordingSegment
from tests.ports import free_ports
from tests.story.faces import browser as browsers
from tests.story.faces.browser import Machine
from tests.story.faces.house import House, Server, end, run_relay
from tests.story.faces.wall import Wall
from tests.wires.mediaserver.encoder import Encoder
from tests.wires.mediaserver.test_recording import ffprobe, packets

BROWSER_FLAGS = ("--autoplay-policy=no-user-gesture-required",)
TITLES = ("示例无人机甲", "示例无人机乙")
BACK_WITHIN_MS = 1000
# Four seconds of a segment, one to the next key frame, one to the store; the machine may be busy.
OPEN_SEGMENT_AT_MOST = timedelta(seconds=12)

# How many different pictures the video really shows in a while: read from its pixels, because a black or standing
# video plays on without a word.
MOVES = """
async (video) => {
  const canvas = document.createElement('canvas');
  canvas.width = 32; canvas.height = 18;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  const seen = new Set();
  for (let n = 0; n < 10; n++) {
    await new Promise((shown) => video.requestVideoFrameCallback(shown));
    pen.drawImage(video, 0, 0, 32, 18);
    seen.add(pen.getImageData(0, 0, 32, 18).data.join());
  }
  return seen.size;
}
"""
# Milliseconds until the next new frame.
NEXT_FRAME = """
async (video) => {
  const from = performance.now();
  await new Promise((shown) => video.requestVideoFrameCallback(shown));
  return performance.now() - from;
}
"""
BLOCKED = """
() => new Promise((told) => {
  document.addEventListener('securitypolicyviolation', (event) => told(event.effectiveDirective), { once: true });
  try { new WebSocket('ws://127.0.0.1:9'); } catch { /* the page hears of it by the event */ }
})
"""


@dataclass
class Scene:
    """A server, a relay, two senders, and the screen that shows them."""

    house: House
    server: Server
    page: Page
    desk: Person
    env: dict[str, str]
    encoders: list[Encoder] = field(default_factory=lambda: [Encoder(), Encoder()])
    streams: list[str] = field(default_factory=list)
    relay: asyncio.subprocess.Process | None = None

    async def start_relay(self) -> None:
        """Afterwards the relay runs."""
        self.relay = await run_relay(self.house.home, self.env)

    async def send(self, which: int) -> None:
        """An encoder sends this stream, with a ticket of its own."""
        ticket = await self.desk.post(f"/streams/{self.streams[which]}/publish_ticket", {})
        await self.encoders[which].send(ticket["addresses"][0]["url"])

    def tile(self, which: int) -> Locator:
        """Where this stream is shown."""
        return self.page.locator(f"figure[data-stream='{self.streams[which]}']")

    async def plays(self, which: int) -> None:
        """The picture moves, and the tile says how old it is."""
        tile = self.tile(which)
        await expect(tile).to_have_attribute("data-state", "playing")
        assert await tile.locator("video").evaluate(MOVES) > 3
        await expect(tile.locator(".age")).to_contain_text("延迟")


@pytest.fixture
async def scene(house: House, machine: Machine) -> AsyncIterator[Scene]:
    port, media, rtmp = free_ports(3)
    env = {
        "LIANDONG_MEDIA_PORT": str(media),
        "LIANDONG_RTMP_PORT": str(rtmp),
        "LIANDONG_RECORDING_SPARE_GB": "0",  # a test machine may be nearly full
    }
    server = Server(house.home, port, env=env)
    await server.start()
    async with httpx.AsyncClient(base_url=server.address) as http:
        desk = await sign_in(http, "huaiyin", house.password)
        page = await machine.seat(browsers.SCREEN)
        made = Scene(house, server, page, desk, env)
        try:
            await made.start_relay()
            for title in TITLES:
                made.streams.append((await desk.post("/streams", {"kind": "drone", "title": title}))["id"])
            yield made
        finally:
            await asyncio.gather(*(encoder.stop() for encoder in made.encoders))
            await page.context.close()
            await asyncio.gather(end(made.relay), end(server.process))


async def test_the_wall_plays_and_every_leg_comes_back(scene: Scene) -> None:
    page = scene.page
    await Wall(page, scene.server.address).sign_in("wall", scene.house.password)
    assert await page.evaluate(BLOCKED) == "connect-src"  # a page may reach the relay and nothing else
    await page.keyboard.press("v")
    await expect(scene.tile(0)).to_contain_text("尚未推送画面")

    await asyncio.gather(scene.send(0), scene.send(1))
    await scene.plays(0)
    await scene.plays(1)
    await expect(page.locator("figure.large")).to_have_attribute("data-stream", scene.streams[0])
    await page.keyboard.press("1")
    await expect(page.locator("figure.large")).to_have_attribute("data-stream", scene.streams[1])
    await scene.plays(0)

    await scene.encoders[0].kill()
    await expect(scene.tile(0)).to_have_attribute("data-state", "gone")
    await expect(scene.tile(0)).to_contain_text("恢复后自动接通")
    await scene.plays(1)
    back = asyncio.create_task(scene.tile(0).locator("video").evaluate(NEXT_FRAME))
    await scene.send(0)
    sent = time.monotonic()
    await back
    assert (time.monotonic() - sent) * 1000 < BACK_WITHIN_MS
    await scene.plays(0)

    assert scene.relay is not None
    scene.relay.kill()
    await scene.relay.wait()
    await expect(scene.tile(1)).to_contain_text("自动重连中")
    await scene.start_relay()
    await asyncio.gather(scene.send(0), scene.send(1))
    await scene.plays(0)
    await scene.plays(1)


async def filed(scene: Scene, deed: str) -> bytes:
    """One click on the large picture files it, the tile names what was filed, and another click opens it."""
    tile = scene.page.locator("figure.large")
    await tile.locator(f"button[data-deed={deed}]").click()
    link = tile.locator(".said a")
    await expect(link).to_be_visible(timeout=45_000)
    await expect(tile.locator(".said")).to_contain_text("已固定为证据")
    answer = await scene.page.request.get(f"{scene.server.address}{await link.get_attribute('href')}")
    assert answer.ok, await answer.text()
    return await answer.body()


async def test_what_is_seen_on_the_wall_is_evidence_after_two_clicks(scene: Scene, tmp_path: Path) -> None:
    page = scene.page
    await Wall(page, scene.server.address).sign_in("wall", scene.house.password)
    await page.keyboard.press("v")
    await asyncio.gather(scene.send(0), scene.send(1))
    await scene.plays(1)
    await scene.tile(1).click()
    await expect(page.locator("figure.large")).to_have_attribute("data-stream", scene.streams[1])
    await expect(page.locator("figure.large .recording.on")).to_have_text("录制中")

    at = time.time()
    picture = Image.open(io.BytesIO(await filed(scene, "snapshot")))
    assert (picture.format, picture.size) == ("JPEG", (320, 180))
    assert len(set(picture.convert("L").resize((32, 18)).tobytes())) > 8  # a picture, not a black field
    items = await scene.desk.get("/ledger", subject_id=scene.streams[1])
    (shown,) = [one for one in items if one["name"] == "SnapshotFiled"]
    assert abs(datetime.fromisoformat(shown["happened_at"]).timestamp() - at) < 20

    file = tmp_path / "clip.mp4"
    await asyncio.to_thread(file.write_bytes, await filed(scene, "clip"))
    found = await asyncio.to_thread(ffprobe, file)
    assert int(found["streams"][0]["nb_read_frames"]) == len(await asyncio.to_thread(packets, file)) > 100
    assert 4 < float(found["format"]["duration"]) < 40

    await page.get_by_role("button", name="标记线索").click()
    form = page.locator("[data-part=sighting]")
    await form.get_by_role("radio", name="废水").click()
    await form.locator("textarea").fill("示例：河面有白色泡沫带")
    if kept := os.environ.get("KEEP_PICTURES_IN"):
        await page.screenshot(path=f"{kept}/wall-sighting.png")
    await form.get_by_role("button", name="登记线索").click()
    await expect(page.locator("[data-part=sighting-said]")).to_contain_text("附截图和视频", timeout=45_000)
    clue = (await scene.desk.get("/clues"))["items"][0]
    assert (clue["kind"], clue["element"], clue["stream_id"]) == ("sighting", "water", scene.streams[1])
    assert clue["snapshot_id"] and clue["clip_id"] and clue["place_from"] is None and clue["lon"] is None

    await page.get_by_role("button", name="低延迟").click()
    large = page.locator('figure.large[data-way="whep"][data-state="playing"]')
    await expect(large).to_be_visible()
    await page.wait_for_function(
        "() => { const age = document.querySelector('figure.large').dataset.age; return age && +age < 3000; }"
    )
    await page.get_by_role("button", name="低延迟").click()
    await expect(page.locator('figure.large[data-way="ws-fmp4"][data-state="playing"]')).to_be_visible()

    assert scene.relay is not None
    killed_at, before = datetime.now(UTC), await recorded(scene, 1)
    scene.relay.kill()
    await scene.relay.wait()
    assert killed_at - before[-1].ended_at < OPEN_SEGMENT_AT_MOST
    await scene.start_relay()
    await scene.send(1)
    await scene.plays(1)
    assert await asyncio.to_thread(packets_of, await filed(scene, "clip"), tmp_path) > 0
    after = await recorded(scene, 1)
    assert [row.sha256 for row in after[: len(before)]] == [row.sha256 for row in before]
    assert len({row.run_id for row in after}) == 2
    times = {"from": before[-1].began_at.isoformat(), "to": after[-1].ended_at.isoformat()}
    with pytest.raises(RuntimeError, match=r"409 .*video\.clip_broken"):
        await scene.desk.post(f"/streams/{scene.streams[1]}/clips", times)


async def recorded(scene: Scene, which: int) -> list[RecordingSegment]:
    """What is on record of this stream, oldest first."""
    rows = select(RecordingSegment).where(RecordingSegment.stream_id == scene.streams[which])
    async with scene.house.db.transaction(Role.worker) as session:
        return list((await session.execute(rows.order_by(RecordingSegment.began_at))).scalars())


def packets_of(film: bytes, folder: Path) -> int:
    """How many packets a film has."""
    file = folder / "again.mp4"
    file.write_bytes(film)
    return len(packets(file))
