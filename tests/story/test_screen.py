"""大屏: every scene on every wall it is made for, by keyboard alone, and as it is printed."""

from __future__ import annotations

import asyncio
import io
import os
import random
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

import httpx
import pytest
from PIL import Image
from playwright.async_api import Page, Route, ViewportSize, expect
from pypdf import PdfReader

from liandong.demo.operation import Operation
from liandong.demo.people_at_work import Cast, gather_cast
from tests.story.faces import browser as browsers
from tests.story.faces.browser import Machine
from tests.story.faces.house import House
from tests.story.faces.screen_layout import SIZES, faults_of_layout
from tests.story.faces.wall import Wall

VISITS = 6
KEPT = os.environ.get("KEEP_PICTURES_IN")
SCENE_KEYS = {
    "picture": "o",
    "dispatch": "d",
    "joint": "j",
    "wall": "v",
    "close-out": "c",
    "border": "b",
    "episode": "h",
    "replay": "r",
}
PLACE = ("116.9", "36.65")
MAP_KEY, TILES = "0123456789abcdef", "https://*.tianditu.gov.cn/**"
# Which landmark the focus is in, what has it, and whether it can be seen. A day's field has parts within, of which the
# browser itself marks the one that has the focus.
FOCUSED = """
() => {
  const one = document.activeElement;
  const landmark = one.closest('header, main')?.tagName ?? '';
  const style = getComputedStyle(one);
  const isSeen = one.type === 'date' || one.checkVisibility() && one.getBoundingClientRect().width > 0 && (style.outlineStyle !== 'none' || style.boxShadow !== 'none');
  return [landmark, `${one.tagName} ${one.className} ${isSeen ? '' : 'unseen'}`];
}
"""
# How much of a picture is lighter than grey.
LIGHT = """
async (picture) => {
  await picture.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [64, 64];
  const pen = canvas.getContext('2d');
  pen.drawImage(picture, 0, 0, 64, 64);
  const { data } = pen.getImageData(0, 0, 64, 64);
  let light = 0;
  for (let n = 0; n < data.length; n += 4) light += data[n] + data[n + 1] + data[n + 2] > 384 ? 1 : 0;
  return light / 4096;
}
"""


@dataclass
class Room:
    """The screen before which a shift sits, over a house in which some work has been done."""

    house: House
    page: Page
    cast: Cast

    async def scene(self, name: str) -> None:
        """This scene is shown, by its key."""
        await self.page.keyboard.press("Escape")  # out of a field, if the focus is in one
        await self.page.keyboard.press("o")
        if name != "picture":
            await self.page.keyboard.press(SCENE_KEYS[name])
        await expect(self.page.locator(".board")).to_have_attribute("data-scene", name)

    async def keep_picture(self, name: str) -> None:
        """The screen as it is now, for whoever wants to look."""
        if KEPT:
            await self.page.screenshot(path=Path(KEPT) / f"screen-{name}.png")


@pytest.fixture(scope="module")
async def room(house: House, machine: Machine) -> AsyncIterator[Room]:
    page = await machine.seat(browsers.SCREEN)
    async with httpx.AsyncClient(base_url=house.desk.address, timeout=30) as http:
        cast = await gather_cast(http, house.password)
        await Operation(cast, 0, random.Random(1), backlog=VISITS, rounds=0).play(with_backlog=True)  # noqa: S311  samples
        desk = next(iter(cast.desks.values()))
        for number in range(5):
            await desk.post("/clues", {"kind": "patrol", "description": f"示例{number}", "element": "air"})
        for title in ("示例甲号机", "示例乙号机"):
            await desk.post("/streams", {"kind": "drone", "title": title})
        (area, one), (_, other) = ((area, officers[0]) for area, officers in list(cast.officers.items())[:2])
        team = await cast.desks[area].post("/tasks", {"kind": "campaign", "mode": "joint", "title": "示例联合检查"})
        sent = {"officer_ids": [one.officer_id, other.officer_id], "lead_officer_id": one.officer_id}
        await cast.desks[area].post(f"/tasks/{team['id']}/assign", sent)
        await Wall(page, house.wall.address).sign_in("wall", house.password)
        yield Room(house, page, cast)
    await page.context.close()


