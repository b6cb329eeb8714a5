"""The whole path as people walk it: three faces in a real browser, real processes, and a phone without signal."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from playwright.async_api import FilePayload, expect

from liandong.demo.phone import sample_picture
from tests.story.faces import browser as browsers
from tests.story.faces.house import House, open_house
from tests.story.faces.office import Desk
from tests.story.faces.pocket import Pocket
from tests.story.faces.wall import Wall

CLUE = "示例：厂区北侧有黄烟，气味刺鼻"
TASK = "示例：黄烟联合核查"
FACTS = "示例：喷漆房活性炭吸附装置停运，现场有刺鼻气味"


@dataclass
class Walk:
    """The people of the walk, each with a browser of their own."""

    house: House
    desk: Desk
    leader: Desk
    wall: Wall
    phone: Pocket
    clue_title: str = ""
    problem_page: str = ""


def picture(name: str, seed: int) -> FilePayload:
    """A real picture that shows nothing."""
    return {"name": f"示例{name}.png", "mimeType": "image/png", "buffer": sample_picture(seed)}


@pytest.fixture
async def walk() -> AsyncIterator[Walk]:
    async with open_house() as house, browsers.open_browser() as browser:
        walk = Walk(
            house,
            Desk(await browsers.seat(browser, browsers.OFFICE), house.desk.address),
            Desk(await browsers.seat(browser, browsers.OFFICE), house.desk.address),
            Wall(await browsers.seat(browser, browsers.SCREEN), house.wall.address),
            Pocket(await browsers.phone(browser, lon=116.9, lat=36.65), house.desk.address),
        )
        await walk.desk.sign_in("huaiyin", house.password)
        await walk.leader.sign_in("huaiyin-leader", house.password)
        await walk.wall.sign_in("wall", house.password)
        yield walk


async def test_a_problem_is_closed_out_across_the_three_faces(walk: Walk) -> None:
    await walk.wall.counts(on_site=0, open=0, overdue=0, closed_today=0)
    await a_clue_is_received(walk)
    await it_is_accepted_and_two_officers_are_sent(walk)
    await they_work_without_signal(walk)
    await the_signal_comes_back(walk)


async def a_clue_is_received(walk: Walk) -> None:
    desk = walk.desk
    await desk.find_source("示例槐荫涂装")
    dialog = await desk.open("登记线索")
    await desk.choose(dialog, "来源", "无人机疑似点位")
    await dialog.locator("textarea").fill(CLUE)
    await desk.pick_place(dialog)
    await desk.confirm(dialog, "登记")
    await walk.wall.clue_waits(1)
    await desk.done("线索已登记")
    await desk.is_in_state("已接收")


async def it_is_accepted_and_two_officers_are_sent(walk: Walk) -> None:
    desk = walk.desk
    dialog = await desk.open("受理并生成任务")
    await dialog.get_by_label("任务名称").fill(TASK)
    await desk.choose(dialog, "执法方式", "联合")
    await desk.confirm(dialog, "受理")
    await walk.wall.clue_waits(0)
    await desk.done("已受理，任务待派")
    await desk.is_in_state("待派")
    dialog = await desk.open("派发")
    assign = dialog.get_by_role("button", name="派发", exact=True)
    await desk.choose_officer(dialog, "示例槐荫01")
    await expect(assign).to_be_disabled()  # one officer is not enough
    await desk.choose_officer(dialog, "示例市中01")
    await desk.confirm(dialog, "派发")
    await walk.wall.tells(TASK)
    await desk.done("任务已派发")
    await desk.is_in_state("已派")


async def they_work_without_signal(walk: Walk) -> None:
    phone = walk.phone
    await phone.sign_in("huaiyin01", walk.house.password)
    await phone.prepare(TASK)
    await phone.lose_signal()
    await phone.accept()
    await phone.arrive()
    answered = await phone.answer_all()
    assert answered > 0
    await phone.find_problem("废气", "较重", FACTS, "示例：立即恢复治理设施运行")
    await phone.photograph(picture("停运的装置", 1), "示例：证明治理设施停运")
    await phone.reload()
    await phone.step("problems")
    await expect(phone.on("problem")).to_contain_text(FACTS)
    assert await phone.sign_all("示例厂长") == 3
    await phone.hand_in("示例：发现问题一个，已责令改正")
    await phone.reload()
    await expect(phone.on("handed-in")).to_be_visible()
    # signed for, arrived, one problem, one picture, three signatures, handed in
    await phone.counts(total=8 + answered, accepted=0)
    await walk.wall.counts(on_site=0, open=0)


async def the_signal_comes_back(walk: Walk) -> None:
    total = await walk.phone.total()
    await walk.phone.find_signal()
    await walk.phone.counts(total=total, accepted=total)
    await walk.wall.counts(on_site=0, open=1, overdue=0, closed_today=0)
    await walk.desk.is_in_state("已反馈")
