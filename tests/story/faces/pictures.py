"""The pictures of the README, taken of the running demo: `make pictures`.

Nothing in them is arranged: the sample operation plays as it does for everybody, and one officer works beside it.
"""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
from PIL import Image
from playwright.async_api import Locator, Page, expect

from liandong.demo.people import PINYIN, password_file
from liandong.demo.people_at_work import Person, sign_in
from tests.ports import free_ports
from tests.story.faces import browser as browsers
from tests.story.faces import phone_pictures
from tests.story.faces.browser import Machine
from tests.story.faces.house import UP_WITHIN_S, end
from tests.story.faces.office import Desk
from tests.story.faces.pocket import Pocket
from tests.story.faces.wall import Wall

FOLDER = Path(__file__).parents[3] / "docs" / "pictures"
MOST_BYTES = 300_000
PACE_S = "2"
LIVELY_MS = 180_000


async def main() -> None:
    """Afterwards docs/pictures holds the three faces and every screen of the phone as they are today."""
    async with (
        _demo() as (address, password),
        browsers.open_browser() as machine,
        httpx.AsyncClient(base_url=address, timeout=30) as http,
    ):
        wall = Wall(await machine.seat(browsers.SCREEN), address)
        await wall.sign_in("wall", password)
        # clues come only when the fortnight before has been played
        await expect(wall.page.locator(".clues .row").first).to_be_visible(timeout=LIVELY_MS)
        await _phone(machine, address, http, password)
        await _office(machine, address, http, password)
        await _screen(wall)
    await phone_pictures.main()


@asynccontextmanager
async def _demo() -> AsyncIterator[tuple[str, str]]:
    """The address of a demo that has been started for this, and the password of its people."""
    home = Path(tempfile.mkdtemp(prefix="liandong-pictures-"))
    [port] = free_ports(1)
    env = os.environ | {"LIANDONG_HOME": str(home), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "liandong", "demo", "--port", str(port), "--pace", PACE_S]
    demo = await asyncio.create_subprocess_exec(*command, env=env, stdout=sys.stderr)
    address = f"http://127.0.0.1:{port}"
    try:
        async with asyncio.timeout(2 * UP_WITHIN_S), httpx.AsyncClient(base_url=address) as http:
            while True:
                assert demo.returncode is None, "the demo has ended"
                with suppress(httpx.TransportError):
                    if (await http.get("/api/health")).is_success:
                        break
                await asyncio.sleep(0.2)
        yield address, password_file(home).read_text().strip()
    finally:
        await end(demo)
        shutil.rmtree(home, ignore_errors=True)


async def _screen(wall: Wall) -> None:
    await _at_rest(wall.page.locator(".map canvas"))
    on_site = wall.page.locator("[data-counter=on_site] .value")
    await expect(on_site).not_to_have_text("0", timeout=LIVELY_MS)
    await _keep(wall.page, "screen")


async def _office(machine: Machine, address: str, http: httpx.AsyncClient, password: str) -> None:
    leader = await sign_in(http, "chief", password)
    claimed = (await leader.get("/problems", state="claimed"))["items"][0]
    login = f"{PINYIN[claimed['area_code'][:6]]}-leader"
    desk = Desk(await machine.seat(browsers.OFFICE), address)
    await desk.sign_in(login, password)
    await desk.go(f"/problems/{claimed['id']}")
    await desk.is_in_state("申请销号")
    await expect(desk.page.locator(".el-image img").first).to_be_visible()
    await _at_rest(desk.page.locator(".map canvas"))
    await _keep(desk.page, "office")


async def _phone(machine: Machine, address: str, http: httpx.AsyncClient, password: str) -> None:
    task, officer = await _somebody_on_the_way(http, password)
    page = await machine.phone(task["lon"], task["lat"], scale=2)
    pocket = Pocket(page, address)
    await pocket.sign_in(officer, password)
    await pocket.prepare(task["title"])
    await pocket.accept()
    await pocket.lose_signal()
    await pocket.arrive()
    for number, answer in enumerate(("yes", "yes", "no")):
        await pocket.on("item").nth(number).locator(f"[data-test=answer-{answer}]").click()
    note = pocket.on("item").nth(2).locator("textarea")
    await note.fill("示例：现场核对与台账不符，已拍照")
    await pocket.on("item").nth(1).scroll_into_view_if_needed()
    await _keep(page, "mobile")


async def _somebody_on_the_way(http: httpx.AsyncClient, password: str) -> tuple[dict[str, Any], str]:
    """A task that nobody has signed for, and the login of an officer who is sent there."""
    for login in PINYIN.values():
        desk: Person = await sign_in(http, login, password)
        for task in (await desk.get("/tasks", state="assigned"))["items"]:
            name = str(task["officers"][0]["name"])
            return task, f"{login}{name[-2:]}"
    raise LookupError("no task is on its way")


async def _at_rest(drawn: Locator) -> None:
    """The map is drawn: it looks the same twice."""
    before = b""
    while (now := await drawn.screenshot()) != before:
        before = now


async def _keep(page: Page, name: str) -> None:
    """Afterwards the picture is in the folder, in as many colours as it needs to be small."""
    picture = Image.open(io.BytesIO(await page.screenshot())).convert("RGB")
    out = FOLDER / f"{name}.png"
    FOLDER.mkdir(parents=True, exist_ok=True)
    picture.quantize(256, dither=Image.Dither.NONE).save(out, optimize=True)
    assert out.stat().st_size < MOST_BYTES, f"{out} is too large"
    print(f"{out}: {out.stat().st_size // 1000} kB")


if __name__ == "__main__":
    asyncio.run(main())