async def look_round(room: Room) -> None:
    """The place of a smoke is typed in, and the focus leaves the field."""
    for field, degrees in zip(("lon", "lat"), PLACE, strict=True):
        await room.page.locator(f"input[name={field}]").fill(degrees)
    await room.page.keyboard.press("Enter")
    await expect(room.page.locator("[data-ring='3']")).to_be_visible()
    await room.page.locator("h1").click()


@pytest.mark.parametrize("name", list(SCENE_KEYS))
async def test_a_scene_lies_right_on_every_wall(room: Room, name: str) -> None:
    await room.scene(name)
    if name == "dispatch":
        await room.page.locator("[data-stage=unassigned]").first.click()
        await expect(room.page.locator(".nearest li").first).to_be_visible()
    if name == "episode":
        await look_round(room)
    if name == "border":
        await expect(room.page.locator("[data-source]").first).to_be_visible()
    await expect(room.page.locator("main", has_text="正在读取")).to_have_count(0)
    for wide, high in SIZES:
        await room.page.set_viewport_size(ViewportSize(width=wide, height=high))
        await expect(room.page.locator("main")).to_be_visible()
        await room.keep_picture(f"{name}-{wide}")
        assert await faults_of_layout(room.page) == [], (wide, high)


async def test_the_blind_spots_of_the_border_lie_right_on_every_wall(room: Room) -> None:
    """The members signed today; what nobody walked yet is called so, with its length, on the map and in the list."""
    page = room.page
    await page.set_viewport_size(ViewportSize(width=1920, height=1080))
    await room.scene("border")
    await page.locator("[data-shows=watch]").click()
    await expect(page.locator("[data-watch]").first).to_be_visible()
    assert float(await page.locator("[data-test=blind-km]").inner_text()) > 1
    await page.locator("[data-watch=nobody]").first.click()
    for wide, high in SIZES:
        await page.set_viewport_size(ViewportSize(width=wide, height=high))
        await expect(page.locator("main")).to_be_visible()
        await room.keep_picture(f"border-watch-{wide}")
        assert await faults_of_layout(page) == [], (wide, high)
    await page.locator("[data-shows=sources]").click()
    await expect(page.locator("[data-source]").first).to_be_visible()


async def test_progress_opens_to_its_rows_and_measures_are_ticked(room: Room) -> None:
    page = room.page
    await page.set_viewport_size(ViewportSize(width=1920, height=1080))
    await room.scene("close-out")
    districts = page.locator("[data-district]:not([data-district=all])")
    await expect(districts.first).to_be_visible()
    for district in await districts.all():
        struck, whole = (await district.locator(".figures").inner_text()).split(" · ")[0].split(" / ")
        await district.click()
        await expect(page.locator("[data-problem]")).to_have_count(int(whole))
        await expect(page.locator(".struck[data-problem]")).to_have_count(int(struck))
    await page.locator("[data-district=all]").click()
    late = await page.locator("[data-problem]", has=page.locator(".deadline.late")).count()
    for number in range(late):  # whatever is late stands before everything that is not
        await expect(page.locator("[data-problem]").nth(number).locator(".deadline")).to_contain_text("超期")

    await room.scene("joint")
    await expect(page.locator("[data-team]", has_text="示例联合检查")).to_contain_text("已派")
    for agency in ("all", "市中分局", "槐荫分局"):  # a team of two agencies is one team of each, and one together
        await expect(page.locator(f"[data-agency='{agency}'] td").nth(1)).to_have_text("1")

    await room.scene("episode")
    await look_round(room)
    measure = page.locator(".measures li").first
    await measure.get_by_role("button", name="落实", exact=False).first.click()
    await expect(measure).to_have_attribute("data-met", "true")
    await expect(page.locator("[data-test=met]")).to_have_text(re.compile(r"^1 /"))
    await expect(page.locator("main")).to_contain_text("减排措施：无数据")


REACHED_BY_TAB = "main :is(a[href], button:enabled, input:enabled, select:enabled, [tabindex='0'])"


