"""Somebody who plans a mission in the office, with the mouse on the map."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree as Tree

from playwright.async_api import Locator, expect

from liandong.wires.dji.wpml import KML
from tests.story.faces.office import Desk

CROSSHAIR = re.compile("crosshair")


class Planner:
    """The pages of the room 无人机巡飞."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.page = desk, desk.page

    async def begin(self, title: str) -> None:
        """Afterwards an empty wish with this title is on the page, and its map is drawn."""
        await self.desk.go("/missions")
        await self.desk.button("规划巡飞").click()
        await self.page.get_by_label("名称").fill(title)
        await expect(self.canvas()).to_have_attribute("style", CROSSHAIR)

    def canvas(self) -> Locator:
        """The map."""
        return self.page.locator(".map canvas.maplibregl-canvas")

    async def choose_border(self, name: str) -> None:
        """Afterwards the border of one's own district with this one is on the map, and a stretch of it is meant."""
        await self.desk.choose(self.page.locator("form"), "与何处交界", name)
        await expect(self.number("止（米）")).not_to_have_value("0")

    def number(self, label: str) -> Locator:
        """The field for this number."""
        return self.page.get_by_label(label, exact=True)

    async def click_map(self, right: int, down: int) -> None:
        """A click so many pixels from the middle of the map."""
        box = await self.canvas().bounding_box()
        assert box is not None
        await self.page.mouse.click(box["x"] + box["width"] / 2 + right, box["y"] + box["height"] / 2 + down)

    async def drag_map(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """From here to there with the button down; both in pixels from the middle of the map."""
        box = await self.canvas().bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        await self.page.mouse.move(x + start[0], y + start[1])
        await self.page.mouse.down()
        await self.page.mouse.move(x + (start[0] + end[0]) / 2, y + (start[1] + end[1]) / 2)
        await self.page.mouse.move(x + end[0], y + end[1])
        await self.page.mouse.up()

    async def take_off_at(self, right: int, down: int) -> None:
        """Afterwards one takes off at this place of the map."""
        await self.page.get_by_role("button", name="选起飞点", exact=True).click()
        await self.click_map(right, down)
        await expect(self.page.get_by_label("起飞点（经度, 纬度）").last).not_to_have_value("")

    async def work_out(self) -> None:
        """Afterwards the plan is on the page and on the map."""
        await self.page.locator("[data-test=plan]").click()
        await self.desk.is_in_state("已规划")
        await expect(self.page.locator(".map canvas.maplibregl-canvas")).to_be_visible()

    async def release_to(self, pilot: str) -> None:
        """Afterwards this officer may fly it."""
        dialog = await self.desk.open("放飞")
        await dialog.locator(".el-select").click()
        await self.page.get_by_role("option", name=re.compile(pilot)).click()
        await self.desk.confirm(dialog, "放飞")
        await self.desk.done("已放飞")
        await self.desk.is_in_state("已放飞")

    def flights(self) -> Locator:
        """The lines of the table of flights."""
        return self.page.locator("[data-test=flights] tbody tr")

    async def waypoints_of(self, flight: Locator) -> tuple[int, int]:
        """How many waypoints the page says, and how many the downloaded file has."""
        said = int(await flight.locator("[data-test=waypoints]").inner_text())
        async with self.page.expect_download() as download:
            await flight.get_by_role("link", name="KMZ").click()
        file = await download.value
        packed = zipfile.ZipFile(io.BytesIO((await file.path()).read_bytes()))
        flown = Tree.fromstring(packed.read("wpmz/waylines.wpml"))  # noqa: S314  our own words
        assert file.suggested_filename.endswith(".kmz")
        return said, len(list(flown.iter(f"{{{KML}}}Placemark")))
