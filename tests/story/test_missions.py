"""Missions are planned by people, on the map: with the mouse, and with the keyboard alone."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import Locator, Page, expect

from liandong.kernel.clock import now
from liandong.kernel.db import Role
from liandong.means.tracks.telemetry import Telemetry
from liandong.work.drones.tables import Mission
from tests.oversight.coverage.test_mission_seen import flown, moments
from tests.story.faces import browser as browsers
from tests.story.faces.browser import Machine
from tests.story.faces.house import House
from tests.story.faces.office import Desk
from tests.story.faces.planner import Planner
from tests.story.faces.wall import Wall

KEPT = os.environ.get("KEEP_PICTURES_IN")
READ_AGAIN_MS = 30_000
"""The wall asks for missions every ten seconds."""


@pytest.fixture
async def planner(house: House, machine: Machine) -> AsyncIterator[Planner]:
    desk = Desk(await machine.seat(browsers.OFFICE), house.desk.address)
    await desk.sign_in("huaiyin", house.password)
    yield Planner(desk)
    await desk.page.context.close()


@pytest.fixture
async def wall(house: House, machine: Machine) -> AsyncIterator[Wall]:
    wall = Wall(await machine.seat(browsers.SCREEN), house.wall.address)
    yield wall
    await wall.page.context.close()


async def flies(house: House, mission_id: str) -> None:
    """It is flown as planned, without an order, and is over the last lane now. Every other server is told."""
    async with house.db.transaction(Role.worker) as session:
        mission = await session.get_one(Mission, UUID(mission_id))
        mission.released_at = now() - timedelta(hours=2)
        plan = {"aircraft_id": str(mission.aircraft_id), "area_code": mission.area_code, "height_m": mission.height_m}
        plan |= {"plan": mission.plan}
    count = len(list(flown(plan)))
    telemetry = Telemetry(house.db)
    running = asyncio.create_task(telemetry.run())
    refusals = await telemetry.keep(moments(plan, now() - timedelta(seconds=count)))
    running.cancel()
    assert not any(refusals)


async def keep(page: Page, name: str) -> None:
    """A picture for whoever wants to look."""
    if KEPT:
        await page.screenshot(path=Path(KEPT) / f"{name}.png")


def lanes(wall: Wall) -> Locator:
    """The legend's line for released missions."""
    return wall.page.locator("[data-test=lanes]")


async def test_a_corridor_is_planned_with_the_mouse_released_and_written(
    planner: Planner, wall: Wall, house: House
) -> None:
    await planner.begin("示例：槐荫市中交界巡飞")
    await expect(planner.page.locator("[data-test=plan]")).to_be_disabled()
    await planner.choose_border("市中区 · 25.5 公里")
    ends = [await planner.number(label).input_value() for label in ("起（米）", "止（米）")]
    await planner.click_map(0, -90)  # the nearer end goes there
    await expect(planner.page.locator("form")).not_to_contain_text("要巡的一段：3.0 公里")
    assert [await planner.number(label).input_value() for label in ("起（米）", "止（米）")] != ends
    await planner.take_off_at(-30, 20)
    await expect(planner.page.locator("[data-test=height-rule]")).to_contain_text("待确认")
    await planner.work_out()
    covered = await planner.page.locator("[data-test=covered]").inner_text()
    assert 80 < float(covered.rstrip("%")) <= 100
    await expect(planner.page.locator("[data-test=left-out]")).to_contain_text("在禁飞区或其安全距离内")
    await wall.sign_in("wall", house.password)
    await expect(lanes(wall)).to_contain_text("已放飞航线 0")
    await planner.release_to("示例槐荫01")
    await expect(lanes(wall)).to_contain_text("已放飞航线 1", timeout=READ_AGAIN_MS)
    await wall.page.keyboard.press("m")
    await expect(lanes(wall)).to_have_attribute("aria-pressed", "false")
    await flies(house, planner.page.url.rsplit("/", 1)[-1])
    await planner.page.reload()
    really = planner.page.locator("[data-test=really-covered] b")
    assert abs(float((await really.inner_text()).rstrip("%")) - float(covered.rstrip("%"))) < 5
    await expect(wall.page.locator("[data-count=aircraft]")).to_have_text("1")
    await keep(planner.page, "mission-seen")
    await keep(wall.page, "wall-ground")
    flights = await planner.flights().all()
    assert flights
    for flight in flights:
        said, written = await planner.waypoints_of(flight)
        assert said == written >= 2
    await planner.page.locator("[data-test=order]").click()
    await planner.desk.confirm(planner.page.get_by_role("dialog"), "下发")
    orders = planner.page.locator("[data-test=orders]")
    await expect(orders).to_contain_text("待下发")  # no dock is listened to here: it waits
    await orders.locator("[data-test=stop]").click()
    dialog = planner.page.get_by_role("dialog")
    await dialog.get_by_role("textbox").fill("示例：大风")
    await planner.desk.confirm(dialog, "中止")
    await expect(orders).to_contain_text("示例：大风")
    dialog = await planner.desk.open("报告完成")
    await planner.desk.confirm(dialog, "报告完成")
    await planner.desk.is_in_state("已巡飞")
    await expect(lanes(wall)).to_contain_text("已放飞航线 0", timeout=READ_AGAIN_MS)
    await expect(planner.desk.button("取消任务")).to_have_count(0)