async def test_every_scene_is_walked_by_keyboard_alone(room: Room) -> None:
    page, board = room.page, room.page.locator(".board")
    await page.set_viewport_size(ViewportSize(width=1920, height=1080))
    await page.locator("h1").click()
    await page.keyboard.press("o")
    for name, key in SCENE_KEYS.items():
        if name == "picture":
            continue
        await page.keyboard.press(key)
        await expect(board).to_have_attribute("data-scene", name)
        await expect(page.locator("nav [aria-pressed=true] kbd")).to_have_text(key.upper())
        await expect(page.locator(REACHED_BY_TAB).first).to_be_visible()  # tiles come when the streams are read
        walked = await tabbed(page)
        header = sum(1 for where, _ in walked if where == "HEADER")
        assert len(walked) - header >= 1, f"{name}: no way by Tab into the scene"
        assert [words for _, words in walked if words.endswith("unseen")] == [], name
        await page.keyboard.press("Escape")
        await page.keyboard.press(key)
        await expect(board).to_have_attribute("data-scene", "picture")

    await page.locator("[data-counter=open]").focus()
    await page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog")
    await expect(drawer).to_be_visible()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(drawer.locator("dl")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(drawer).to_have_count(0)

    await page.keyboard.press("?")
    await expect(drawer).to_be_visible()
    await room.keep_picture("help")
    listed = await drawer.locator("kbd").all_inner_texts()
    assert {key.upper() for key in SCENE_KEYS.values()} | {"P", "?", "Esc", "E", "M"} <= set(listed)
    await page.keyboard.press("Escape")
    await expect(drawer).to_have_count(0)


async def tabbed(page: Page) -> list[tuple[str, str]]:
    """Where Tab leads, one after the other: the landmark, and what it is; `unseen` where nobody would see the focus."""
    found = []
    await page.evaluate("document.activeElement?.blur()")
    for _ in range(16):
        await page.keyboard.press("Tab")
        found.append(await page.evaluate(FOCUSED))
    return [(where, words) for where, words in found if where]


async def test_a_layout_is_found_again_on_another_screen_and_after_a_restart(room: Room, machine: Machine) -> None:
    page, desk = room.page, room.cast.desks["370104"]
    await page.set_viewport_size(ViewportSize(width=1920, height=1080))
    ids = [(await desk.post("/streams", {"kind": "drone", "title": f"示例{n}号机"}))["id"] for n in range(10)]
    await room.scene("wall")
    await expect(page.locator("figure")).to_have_count(10)
    await expect(page.locator("main")).to_contain_text("另有 2 路未显示")
    for wide, high in SIZES:
        await page.set_viewport_size(ViewportSize(width=wide, height=high))
        await room.keep_picture(f"wall-full-{wide}")
        assert await faults_of_layout(page) == [], (wide, high)
    await page.set_viewport_size(ViewportSize(width=1920, height=1080))
    await page.keyboard.press("e")
    for _ in range(10):
        await page.locator("[data-tick][aria-pressed=true]").first.click()
    wanted = [ids[7], ids[2], ids[9], ids[4]]
    for stream in wanted:
        await page.locator(f"[data-tick='{stream}']").click()
    await page.locator("input[name=operation]").fill("四区夜查")
    await room.keep_picture("wall-arrange")
    await page.locator("[data-deed=keep]").click()
    await expect(page.locator("[data-layout=四区夜查]")).to_have_attribute("aria-pressed", "true")
    await shows(page, wanted)

    other = await machine.seat(browsers.SCREEN)
    await Wall(other, room.house.desk.address).sign_in("wall", room.house.password)
    await other.keyboard.press("v")
    await other.locator("[data-layout=四区夜查]").click()
    await shows(other, wanted)
    await other.context.close()

    await expect(page.locator("[data-test=base-map]")).to_have_count(0)  # without a key nothing is offered
    await room.house.wall.kill()
    room.house.wall.env = {"LIANDONG_TIANDITU_KEY": MAP_KEY}
    await room.house.wall.start()
    await page.reload()
    await expect(page.locator(".connection.live")).to_be_visible()
    await page.keyboard.press("v")
    await shows(page, wanted)
    await expect(page.locator("main")).to_contain_text("联动中心值守")
    await page.locator("[data-deed=withdraw]").click()
    await expect(page.locator("[data-layout=四区夜查]")).to_have_count(0)
    await expect(page.locator("figure")).to_have_count(10)
    await a_public_map_is_laid_below(room)


async def a_public_map_is_laid_below(room: Room) -> None:
    """With a key the page may fetch the tiles, and only they; where they do not come, the packaged map stays."""
    page, asked = room.page, []
    tile = io.BytesIO()
    Image.new("RGB", (256, 256), "#208050").save(tile, "PNG")

    async def answer(route: Route) -> None:
        asked.append(route.request.url)
        await route.fulfill(
            body=tile.getvalue(), content_type="image/png", headers={"access-control-allow-origin": "*"}
        )

    await page.context.route(TILES, answer)
    await room.scene("border")
    await expect(page.locator("[data-border]").first).to_be_visible()
    await page.keyboard.press("t")
    await expect(page.locator("[data-test=base-map]")).to_have_attribute("aria-pressed", "true")
    await expect(page.locator(".attribution")).to_contain_text("底图：天地图")
    await is_true(page, lambda: {"vec_w", "cva_w"} == {url.split("/")[3] for url in asked})
    assert all(f"&tk={MAP_KEY}" in url and "{" not in url for url in asked)
    await room.keep_picture("base-map")
    await expect(page.locator(".base-fault")).to_have_count(0)

    await page.keyboard.press("t")
    await page.context.unroute(TILES)
    await page.context.route(TILES, lambda route: route.abort())
    await page.keyboard.press("t")
    await expect(page.locator(".base-fault")).to_contain_text("当前为内置示意图")
    assert await faults_of_layout(page) == []
    await page.keyboard.press("t")
    await expect(page.locator(".base-fault")).to_have_count(0)


async def is_true(page: Page, what: Callable[[], bool]) -> None:
    """It comes to pass while the page goes on."""
    async with asyncio.timeout(browsers.WAIT_MS / 1000):
        while not what():
            await page.evaluate("new Promise(requestAnimationFrame)")


async def test_the_view_is_printed_black_on_white_with_who_and_when(room: Room) -> None:
    page = room.page
    await page.set_viewport_size(ViewportSize(width=3840, height=1080))
    for name in ("picture", "close-out"):
        await room.scene(name)
        await expect(page.locator(".counters .value" if name == "picture" else "[data-problem]").first).to_be_visible()
        figures = await page.locator("[data-counter] .value").all_inner_texts()
        await page.evaluate("window.print = () => { window.printed = true }")
        await page.keyboard.press("p")
        await page.wait_for_function("window.printed")
        await page.emulate_media(media="print")
        await page.set_viewport_size(ViewportSize(width=1123, height=794))
        drawn = page.locator("img.on-paper")
        assert await drawn.evaluate(LIGHT) > 0.9  # most of a map on paper is white
        await room.keep_picture(f"print-{name}")
        paper = PdfReader(io.BytesIO(await page.pdf(prefer_css_page_size=True)))
        assert len(paper.pages) == 1
        [sheet] = paper.pages
        assert sheet.mediabox.width > sheet.mediabox.height
        said = re.sub(r"\s", "", normalize("NFKC", sheet.extract_text()))  # a font's radicals are its words
        for words in ("生态环境执法指挥调度", "打印20", "联动中心值守(示例)", "数据截至", *figures):
            assert words in said, words
        await page.emulate_media(media="screen")
        await page.evaluate("window.printed = false; window.dispatchEvent(new Event('afterprint'))")
        await expect(drawn).to_have_count(0)
        await page.set_viewport_size(ViewportSize(width=3840, height=1080))


async def shows(page: Page, wanted: list[str]) -> None:
    """Exactly these pictures stand on the wall, the first one large."""
    await expect(page.locator("figure")).to_have_count(len(wanted))
    await expect(page.locator("figure.large")).to_have_attribute("data-stream", wanted[0])
    for number, stream in enumerate(wanted[1:]):
        await expect(page.locator("button figure").nth(number)).to_have_attribute("data-stream", stream)
