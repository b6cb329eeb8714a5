"""A day of one officer, screen by screen: whoever walks it is called at each screen, with data in it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx
from playwright.async_api import FilePayload, expect

from liandong.demo.phone import sample_picture
from tests.story.faces.pocket import SENT_MS, Pocket
from tests.story.faces.recorders import Recorders

INSPECTION, CANCELLED, SUPPORT = "示例：涂装车间检查", "示例：夜间异味巡查", "示例：排污许可帮扶"
SOURCE = "示例槐荫涂装"
LOGIN, COLLEAGUES = "huaiyin01", ("示例槐荫01", "示例槐荫02")

Look = Callable[[str], Awaitable[None]]
"""What is done at a screen of this name."""


def picture(name: str, seed: int) -> FilePayload:
    """A real picture that shows nothing."""
    return {"name": f"示例{name}.png", "mimeType": "image/png", "buffer": sample_picture(seed)}


@dataclass
class Errands:
    """Three tasks on one phone: an inspection, one that is cancelled while the phone hears nothing, a support visit.

    `office` is the dispatcher of the officers' district at the API.
    """

    office: httpx.AsyncClient
    cancelled: str = ""

    async def send(self) -> None:
        """Afterwards all three wait on the phones of both officers."""
        found = (await self.office.get("/api/sources", params={"q": SOURCE})).json()["items"][0]
        officers = (await self.office.get("/api/officers", params={"q": "示例槐荫"})).json()["items"]
        ids = [one["id"] for name in COLLEAGUES for one in officers if one["name"] == name]
        for kind, title in (("routine", INSPECTION), ("routine", CANCELLED), ("assistance", SUPPORT)):
            draft = {"kind": kind, "title": title, "source_id": found["id"], "matters": ["air", "water"]}
            task = (await self.office.post("/api/tasks", json=draft)).raise_for_status().json()
            who = {"officer_ids": ids, "lead_officer_id": ids[0]}
            (await self.office.post(f"/api/tasks/{task['id']}/assign", json=who)).raise_for_status()
            if title == CANCELLED:
                self.cancelled = str(task["id"])

    async def cancel(self) -> None:
        """Afterwards the second is called off."""
        reason = {"reason": "示例：与联合检查重复"}
        (await self.office.post(f"/api/tasks/{self.cancelled}/cancel", json=reason)).raise_for_status()


@dataclass
class Day:
    """The walk; the parts follow each other in the order of `walk`."""

    phone: Pocket
    errands: Errands
    password: str
    look: Look

    async def walk(self) -> None:
        """Afterwards every screen has been looked at once, in the order of the day."""
        await self.errands.send()
        await self.sets_out()
        await self.tells_a_neighbour()
        await self.arrives()
        await self.finds_a_problem()
        await self.gathers_evidence()
        await self.writes_the_record()
        await self.signs_and_hands_in()
        await self.supports()
        await self.is_refused_and_mends()
        await self.ends()

    async def sets_out(self) -> None:
        phone, page = self.phone, self.phone.page
        await page.goto(f"{phone.address}/mobile/")
        await page.locator("input[name=login]").fill(LOGIN)
        await page.locator("input[name=password]").fill(self.password)
        await self.look("signin")
        await phone.sign_in(LOGIN, self.password)
        await expect(phone.on("task").filter(has_text=INSPECTION)).to_be_visible()
        await self.look("today")
        await phone.prepare(INSPECTION)
        await self.look("task")
        await page.get_by_role("link", name="看企业档案").or_(page.get_by_role("button", name="看企业档案")).click()
        await expect(page.get_by_role("heading", name=SOURCE)).to_be_visible()
        await self.look("enterprise")
        await page.go_back()
        for name, shown in (("law", "basis"), ("map", "map")):
            await phone.on(f"to-{name}").click()
            await expect(phone.on(shown).first).to_be_visible()
            await self.look(name)
            await page.go_back()

    async def tells_a_neighbour(self) -> None:
        """On the way something is seen beyond the border."""
        phone, page = self.phone, self.phone.page
        await page.goto(f"{phone.address}/mobile/")
        await phone.on("tell-camera").set_input_files([picture("沟渠", 7)])
        await page.get_by_role("button", name="现场有异味", exact=True).click()
        await page.get_by_role("button", name="天桥区").click()
        await self.look("tell")
        await phone.on("tell").click()
        await expect(phone.on("told")).to_have_attribute("data-state", "accepted", timeout=SENT_MS)
        await self.look("told")
        await page.get_by_role("button", name="完成", exact=True).click()
        await phone.prepare(INSPECTION)

    async def arrives(self) -> None:
        phone = self.phone
        await phone.accept()
        await phone.lose_signal()
        await phone.on("arrive").click()
        await expect(phone.on("sign-in-on-site")).to_have_text("定位签到，开始检查")
        await self.look("arrive")
        await phone.on("sign-in-on-site").click()
        await phone.on("badge-first").click()
        await expect(phone.on("qr")).to_be_visible()
        await self.look("certificate")
        await phone.on("badge-seen").click()
        await expect(phone.on("item").first).to_be_visible()
        await phone.answer_all()
        await phone.on("item").first.locator("textarea").fill("示例：活性炭吸附装置停运，风机未开")
        await phone.page.evaluate("scrollTo(0, 0)")
        await self.look("checklist")

    async def finds_a_problem(self) -> None:
        phone = self.phone
        facts = "示例：喷漆房活性炭吸附装置停运，车间门窗敞开，现场有刺鼻气味"
        await phone.write_problem("废气", "较重", facts, "示例：立即恢复治理设施运行")
        await self.look("problem")
        await phone.save_problem()
        await phone.take_photo(picture("整改前", 1), "示例：证明治理设施停运")
        await self.look("photo")
        await phone.on("save-photo").click()
        await expect(phone.on("problem")).to_contain_text("证据照片 1 张")
        await self.look("problems")
        recorders = Recorders(phone)
        await recorders.show_put_right(picture("整改后", 2), "示例：装置已恢复运行，门窗已关闭")
        await self.look("rectify")
        await recorders.save_put_right()

    async def gathers_evidence(self) -> None:
        phone, recorders = self.phone, Recorders(self.phone)
        await phone.step("photos")
        for tool, purpose in (("video", "治理设施运行状况"), ("voice", "违法行为现场")):
            await recorders.begin(tool)
            await self.look(tool)
            await recorders.finish(purpose)
        await phone.on("tool-live").click()
        await expect(phone.on("live-page")).to_be_visible()
        await self.look("live")
        await phone.on("live-stop").click()
        await phone.step("photos")
        await recorders.draw_sketch()
        await self.look("sketch")
        await recorders.keep_sketch("厂容厂貌与位置")
        await recorders.write_sample("示例-01")
        await self.look("sample")
        await recorders.save_sample("示例-01")
        await self.look("evidence")

    async def writes_the_record(self) -> None:
        phone, page = self.phone, self.phone.page
        await phone.step("party")
        await page.get_by_role("button", name="听清楚了，不申请回避").click()
        await page.locator("input[name=manager_name]").fill("示例厂长")
        await page.locator("textarea[name=production]").fill("示例：喷漆线正常生产")
        await page.locator("textarea[name=record_conclusion]").fill("示例：发现问题一个，已当场整改")
        await self.look("party")
        await phone.on("save-particulars").click()
        await expect(phone.on("save-particulars")).to_be_disabled()
        await phone.on("new-interview").click()
        await page.locator("input[name=person_name]").fill("示例班长")
        await phone.on("ask-act").click()
        await page.locator("textarea[name=answer-0]").fill("示例：上午九点停运，为更换活性炭")
        await phone.on("save-interview").click()
        await expect(phone.on("save-interview")).to_be_disabled()
        await self.look("interview")
        await page.get_by_role("button", name="返回").click()

    async def signs_and_hands_in(self) -> None:
        phone, page = self.phone, self.phone.page
        await phone.step("sign")
        await phone.on("sign").first.click()
        await expect(phone.on("page-read")).to_be_enabled()
        await self.look("read")
        await phone.read_all()
        await phone.draw()
        await self.look("signature")
        await page.reload()
        assert await phone.sign_all("示例厂长") == 3
        await self.look("sign")
        await phone.step("submit")
        await self.look("submit")
        await phone.on("hand-in").click()
        await self.look("sure")
        await page.get_by_role("dialog").get_by_role("button", name="提交", exact=True).click()
        await expect(phone.on("handed-in")).to_be_visible()
        await phone.find_signal()
        await self.all_received()
        await self.look("handed-in")

    async def supports(self) -> None:
        phone, page = self.phone, self.phone.page
        await self.home()
        await phone.prepare(SUPPORT)
        await phone.accept()
        await phone.on("arrive").click()
        await phone.on("sign-in-on-site").click()
        await page.locator("textarea[name=asked]").fill("示例：自行监测台账如何记")
        await page.locator("input[name=advice]").first.fill("示例：补记活性炭更换时间和数量")
        await phone.on("add-material").click()
        await page.locator("input[name=material]").fill("示例：排污许可告知单")
        await page.locator("input[name=people]").fill("4")
        await self.look("support")
        await phone.on("save-support").click()
        await expect(phone.on("save-support")).to_have_text("更新记录")

    async def is_refused_and_mends(self) -> None:
        phone, page = self.phone, self.phone.page
        await self.home()
        await phone.prepare(CANCELLED)
        before = await phone.total()
        await phone.accept()
        await phone.counts(total=before + 1, accepted=before + 1)
        await phone.lose_signal()
        await phone.on("arrive").click()
        await phone.on("sign-in-on-site").click()
        await expect(phone.on("badge-first")).to_be_visible()
        await self.errands.cancel()
        await phone.find_signal()
        await page.goto(f"{phone.address}/mobile/#/records")
        await expect(phone.on("outbox").locator("..")).to_contain_text("退回 1")
        await self.look("records")
        await phone.on("record").filter(has_text="到场签到").filter(has_text="退回").click()
        await expect(phone.on("mend")).to_be_visible()
        await self.look("record")
        await phone.on("mend").click()
        await expect(phone.on("mend-form")).to_be_visible()
        await self.look("mend")

    async def ends(self) -> None:
        phone, page = self.phone, self.phone.page
        for name, words in (("visits", "进行中"), ("me", "退出登录")):
            await page.goto(f"{phone.address}/mobile/#/{name}")
            await expect(page.get_by_text("导出本机全部记录" if name == "me" else words).first).to_be_visible()
            await self.look(name)

    async def all_received(self) -> None:
        """The server has signed for all that is on the phone."""
        await expect(self.phone.on("outbox")).to_have_text(re.compile("未签收 0$"), timeout=SENT_MS)

    async def home(self) -> None:
        """Today's tasks are shown."""
        await self.phone.page.goto(f"{self.phone.address}/mobile/#/")
        await expect(self.phone.on("task").first).to_be_visible()