async def test_an_area_is_drawn_mended_and_typed(planner: Planner) -> None:
    page = planner.page
    await planner.begin("示例：区域巡飞")
    await page.get_by_text("区域巡飞", exact=True).click()
    for place in ((-60, -60), (60, -60), (60, 60), (-60, 60)):
        await planner.click_map(*place)
    await page.get_by_label("第 1 个角点").click()
    tools = page.locator(".tools")
    await expect(tools).to_contain_text("4 个角点，已闭合")
    corners = page.get_by_label("角点坐标")
    drawn = await corners.input_value()
    await planner.drag_map((60, 60), (100, 90))
    await expect(corners).not_to_have_value(drawn)
    await page.get_by_label("第 4 个角点").press("Delete")
    await expect(tools).to_contain_text("3 个角点，已闭合")
    for _ in range(2):
        await tools.get_by_role("button", name="撤销").click()
    await expect(corners).to_have_value(drawn)
    await corners.fill("116.86, 36.66\n116.87, 示例")
    await corners.blur()
    await expect(page.get_by_text("第 2 行无法识别")).to_be_visible()
    await corners.fill("116.860, 36.660\n116.872, 36.662\n116.866, 36.670")
    await corners.blur()
    await expect(tools).to_contain_text("3 个角点，已闭合")
    home = page.get_by_label("起飞点（经度, 纬度）").last
    await home.fill("116.9108, 36.6330")  # over the sample hospital
    await home.blur()
    await page.locator("[data-test=plan]").click()
    said = page.locator(".el-form-item__error").filter(
        has_text="起飞点或目标在禁飞区内"
    )  # the one before still fades away
    await expect(said).to_be_visible()
    await home.fill("116.862, 36.658")
    await home.blur()
    await planner.work_out()
    await expect(page.locator("[data-test=covered]")).to_have_text("100.0%")
    await expect(page.locator("[data-test=left-out]")).to_have_text("无")


async def test_sources_are_chosen_with_a_box(planner: Planner) -> None:
    page = planner.page
    await planner.begin("示例：点位巡飞")
    await page.get_by_text("点位巡飞", exact=True).click()
    await page.get_by_role("button", name="框选污染源").click()
    await planner.drag_map((-60, -60), (60, 60))
    chosen = page.locator(".chosen .el-tag")
    await expect(chosen.first).to_be_visible()
    names = await chosen.all_inner_texts()
    assert len(names) == len(set(names))
    while await chosen.count() > 3:
        await chosen.first.locator(".el-tag__close").click()
    left = await chosen.count()
    await planner.take_off_at(0, 0)
    await planner.work_out()
    facts = page.locator(".el-descriptions")
    await expect(facts).to_contain_text(f"{left} 张")
