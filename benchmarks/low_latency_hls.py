"""HLS in parts as an independent player plays it: hls.js in a real Chromium, on a page of the relay's own origin."""

from __future__ import annotations

from playwright.async_api import Locator, Page

from benchmarks.video_stage import MEDIA_PORT, PAGE_MS, VideoStage
from tools.setup_common import ROOT

PLAYER = ROOT / "apps" / "node_modules" / "hls.js" / "dist" / "hls.min.js"
PLAY = """(url) => {
  document.body.innerHTML = "<video muted autoplay></video>";
  const video = document.querySelector("video");
  const player = (window.player = new Hls({ lowLatencyMode: true, maxLiveSyncPlaybackRate: 1.5 }));
  player.loadSource(url);
  player.attachMedia(video);
  return new Promise((playing) => video.addEventListener("playing", playing, { once: true })).then(() => undefined);
}"""


async def low_latency_wall(stage: VideoStage, stream_id: str) -> tuple[Page, Locator]:
    """A page on which this stream plays by parts, and its video."""
    page = await stage.chromium.new_page(viewport={"width": 1920, "height": 1080})
    page.set_default_timeout(PAGE_MS)
    await page.goto(f"http://127.0.0.1:{MEDIA_PORT}/health")
    await page.add_script_tag(path=PLAYER)
    await page.evaluate(PLAY, await stage.address("view", stream_id, "hls"))
    return page, page.locator("video")
