"""实时调度: an alarm on the screen, whoever is near is sent, his answer is seen step by step, and silence is urged."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Locator, Page, expect
from sqlalchemy import update

from liandong.demo.people_at_work import Person, sign_in
from liandong.demo.phone import Phone
from liandong.kernel.clock import now
from liandong.kernel.db import Role
from liandong.work.dispatch.chasing import chase_unanswered
from liandong.work.dispatch.tables import Task
from tests.story.faces import browser as browsers
from tests.story.faces.browser import Machine
from tests.story.faces.house import House
from tests.story.faces.office import Desk
from tests.story.faces.pocket import Pocket
from tests.story.faces.wall import Wall
from tests.story.test_recorders import no_sideways

ALARM = "示例：厂区北侧有黄烟，气味刺鼻"
PLACE = {"lon": 116.9, "lat": 36.65}
CAR = "示例执法车一号"
NEAR_NORTH_DEG = 0.0108
"""1.2 kilometres."""
LOOKED_AT = "document.dispatchEvent(new Event('visibilitychange'))"
"""Somebody takes the phone out of the pocket: the app asks at once instead of within twenty seconds."""
OFFICE = (1366, 768)
KEPT = os.environ.get("KEEP_PICTURES_IN")


@dataclass
class Room:
    """The dispatcher before the screen, and an officer with a phone."""

    house: House
    screen: Page
    phone: Pocket
    officers: dict[str, Person]

    @property
    def order(self) -> Locator:
        """The panel of the chosen order."""
        return self.screen.locator("section.order")

    def candidate(self, login: str) -> Locator:
        """The line of an officer who could be sent."""
        return self.screen.locator(f".nearest [data-officer='{self.officers[login].officer_id}']")

    async def stands_at(self, login: str, step: str) -> None:
        """So far has the order come with this officer, and the screen shows it by itself."""
        row = self.screen.locator(f".answers [data-officer='{self.officers[login].officer_id}']")
        await expect(row).to_have_attribute("data-step", step)

    async def keep_picture(self, name: str) -> None:
        """Both faces as they are now, for whoever wants to look."""
        if KEPT:
            await self.screen.screenshot(path=Path(KEPT) / f"dispatch-{name}.png")
            await self.phone.page.screenshot(path=Path(KEPT) / f"dispatch-{name}-phone.png")


@pytest.fixture
async def room(house: House, machine: Machine) -> AsyncIterator[Room]:
    screen = await machine.seat(browsers.SCREEN)
    phone = Pocket(await machine.phone(**PLACE), house.desk.address)
    async with httpx.AsyncClient(base_url=house.desk.address) as http:
        logins = ("huaiyin", "huaiyin01", "huaiyin02", "huaiyin03")
        people = {login: await sign_in(http, login, house.password) for login in logins}
        await an_officer_is_on_the_road(people)
        await people["huaiyin"].post("/clues", {"kind": "alarm", "description": ALARM, "element": "air", **PLACE})
        yield Room(house, screen, phone, people)
    await screen.context.close()
    await phone.page.context.close()


async def an_officer_is_on_the_road(people: dict[str, Person]) -> None:
    """Three are on duty; two of them are on their way to another task, one has just said where he is."""
    desk, one, two = people["huaiyin"], people["huaiyin01"], people["huaiyin02"]
    for officer in (one, two, people["huaiyin03"]):
        await officer.post("/duty", {"is_on_duty": True})
    task = await desk.post("/tasks", {"kind": "routine", "title": "示例：在途任务"})
    body = {"officer_ids": [one.officer_id, two.officer_id], "lead_officer_id": one.officer_id}
    await desk.post(f"/tasks/{task['id']}/assign", body)
    phone = Phone(one.http, one.token, task["id"], **PLACE)
    phone.do("accept_task", {})
    await phone.send()
    fix = {
        "lon": PLACE["lon"],
        "lat": PLACE["lat"] + NEAR_NORTH_DEG,
        "accuracy_m": 8.0,
        "happened_at": now().isoformat(),
    }
    await one.post("/positions", {"task_id": task["id"], "fixes": [fix]})


async def a_car_is_on_the_road(room: Room) -> None:
    """A car on record says where it is, by a protocol that trackers speak."""
    desk = room.officers["huaiyin"]
    made = await desk.post("/trackers", {"kind": "vehicle", "title": CAR})
    said = {"id": made["key"], "timestamp": int(now().timestamp()), "speed": 12, "bearing": 90}
    answer = await desk.http.get("/api/osmand", params={**said, "lat": PLACE["lat"] + 0.01, "lon": PLACE["lon"] - 0.03})
    assert answer.is_success, answer.text


async def test_from_the_alarm_to_the_officers_answer(room: Room) -> None:
    await Wall(room.screen, room.house.wall.address).sign_in("huaiyin", room.house.password)
    await a_car_is_on_the_road(room)
    await expect(room.screen.locator("[data-count=vehicle]")).to_have_text("1")
    await room.phone.sign_in("huaiyin03", room.house.password)
    await room.screen.keyboard.press("d")
    await room.screen.locator("[data-stage=clue]").click()
    await expect(room.order).to_contain_text(ALARM)
    await room.keep_picture("1-alarm")
    await room.screen.locator("[data-deed=take-up]").click()

    await expect(room.candidate("huaiyin01")).to_contain_text("1.2 公里")
    await expect(room.candidate("huaiyin01")).to_contain_text("已签收")
    await expect(room.candidate("huaiyin03")).to_contain_text("位置未知")
    await expect(room.candidate("huaiyin03")).to_contain_text("空闲")
    await room.screen.get_by_role("button", name="3 公里").click()
    await expect(room.candidate("huaiyin03")).to_have_count(0)
    await room.candidate("huaiyin01").click()
    await room.screen.get_by_role("button", name="全部在岗").click()
    await room.candidate("huaiyin03").click()
    await room.keep_picture("2-near")
    await room.screen.locator("[data-deed=assign]").click()

    await room.stands_at("huaiyin03", "sent")
    await room.phone.page.evaluate(LOOKED_AT)
    news = room.phone.page.locator(".van-notify", has_text="新任务")
    await expect(news).to_be_visible()
    await room.stands_at("huaiyin03", "received")
    await room.keep_picture("3-received")
    await news.click()
    await room.stands_at("huaiyin03", "read")
    await no_sideways(room.phone.page)
    await room.phone.accept()
    await room.stands_at("huaiyin03", "accepted")
    await room.stands_at("huaiyin01", "sent")

    await silence_is_found_out(room)
    await room.screen.get_by_label("催办内容").fill("示例：请速到现场")
    await room.screen.locator("[data-deed=urge]").click()
    await expect(room.order).to_contain_text("催办 2 次")
    await room.phone.page.evaluate(LOOKED_AT)
    await expect(room.phone.page.locator(".van-notify", has_text="示例：请速到现场")).to_be_visible()
    await room.keep_picture("4-urged")
    await it_is_played_again(room)


async def it_is_played_again(room: Room) -> None:
    """The last hours as they went: at their end everything that was done is told, at their beginning nothing."""
    screen = room.screen
    await screen.locator("h1").click()  # out of the field: a letter there is a letter
    await screen.keyboard.press("r")
    told = screen.locator(".told")
    await expect(told).to_contain_text("2 条轨迹")
    await expect(told.locator("ol li")).to_have_count(0)
    axis = screen.get_by_label("时间", exact=True)
    await axis.press("End")
    await expect(told).to_contain_text("已自动催办")
    await room.keep_picture("5-replay")
    await axis.press("Home")
    await expect(told.locator("ol li")).to_have_count(0)
    await screen.get_by_role("button", name="×300").click()
    before = await screen.locator("[data-now]").text_content()
    await screen.locator("[data-deed=play]").click()
    await expect(screen.locator("[data-now]")).not_to_have_text(before or "")


async def silence_is_found_out(room: Room) -> None:
    """A quarter of an hour has gone by, as far as the timetable knows."""
    await expect(room.screen.locator("[data-stage=waiting]").first).to_contain_text("签收剩")
    async with room.house.db.transaction(Role.worker) as session:
        await session.execute(update(Task).values(answer_by_at=now() - timedelta(minutes=1)))
        await chase_unanswered(session)
    await expect(room.screen.locator("[data-stage=late]").first).to_contain_text("超时")
    await expect(room.order).to_contain_text("超时自动催办")


async def test_a_device_is_registered_at_the_desk_and_reports_with_the_key_that_was_told(
    house: House, machine: Machine
) -> None:
    page = await machine.seat(OFFICE)
    desk = Desk(page, house.desk.address)
    await desk.sign_in("huaiyin", house.password)
    await page.get_by_role("link", name="定位设备").click()
    dialog = await desk.open("登记设备")
    await dialog.get_by_label("名称").fill("示例鲁A00000")
    await desk.confirm(dialog, "登记")
    told = page.get_by_role("dialog", name="“示例鲁A00000”的密钥")
    first = await told.locator("[data-test=key]").inner_text()
    await expect(page.get_by_role("dialog")).to_have_count(1)  # the one before still fades away
    if KEPT:
        await page.screenshot(path=Path(KEPT) / "trackers-key.png")
    await told.get_by_role("button", name="已记下").click()
    row = page.locator("[data-test=trackers] tr").filter(has_text="示例鲁A00000")
    async with httpx.AsyncClient(base_url=house.desk.address) as http:
        assert await reports(http, first) == 200
        await row.get_by_role("button", name="换密钥").click()
        second = await told.locator("[data-test=key]").inner_text()
        assert second != first
        assert await reports(http, second) == 200
    await told.get_by_role("button", name="已记下").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    if KEPT:
        await page.screenshot(path=Path(KEPT) / "trackers.png")
    await row.get_by_role("button", name="停用").click()
    closing = page.get_by_role("dialog", name="停用设备")
    await closing.get_by_label("原因").fill("示例：车辆报废")
    await desk.confirm(closing, "停用")
    await expect(row).to_contain_text("已停用：示例：车辆报废")
    await page.goto(f"{house.desk.address}/office/#/missions/aircraft")
    await expect(page.get_by_role("heading", name="无人机登记")).to_be_visible()
    if await (link := page.locator("[data-test=link]").first).count():
        await link.click()
        dialog = page.get_by_role("dialog")
        await desk.confirm(dialog, "关联")
        assert len(await dialog.locator("[data-test=passphrase]").inner_text()) >= 20
        if KEPT:
            await page.screenshot(path=Path(KEPT) / "autopilot.png")
    await page.context.close()


async def reports(http: httpx.AsyncClient, key: str) -> int:
    """A device says where it is, as Traccar Client does; the answer's status."""
    said = {"id": key, "timestamp": int(now().timestamp()), "lat": PLACE["lat"], "lon": PLACE["lon"]}
    return (await http.post("/api/osmand", data=said)).status_code
