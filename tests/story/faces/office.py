"""Somebody at a desk, in the office face."""

from __future__ import annotations

import re

from playwright.async_api import FilePayload, Locator, Page, expect

from tests.story.faces.browser import sign_in


class Desk:
    """One person's office."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address

    async def sign_in(self, login: str, password: str) -> None:
        """Afterwards the office is open and its line is live."""
        await sign_in(self.page, f"{self.address}/office/", login, password)
        await expect(self.page.locator(".connection.live")).to_be_visible()

    async def go(self, path: str) -> None:
        """Afterwards the page behind this path is being shown."""
        await self.page.goto(f"{self.address}/office/#{path}")

    def button(self, name: str) -> Locator:
        """What the head of the page offers to do."""
        return self.page.locator(".page-head").get_by_role("button", name=name, exact=True)

    async def open(self, name: str) -> Locator:
        """The dialog that a button of the page opens."""
        await self.button(name).click()
        dialog = self.page.get_by_role("dialog")
        await expect(dialog).to_be_visible()
        return dialog

    async def confirm(self, dialog: Locator, name: str) -> None:
        """The dialog's deed has been asked for; whoever waits for its effect waits from here on."""
        await dialog.get_by_role("button", name=name, exact=True).click()

    async def done(self, words: str) -> None:
        """The deed is done: the dialog is gone and the page says so."""
        await expect(self.page.get_by_role("dialog")).to_have_count(0)
        await expect(self.page.get_by_text(words, exact=True).first).to_be_visible()

    async def choose(self, within: Locator, label: str, option: str) -> None:
        """Afterwards the select with this label holds the option."""
        await within.locator(".el-form-item", has_text=label).locator(".el-select").click()
        await self.page.get_by_role("option", name=option, exact=True).click()

    async def choose_officer(self, dialog: Locator, name: str) -> None:
        """Afterwards this officer is among the chosen."""
        await dialog.get_by_placeholder("按姓名查找").fill(name)
        box = dialog.locator(".el-table__row", has_text=name).locator(".el-checkbox")
        await box.click()
        await expect(box).to_contain_class("is-checked")

    async def is_in_state(self, words: str) -> None:
        """The head of the page shows this state."""
        await expect(self.page.locator(".page-head .state-tag")).to_contain_text(words)

    async def seal(self, dialog: Locator, picture: FilePayload) -> None:
        """Afterwards the picture is sealed as evidence and chosen."""
        async with self.page.expect_file_chooser() as chooser:
            await dialog.locator(".el-upload button").click()
        await (await chooser.value).set_files([picture])
        chosen = dialog.locator(".el-checkbox.is-checked", has_text=picture["name"])
        await expect(chosen).to_be_visible()

    async def find_source(self, words: str) -> str:
        """Afterwards the file of the first source with these words is open; its name."""
        await self.go("/sources")
        search = self.page.get_by_placeholder("名称、信用代码或地址")
        await search.fill(words)
        await search.press("Enter")
        await self.page.locator(".el-table__row a", has_text=words).first.click()
        head = self.page.locator(".page-head h1")
        await expect(head).to_contain_text(words)
        return await head.inner_text()

    async def pick_place(self, dialog: Locator) -> tuple[float, float]:
        """Afterwards the middle of the map is the place; longitude and latitude as the dialog shows them."""
        words = dialog.locator(".map p.quiet")
        before = await words.inner_text()
        canvas = dialog.locator(".map canvas.maplibregl-canvas")
        await expect(canvas).to_have_attribute(
            "style", re.compile("crosshair")
        )  # the map is drawn and asks for a place
        await canvas.click()
        await expect(words).not_to_have_text(before)
        lon, lat = (float(part) for part in (await words.inner_text()).split(","))
        return lon, lat
