"""大屏: every scene on every wall it is made for, by keyboard alone, and as it is printed."""

from __future__ import annotations

import os
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Page, ViewportSize, expect

from liandong.demo.operation import Operation
from liandong.demo.people_at_work import Cast, gather_cast
from tests.story.faces import browser as browsers
from tests.story.faces.browser import Machine
from tests.story.faces.house import House
from tests.story.faces.screen_layout import SIZES, faults_of_layout
from tests.story.faces.wall import Wall

VISITS = 8
KEPT = os.environ.get("KEEP_PICTURES_IN")
SCENE_KEYS = {"picture": "o", "dispatch": "d", "wall": "v", "replay": "r"}


@dataclass
class Room:
    """The screen before which a shift sits, over a house in which some work has been done."""

    house: House
    page: Page
    cast: Cast

    async def scene(self, name: str) -> None:
        """This scene is shown, by its key."""
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
        await Wall(page, house.wall.address).sign_in("wall", house.password)
        yield Room(house, page, cast)
    await page.context.close()


@pytest.mark.parametrize("name", list(SCENE_KEYS))
async def test_a_scene_lies_right_on_every_wall(room: Room, name: str) -> None:
    await room.scene(name)
    if name == "dispatch":
        await room.page.locator("[data-stage=unassigned]").first.click()
        await expect(room.page.locator(".nearest li").first).to_be_visible()
    for wide, high in SIZES:
        await room.page.set_viewport_size(ViewportSize(width=wide, height=high))
        await expect(room.page.locator("main")).to_be_visible()
        await room.keep_picture(f"{name}-{wide}")
        assert await faults_of_layout(room.page) == [], (wide, high)
