"""A real browser, and a place in it for each person: nothing is shared between them but the server."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, async_playwright, expect

from tools.setup_browser import browser as find_browser

QUIET = [
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
# The maps need WebGL, which without a graphics card is drawn by the processor.
WEBGL = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
# A camera that shows a moving disc and a microphone that beeps, allowed without asking.
FAKE_MEDIA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
WAIT_MS = 15_000
SCREEN, OFFICE, PHONE = (1920, 1080), (1440, 900), (360, 740)


class Machine:
    """The browser of this machine. Whatever a page could not cope with is in `errors`."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.errors: list[str] = []

    async def seat(self, size: tuple[int, int]) -> Page:
        """A page of the given size, with a memory of its own."""
        return await self._page(
            await self.browser.new_context(viewport=_viewport(size), locale="zh-CN", timezone_id="Asia/Shanghai")
        )

    async def phone(self, lon: float, lat: float, scale: float = 1, hears: bool = False) -> Page:
        """A page on a phone that stands at this place and may say so; `hears`: it has a camera and a microphone too."""
        context = await self.browser.new_context(
            viewport=_viewport(PHONE), locale="zh-CN", timezone_id="Asia/Shanghai", is_mobile=True, has_touch=True,
            device_scale_factor=scale, geolocation={"longitude": lon, "latitude": lat, "accuracy": 8},
            permissions=["geolocation", *(["camera", "microphone"] if hears else [])],
        )  # fmt: skip
        return await self._page(context)

    async def _page(self, context: BrowserContext) -> Page:
        context.set_default_timeout(WAIT_MS)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        return page


@asynccontextmanager
async def open_browser(*more: str) -> AsyncIterator[Machine]:
    """The Chromium of this machine, without a window; `more` are further switches."""
    expect.set_options(timeout=WAIT_MS)
    args = [*QUIET, *WEBGL, *more, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_browser(), args=args)
        try:
            yield Machine(browser)
        finally:
            await browser.close()


def _viewport(size: tuple[int, int]) -> ViewportSize:
    return {"width": size[0], "height": size[1]}


async def sign_in(page: Page, address: str, login: str, password: str) -> None:
    """Afterwards the face at this address has been asked to open for this person."""
    await page.goto(address)
    await page.locator("input[name=login]").fill(login)
    await page.locator("input[name=password]").fill(password)
    await page.get_by_role("button", name="登录", exact=True).click()
