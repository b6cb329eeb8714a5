"""An officer's phone as a real browser, with a camera that paints the number of each picture into it and notes the moment."""

from __future__ import annotations

import json
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Page, async_playwright, expect

from benchmarks.film import CELL, CELLS, HEIGHT, RATE, WIDTH
from liandong.demo.people_at_work import Person
from tools.setup_browser import browser

LAP = 1 << CELLS
"""Numbers begin anew after so many pictures."""
TITLE = "示例：直播测量"
OFFICERS = ("示例槐荫01", "示例槐荫02")
WAIT_MS = 30_000
CAMERA = """
(() => {
  const [width, height, rate, cells, cell] = NUMBERS;
  window.painted = [];
  const canvas = document.createElement('canvas');
  canvas.width = width; canvas.height = height;
  const pen = canvas.getContext('2d', { alpha: false });
  const paint = () => {
    const number = window.painted.length % (1 << cells);
    pen.fillStyle = '#345'; pen.fillRect(0, 0, width, height);
    for (let n = 0; n < 40; n++) {
      pen.fillStyle = `hsl(${(n * 9 + window.painted.length) % 360} 70% 50%)`;
      pen.fillRect((n * 97 + 3 * window.painted.length) % width, 60 + (n * 53) % (height - 120), 60, 40);
    }
    for (let bit = 0; bit < cells; bit++) {
      pen.fillStyle = number >> bit & 1 ? '#fff' : '#000';
      pen.fillRect(bit * cell, 0, cell, cell);
    }
    window.painted.push((performance.timeOrigin + performance.now()) / 1000);
  };
  const begin = () => { paint(); setInterval(paint, 1000 / rate); return canvas.captureStream(rate); };
  navigator.mediaDevices.getUserMedia = async () => begin();
})();
"""


async def send_two(desk: Person) -> str:
    """A task that two officers are sent to; its id."""
    officers = [one for one in (await desk.get("/officers", q="示例槐荫"))["items"] if one["name"] in OFFICERS]
    source = (await desk.get("/sources", limit=1))["items"][0]
    draft = {"kind": "routine", "title": TITLE, "source_id": source["id"], "matters": []}
    task = await desk.post("/tasks", draft)
    ids = [one["id"] for one in officers]
    await desk.post(f"/tasks/{task['id']}/assign", {"officer_ids": ids, "lead_officer_id": ids[0]})
    found: str = task["id"]
    return found


@asynccontextmanager
async def live_phone(address: str, password: str, task_id: str, flags: list[str]) -> AsyncIterator[Page]:
    """A phone that sends live from this task; `window.painted` holds when each picture was painted (Unix seconds)."""
    args = [*flags, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=browser(), args=args)
        try:
            page = await chromium.new_page(viewport={"width": 360, "height": 740})
            await page.add_init_script(CAMERA.replace("NUMBERS", json.dumps([WIDTH, HEIGHT, RATE, CELLS, CELL])))
            await _accept(page, address, password)
            await page.goto(f"{address}/mobile/#/visit/{task_id}/live")
            state = page.locator("[data-test=live-state]")
            await expect(state).to_have_attribute("data-state", "live", timeout=WAIT_MS)
            yield page
        finally:
            await chromium.close()


async def _accept(page: Page, address: str, password: str) -> None:
    await page.goto(f"{address}/mobile/")
    await page.locator("input[name=login]").fill("huaiyin01")
    await page.locator("input[name=password]").fill(password)
    await page.get_by_role("button", name="登录", exact=True).click()
    await page.locator("[data-test=task]").filter(has_text=TITLE).click(timeout=WAIT_MS)
    await page.locator("[data-test=accept]").click(timeout=WAIT_MS)
    await expect(page.locator("[data-test=outbox]")).to_contain_text(
        re.compile("已签收 [1-9].*未签收 0"), timeout=WAIT_MS
    )


async def stream_of(desk: Person, task_id: str) -> str:
    """The stream that registered itself when the phone began."""
    streams: list[dict[str, Any]] = await desk.get("/streams")
    return next(str(one["id"]) for one in streams if one["task_id"] == task_id)
