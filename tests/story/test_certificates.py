"""亮证 → 扫码 → 当事人留存, and a record that came back: an officer's phone without signal, and a stranger's browser."""

from __future__ import annotations

from pathlib import Path

import httpx
from playwright.async_api import Page, expect

from tests.means.documents.papers import pages
from tests.story.faces import browser as browsers
from tests.story.faces.browser import Machine
from tests.story.faces.house import House
from tests.story.faces.office import Desk
from tests.story.faces.pocket import Pocket

TASK = "示例：涂装车间检查"
PRODUCTION = "示例：喷漆线正常生产"
ANSWER = "示例：三月一日起停运，共两次"


async def send_two_officers(house: House) -> None:
    """A task waits on the phones of two officers of two districts."""
    async with httpx.AsyncClient(base_url=f"{house.desk.address}/api") as http:
        signed = await http.post("/session", json={"login": "huaiyin", "password": house.password})
        http.headers["Authorization"] = f"Bearer {signed.json()['token']}"
        found = (await http.get("/sources", params={"q": "示例槐荫涂装"})).json()["items"][0]
        draft = {"kind": "routine", "title": TASK, "source_id": found["id"], "matters": ["air"]}
        task = (await http.post("/tasks", json=draft)).raise_for_status().json()
        officers = (await http.get("/officers", params={"limit": 500})).json()["items"]
        ids = [one["id"] for name in ("示例槐荫01", "示例市中01") for one in officers if one["name"] == name]
        body = {"officer_ids": ids, "lead_officer_id": ids[0]}
        (await http.post(f"/tasks/{task['id']}/assign", json=body)).raise_for_status()


async def test_certificates_are_shown_scanned_and_the_record_taken_home(
    house: House, machine: Machine, tmp_path: Path
) -> None:
    await send_two_officers(house)
    phone = Pocket(await machine.phone(lon=116.9, lat=36.65), house.desk.address)
    party = await machine.phone(lon=116.9, lat=36.65)
    await phone.sign_in("huaiyin01", house.password)
    await phone.prepare(TASK)
    await phone.lose_signal()
    await phone.accept()
    await phone.arrive()
    code = await certificates_are_shown(phone)
    await the_enterprise_scans(party, code)
    await the_record_is_filled_in(phone)
    await a_foreman_is_asked(phone)
    await phone.sign_all("示例厂长")
    await phone.step("submit")
    await phone.on("hand-in").click()
    await phone.page.get_by_role("dialog").get_by_role("button", name="提交", exact=True).click()
    await expect(phone.on("handed-in")).to_be_visible()
    total = await phone.total()
    await phone.find_signal()
    await phone.counts(total=total, accepted=total)
    await the_party_takes_its_copy(party, tmp_path)
    await the_leader_returns_it(house, machine)
    await it_is_amended_and_handed_in_again(phone)
    await the_office_sees_what_was_amended(house, machine)


async def certificates_are_shown(phone: Pocket) -> str:
    """The phone, which has no network, draws the code by itself; what stands behind it."""
    await phone.on("badge-first").click()
    shown = phone.on("certificates")
    for words in ("示例槐荫01", "示例市中01", "有效期"):
        await expect(shown).to_contain_text(words)
    code = await phone.on("qr").get_attribute("data-text")
    assert code is not None
    await phone.on("badge-seen").click()
    await expect(phone.on("badge-first")).to_have_count(0)  # it is on record
    return code


async def the_enterprise_scans(party: Page, code: str) -> None:
    await party.goto(code)
    visit = party.locator("[data-test=visit]")
    for words in ("示例槐荫01", "示例市中01", "示例槐荫涂装", "行政处罚法", "申请回避", "12345"):
        await expect(visit).to_contain_text(words)
    await expect(visit).to_contain_text("尚未到场签到")  # the phone has had no signal yet
    assert await party.evaluate("document.documentElement.scrollWidth") <= browsers.PHONE[0]


async def the_record_is_filled_in(phone: Pocket) -> None:
    page = phone.page
    await phone.step("party")
    await page.get_by_role("button", name="听清楚了，不申请回避").click()
    await page.locator("input[name=manager_name]").fill("示例厂长")
    await page.locator("textarea[name=production]").fill(PRODUCTION)
    await phone.drafted(PRODUCTION)
    await phone.reload()  # a draft at every stroke
    await expect(page.locator("textarea[name=production]")).to_have_value(PRODUCTION)
    await page.locator("textarea[name=record_conclusion]").fill("示例：未发现问题")
    await phone.on("save-particulars").click()
    await expect(phone.on("save-particulars")).to_be_disabled()


