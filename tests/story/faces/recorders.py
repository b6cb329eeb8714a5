"""What an officer records with a phone beside checklists: videos, voice notes, sketches, samples, what was put right."""

from __future__ import annotations

import re

from playwright.async_api import FilePayload, expect

from tests.story.faces.pocket import Pocket

HEARD = re.compile(r"^(0\.(0[6-9]|[1-9]\d)|1\.00)$")
"""How loud the level meter must have been for a beep: more than a twentieth."""
PLAYABLE = """(one) => new Promise((done) =>
    one.readyState >= 2 ? done() : one.addEventListener("loadeddata", () => done(), { once: true }))"""


class Recorders:
    """The recorders of one officer's phone, in a visit that has begun."""

    def __init__(self, phone: Pocket) -> None:
        self.phone, self.page, self.on = phone, phone.page, phone.on

    async def record(self, tool: str, purpose: str) -> None:
        """Afterwards a recording of two seconds is evidence: begun, heard, stopped, played back, described."""
        await self.begin(tool)
        await self.finish(purpose)

    async def begin(self, tool: str) -> None:
        """Afterwards a recording is under way for two seconds and hears something."""
        await self.on(f"tool-{tool}").click()
        await self.on("begin").click()
        await expect(self.on("seconds")).to_have_text("0:02")
        await expect(self.on("level")).to_have_attribute("data-level", HEARD)

    async def finish(self, purpose: str) -> None:
        """Afterwards the recording is evidence: stopped, played back, described."""
        await self.on("end").click()
        await expect(self.on("played")).to_be_visible()
        await self.on("played").evaluate(PLAYABLE)
        await self.on("keep").click()
        await self._describe(purpose)

    async def _describe(self, purpose: str) -> None:
        await expect(self.on("save-photo")).to_be_disabled()  # it says nothing yet
        await self.page.get_by_role("button", name=purpose, exact=True).click()
        await self.on("save-photo").click()
        await expect(self.on("photo").filter(has_text=purpose).last).to_be_visible()

    async def sketch(self, purpose: str) -> None:
        """Afterwards a sketch is evidence: two strokes, one of them taken back, and a stamp."""
        await self.draw_sketch()
        await self.keep_sketch(purpose)

    async def draw_sketch(self) -> None:
        """Afterwards the sheet holds one stroke and a stamp."""
        await self.on("tool-sketch").click()
        await self._stroke(0.2, 0.7)
        await self._stroke(0.3, 0.4)
        await self.on("undo").click()
        await self.on("stamp-outlet").click()
        await self.on("sheet").click(position={"x": 150, "y": 120})

    async def keep_sketch(self, purpose: str) -> None:
        """Afterwards the sheet is evidence."""
        await self.on("keep").click()
        await self._describe(purpose)

    async def _stroke(self, start: float, end: float) -> None:
        box = await self.on("sheet").bounding_box()
        assert box is not None
        await self.page.mouse.move(box["x"] + start * box["width"], box["y"] + 0.3 * box["height"])
        await self.page.mouse.down()
        await self.page.mouse.move(box["x"] + end * box["width"], box["y"] + 0.6 * box["height"], steps=6)
        await self.page.mouse.up()

    async def sample(self, number: str) -> None:
        """Afterwards a sample of wastewater is on record."""
        await self.write_sample(number)
        await self.save_sample(number)

    async def write_sample(self, number: str) -> None:
        """Afterwards the form of a sample is filled in and not saved."""
        await self.on("tool-sample").click()
        await self.page.get_by_role("button", name="废水", exact=True).click()
        await self.page.locator("input[name=sample-number]").fill(number)
        await self.page.locator("input[name=sample-point]").fill("示例总排口")
        for choice in ("瞬时样", "聚乙烯瓶", "硫酸"):
            await self.page.get_by_role("button", name=choice, exact=True).click()
        await expect(self.on("save-sample")).to_be_disabled()  # how many is still missing
        await self.page.locator("input[name=sample-quantity]").fill("2 瓶")

    async def save_sample(self, number: str) -> None:
        """Afterwards what the form says is on record."""
        await self.on("save-sample").click()
        await expect(self.on("sample")).to_contain_text(number)

    async def put_right(self, after: FilePayload, words: str) -> None:
        """Afterwards the one problem of the visit was ordered, put right, shown and confirmed."""
        await self.show_put_right(after, words)
        await self.save_put_right()

    async def show_put_right(self, after: FilePayload, words: str) -> None:
        """Afterwards it was ordered and shown, and what was done is written down; nothing is saved."""
        await self.phone.step("problems")
        await self.on("rectify").click()
        await self.page.locator("textarea[name=requirement]").fill("示例：立即恢复运行")
        await self.on("order").click()
        async with self.page.expect_file_chooser() as chooser:
            await self.page.get_by_text("拍整改后照片").click()
        await (await chooser.value).set_files([after])
        await expect(self.page.locator("input[name=purpose]")).to_have_value("整改后状况")
        await self.on("save-photo").click()
        await self.page.locator("textarea[name=statement]").fill(words)
        await expect(self.on("save-rectified")).to_be_disabled()  # nobody has confirmed it
        await self.page.locator("input[name=confirmed_by]").fill("示例厂长")

    async def save_put_right(self) -> None:
        """Afterwards the problem is put right, as far as the phone is concerned."""
        await self.on("save-rectified").click()
        await expect(self.on("problem")).to_contain_text("✓ 当场整改")
