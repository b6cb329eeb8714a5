"""A phone with a camera and a microphone, without signal: what is recorded on it reaches the office as it was recorded."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from playwright.async_api import Page, expect

from tests.seat import digest
from tests.story.faces import browser as browsers
from tests.story.faces.browser import FAKE_MEDIA, Machine
from tests.story.faces.house import House
from tests.story.faces.office import Desk
from tests.story.faces.pocket import Pocket
from tests.story.faces.recorders import Recorders
from tests.story.test_faces import picture

BROWSER_FLAGS = FAKE_MEDIA
TASK = "示例：录音录像核查"
FACTS = "示例：治理设施停运，现场有刺鼻气味"
WORDS = "示例：已恢复运行"


@pytest.fixture
async def office(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """The dispatcher at the API."""
    async with httpx.AsyncClient(base_url=house.desk.address) as http:
        answer = await http.post("/api/session", json={"login": "huaiyin", "password": house.password})
        assert answer.is_success, answer.text
        yield http


async def send_two(office: httpx.AsyncClient, kind: str, title: str) -> None:
    """Two officers are sent to a source that has a position."""
    source = (await office.get("/api/sources", params={"limit": 1})).json()["items"][0]
    drafted = {"kind": kind, "title": title, "source_id": source["id"], "matters": []}
    task = (await office.post("/api/tasks", json=drafted)).json()
    officers = (await office.get("/api/officers", params={"q": "示例槐荫"})).json()["items"]
    ids = [officer["id"] for officer in officers if officer["name"] in ("示例槐荫01", "示例槐荫02")]
    assert len(ids) == 2, officers
    answer = await office.post(f"/api/tasks/{task['id']}/assign", json={"officer_ids": ids, "lead_officer_id": ids[0]})
    assert answer.is_success, answer.text


async def no_sideways(page: Page) -> None:
    """Nothing on the page is wider than the phone."""
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} scrolls sideways by {wide} px"


async def visit_of(office: httpx.AsyncClient) -> dict[str, Any]:
    newest = (await office.get("/api/inspections", params={"limit": 1})).json()["items"][0]
    return (await office.get(f"/api/inspections/{newest['id']}")).json()  # type: ignore[no-any-return]


async def test_what_is_recorded_without_signal_reaches_the_office(
    house: House, machine: Machine, office: httpx.AsyncClient
) -> None:
    await send_two(office, "routine", TASK)
    phone = Pocket(await machine.phone(lon=116.9, lat=36.65, hears=True), house.desk.address)
    await phone.sign_in("huaiyin01", house.password)
    await phone.prepare(TASK)
    await phone.lose_signal()
    for page in ("law", "map"):
        await phone.on(f"to-{page}").click()
        await expect(phone.on("basis").first if page == "law" else phone.on("map")).to_be_visible()
        await no_sideways(phone.page)
        await phone.page.go_back()
    await phone.accept()
    await phone.arrive()
    await nothing_covers_the_last_answer(phone)
    await phone.find_problem("废气", "较重", FACTS, "示例：立即恢复")
    await phone.photograph(picture("整改前", 1), "示例：停运的装置")
    recorders = Recorders(phone)
    await recorders.put_right(picture("整改后", 2), WORDS)
    await phone.step("photos")
    await recorders.record("video", "治理设施运行状况")
    await recorders.record("voice", "违法行为现场")
    await recorders.sketch("厂容厂貌与位置")
    await recorders.sample("示例-01")
    await no_sideways(phone.page)
    await phone.reload()
    await expect(phone.on("photo")).to_have_count(5)  # two photos, three recordings: all of it outlives the page
    await expect(phone.on("outbox")).to_contain_text("已签收 0")
    total = await phone.total()
    await phone.find_signal()
    await phone.counts(total=total, accepted=total)
    await phone.all_files_sent()
    await it_is_all_there(office)
    await the_office_sees_before_and_after(house, machine, office)
    await phone.page.context.close()


async def nothing_covers_the_last_answer(phone: Pocket) -> None:
    """The lowest answer in sight takes a finger: no button floats over it."""
    covered = await phone.page.evaluate(
        """() => {
            const dock = document.querySelector(".dock").getBoundingClientRect();
            const last = [...document.querySelectorAll("[data-test^=answer-]")]
                .map((one) => one.getBoundingClientRect()).filter((box) => box.bottom <= dock.top);
            return last.filter((box) => {
                const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                return box.top > 120 && !top?.closest("[data-test^=answer-]");
            }).length;
        }"""
    )
    assert covered == 0


async def it_is_all_there(office: httpx.AsyncClient) -> None:
    visit = await visit_of(office)
    kinds = sorted(item["kind"] for item in visit["photos"])
    assert kinds == ["photo", "photo", "sketch", "video", "voice_note"]
    for item in visit["photos"]:
        original = await office.get(f"/api/evidence/{item['id']}/file")
        assert digest(original.content) == item["sha256"]
        if item["kind"] in ("video", "voice_note"):
            assert 2 <= item["details"]["length_s"] <= 10
            assert original.headers["content-type"].startswith("video/" if item["kind"] == "video" else "audio/")
        if item["kind"] == "sketch":
            assert len(item["details"]["strokes"]) == 1  # the other was taken back
            assert [key for _, _, key in item["details"]["stamps"]] == ["outlet"]
    assert [sample["said"]["number"] for sample in visit["samples"]] == ["示例-01"]


async def the_office_sees_before_and_after(house: House, machine: Machine, office: httpx.AsyncClient) -> None:
    [problem] = (await office.get("/api/problems")).json()["items"]
    assert problem["state"] == "claimed"
    desk = Desk(await machine.seat(browsers.OFFICE), house.desk.address)
    await desk.sign_in("huaiyin-leader", house.password)
    await desk.go(f"/problems/{problem['id']}")
    pair = desk.page.locator("[data-test=before-after]")
    await expect(pair).to_contain_text("示例厂长确认")
    await expect(pair.locator("img")).to_have_count(2)
    await pair.get_by_text("水印副本").click()
    copies = pair.locator("img[src^='blob:']")
    await expect(copies).to_have_count(2)
    saved = pair.get_by_role("link", name="下载副本")
    await expect(saved).to_have_count(2)
    await desk.page.context.close()


async def test_an_assistance_visit_is_noted_and_has_no_way_to_record_a_problem(
    house: House, machine: Machine, office: httpx.AsyncClient
) -> None:
    title = "示例：帮扶走访"
    await send_two(office, "assistance", title)
    phone = Pocket(await machine.phone(lon=116.9, lat=36.65), house.desk.address)
    await phone.sign_in("huaiyin02", house.password)
    await phone.prepare(title)
    await phone.accept()
    await phone.on("arrive").click()
    await phone.on("sign-in-on-site").click()
    await expect(phone.on("support")).to_be_visible()
    for step in ("list", "problems", "sign"):
        await expect(phone.on(f"step-{step}")).to_have_count(0)
    await phone.page.locator("textarea[name=asked]").fill("示例：如何记台账")
    await phone.page.locator("input[name=advice]").first.fill("示例：补记活性炭更换")
    await expect(phone.on("save-support")).to_be_disabled()  # to how many people?
    await phone.page.locator("input[name=people]").fill("4")
    await phone.on("save-support").click()
    await no_sideways(phone.page)
    await phone.hand_in("示例：已帮扶")
    total = await phone.total()
    await phone.counts(total=total, accepted=total)
    visit = await visit_of(office)
    assert (visit["kind"], visit["state"], visit["support"]["people_count"]) == ("assistance", "submitted", 4)
    await phone.page.context.close()