async def a_foreman_is_asked(phone: Pocket) -> None:
    page = phone.page
    await phone.on("new-interview").click()
    save = phone.on("save-interview")
    await page.locator("input[name=person_name]").fill("示例班长")
    await expect(save).to_be_disabled()  # nothing was asked yet
    await phone.on("ask-act").click()
    await page.locator("textarea[name=answer-0]").fill(ANSWER)
    await save.click()
    await expect(page.locator("[data-test^=asked-]")).to_have_count(3)
    for signer in await page.locator("[data-test^=asked-]").all():
        await signer.locator("[data-test=sign-interview]").click()
        await phone.read_all()
        await phone.draw()
        await phone.on("signed").click()
        await expect(signer.locator(".signature")).to_be_visible()
    await page.get_by_role("button", name="返回").click()
    await expect(phone.on("interview")).to_contain_text("1 问 · 签字 3")


async def the_party_takes_its_copy(party: Page, tmp_path: Path) -> None:
    await party.reload()
    link = party.locator("[data-test=paper]")
    await expect(link).to_be_visible()
    async with party.expect_download() as download:
        await link.click()
    target = tmp_path / "copy.pdf"
    await (await download.value).save_as(target)
    text = "".join(pages(target.read_bytes()))
    for words in ("示例厂长", PRODUCTION, "当事人已过目，无异议", "听清楚了，不申请回避", "示例：未发现问题"):
        assert words in text
    assert "签名：未签名" not in text


async def the_leader_returns_it(house: House, machine: Machine) -> None:
    leader = Desk(await machine.seat(browsers.OFFICE), house.desk.address)
    await leader.sign_in("huaiyin-leader", house.password)
    await leader.go("/inspections")
    await leader.page.locator(".el-table__row a").first.click()
    await leader.is_in_state("已提交")
    dialog = await leader.open("退回补正")
    await dialog.locator("textarea").fill("示例：请补充废气走向")
    await leader.confirm(dialog, "退回")
    await leader.done("已退回，执法人员手机上可见意见")
    await leader.is_in_state("退回待补正")
    await leader.page.context.close()


async def it_is_amended_and_handed_in_again(phone: Pocket) -> None:
    page = phone.page
    await page.goto(f"{phone.address}/mobile/#/")
    await phone.reload()
    await expect(phone.on("task").filter(has_text="退回待补正")).to_be_visible()
    await phone.on("task").filter(has_text="退回待补正").click()
    await phone.on("visit").click()
    back = phone.on("returned")
    await expect(back).to_contain_text("示例：请补充废气走向")
    await expect(phone.on("hand-in-again")).to_be_disabled()  # nothing was amended
    await back.get_by_role("button", name="整份记录").click()
    await page.locator("textarea[name=amend_words]").fill("示例：废气经15米排气筒排放")
    await back.get_by_role("button", name="现场漏记").click()
    await phone.on("amend").click()
    await phone.on("hand-in-again").click()
    await page.get_by_role("dialog").get_by_role("button", name="提交", exact=True).click()
    await expect(back).to_contain_text("已补正并重新提交")
    total = await phone.total()
    await phone.counts(total=total, accepted=total)


async def the_office_sees_what_was_amended(house: House, machine: Machine) -> None:
    desk = Desk(await machine.seat(browsers.OFFICE), house.desk.address)
    await desk.sign_in("huaiyin", house.password)
    await desk.go("/inspections")
    await desk.page.locator(".el-table__row a").first.click()
    await desk.is_in_state("已提交")
    await expect(desk.page.locator("[data-test=amended]")).to_contain_text("示例：废气经15米排气筒排放")
    for name in ("record-pdf", "record-zip"):
        address = await desk.page.locator(f"[data-test={name}]").get_attribute("href")
        answer = await desk.page.request.get(f"{house.desk.address}{address}")
        assert answer.ok, name
    await desk.page.locator("[data-test=install-code]").click()
    code = desk.page.get_by_role("dialog").locator("[data-test=qr]")
    await expect(code).to_have_attribute("data-text", f"{house.desk.address}/mobile/")
    await desk.page.context.close()
