"""The whole path as people walk it: three faces in a real browser, real processes, and a phone without signal."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from playwright.async_api import FilePayload, expect

from liandong.demo.phone import sample_picture
from tests.registers.sources.made import credit_code
from tests.story.faces import browser as browsers
from tests.story.faces.browser import Machine
from tests.story.faces.house import House
from tests.story.faces.office import Desk
from tests.story.faces.pocket import Pocket
from tests.story.faces.wall import SOON_MS, Wall
from tests.story.faces.wizard import Wizard

CLUE = "示例：厂区北侧有黄烟，气味刺鼻"
TASK = "示例：黄烟联合核查"
FACTS = "示例：喷漆房活性炭吸附装置停运，现场有刺鼻气味"
DEMAND = "示例：立即恢复治理设施运行"


@dataclass
class Walk:
    """The people of the walk, each with a browser of their own."""

    house: House
    desk: Desk
    leader: Desk
    wall: Wall
    phone: Pocket


def picture(name: str, seed: int) -> FilePayload:
    """A real picture that shows nothing."""
    return {"name": f"示例{name}.png", "mimeType": "image/png", "buffer": sample_picture(seed)}


@pytest.fixture
async def walk(house: House, machine: Machine) -> AsyncIterator[Walk]:
    walk = Walk(
        house,
        Desk(await machine.seat(browsers.OFFICE), house.desk.address),
        Desk(await machine.seat(browsers.OFFICE), house.desk.address),
        Wall(await machine.seat(browsers.SCREEN), house.wall.address),
        Pocket(await machine.phone(lon=116.9, lat=36.65), house.desk.address),
    )
    await walk.desk.sign_in("huaiyin", house.password)
    await walk.leader.sign_in("huaiyin-leader", house.password)
    await walk.wall.sign_in("wall", house.password)
    yield walk
    for page in (walk.desk.page, walk.leader.page, walk.wall.page, walk.phone.page):
        await page.context.close()


async def test_a_problem_is_closed_out_across_the_three_faces(walk: Walk) -> None:
    await walk.wall.counts(on_site=0, open=0, overdue=0, closed_today=0)
    await a_clue_is_received(walk)
    await it_is_accepted_and_two_officers_are_sent(walk)
    await they_work_without_signal(walk)
    await the_signal_comes_back(walk)
    before = (await walk.house.news())[-1][0]
    await the_wall_loses_its_server_while_the_factory_is_ordered(walk)
    await the_factory_claims(walk)
    await who_claimed_cannot_close_it_out(walk)
    await somebody_else_closes_it_out(walk)
    await it_has_relapsed_and_officers_are_sent_again(walk)
    await the_wall_told_what_the_ledger_holds(walk, since=before)


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
    await phone.find_problem("废气", "较重", FACTS, DEMAND)
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


async def the_wall_loses_its_server_while_the_factory_is_ordered(walk: Walk) -> None:
    desk, wall = walk.desk, walk.wall
    await walk.house.wall.kill()
    await wall.is_dropped()
    await desk.go("/problems")
    await desk.page.get_by_role("row", name=FACTS).get_by_role("link").click()
    await desk.is_in_state("已发现")
    dialog = await desk.open("责令改正")
    await expect(dialog.locator("textarea")).to_have_value(DEMAND)  # as the officer wrote it on the phone
    await desk.confirm(dialog, "责令改正")
    await desk.done("已责令改正")
    await desk.is_in_state("已责令")
    await walk.house.wall.start()
    await wall.is_live()
    await wall.has_caught_up(await walk.house.news())


async def the_factory_claims(walk: Walk) -> None:
    dialog = await walk.desk.open("申请销号")
    claim = dialog.get_by_role("button", name="提交申请", exact=True)
    await dialog.locator("textarea").fill("示例：装置已恢复运行，更换活性炭")
    await expect(claim).to_be_disabled()  # words alone prove nothing
    await walk.desk.seal(dialog, picture("装置运行", 2))
    await claim.click()
    await expect(walk.wall.page.locator(".problems .state-tag")).to_contain_text("申请销号", timeout=SOON_MS)
    await walk.desk.done("已申请销号")


async def who_claimed_cannot_close_it_out(walk: Walk) -> None:
    await walk.desk.is_in_state("申请销号")
    await expect(walk.desk.page.locator("[data-test=own-claim]")).to_contain_text("申请销号的人不能自己核销")
    await expect(walk.desk.page.get_by_role("button", name="销号", exact=True)).to_have_count(0)


async def somebody_else_closes_it_out(walk: Walk) -> None:
    leader, wall = walk.leader, walk.wall
    await leader.page.goto(walk.desk.page.url)
    dialog = await leader.open("销号")
    await dialog.locator("textarea").fill("示例：经现场核查，整改到位")
    await leader.confirm(dialog, "销号")
    await wall.counts(open=0, overdue=0, closed_today=1)
    await leader.done("已销号")
    await leader.is_in_state("已销号")
    [row] = await (await wall.rows_of("closed_today")).all()
    await expect(row).to_contain_text("示例槐荫涂装")
    await expect(row).to_contain_text("废气")
    await row.get_by_role("button").click()
    await expect(wall.page.get_by_role("dialog")).to_contain_text("已销号")
    await wall.close_rows()


async def it_has_relapsed_and_officers_are_sent_again(walk: Walk) -> None:
    desk = walk.desk
    await desk.is_in_state("已销号")
    sent = desk.page.locator(".sent a")
    await expect(sent).to_have_count(0)
    dialog = await desk.open("记录回头看")
    await dialog.get_by_text("回潮", exact=True).click()
    await dialog.locator("textarea").fill("示例：装置再次停运")
    await desk.seal(dialog, picture("再次停运", 3))
    await desk.confirm(dialog, "记录")
    await walk.wall.counts(open=1)
    await desk.done("已记为回潮，系统将生成复查任务")
    await desk.is_in_state("回潮")
    await sent.click()  # nobody made this task
    await desk.is_in_state("待派")
    await expect(desk.page.locator(".el-descriptions")).to_contain_text("回头看")


async def the_wall_told_what_the_ledger_holds(walk: Walk, since: int) -> None:
    news = await walk.house.news()
    await walk.wall.has_caught_up(news)
    told = await walk.wall.told()
    assert len({seq for seq, _ in told}) == len(told)  # nothing twice
    assert set(told) <= set(news)  # and nothing else than what happened
    assert sorted(line for line in told if line[0] > since) == [line for line in news if line[0] > since]


async def test_a_register_is_taken_in_by_hand(house: House, machine: Machine) -> None:
    desk = Desk(await machine.seat(browsers.OFFICE), house.desk.address)
    await desk.sign_in("changqing", house.password)
    wizard = Wizard(desk)
    for created, unchanged in ((2, 0), (0, 2)):  # the second time changes nothing
        await wizard.open()
        await wizard.take(dirty_register())
        await expect(desk.page.get_by_text("gb18030")).to_be_visible()
        await expect(wizard.field("统一社会信用代码")).to_contain_text(credit_code(1))  # guessed from the header
        await expect(desk.page.get_by_text("必填字段未对应：单位名称")).to_be_visible()
        await expect(wizard.carry_out()).to_be_disabled()
        await wizard.map("单位名称", "门口标牌")
        await wizard.carry_out().click()
        await wizard.reports(读入行=3, 新增=created, 更新=0, 未变=unchanged, 拒收=1)
        [[row, field, value, reason]] = await wizard.rejected()
        assert (row, field, value) == ("3", "统一社会信用代码", wrong_code())
        assert "校验" in reason
    assert await desk.find_source("示例新厂甲") == "示例新厂甲"
    await desk.page.context.close()


def wrong_code() -> str:
    """A credit code whose check digit is not the right one."""
    right = credit_code(2)
    return right[:-1] + ("0" if right[-1] != "0" else "1")


def dirty_register() -> FilePayload:
    """A register as a district sends it: another name for a column, an old encoding, a mistake in the second row."""
    codes = credit_code(1), wrong_code(), credit_code(3)
    names = ("示例新厂甲", "示例新厂乙", "示例新厂丙")
    lines = ["门口标牌,信用代码,区划代码", *(f"{name},{code},370113" for name, code in zip(names, codes, strict=True))]
    return {"name": "示例名录.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode("gb18030")}
