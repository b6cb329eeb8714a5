"""The page on which anybody checks a record, in a real browser: what it says, and that nothing leaves the browser."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, FilePayload, Page, Request, async_playwright, expect

from liandong.api.app import make_app
from liandong.kernel.paths import faces_folder
from tests.oversight.records.conftest import Exported
from tests.oversight.records.mutations import Layout
from tests.serving import serving
from tools.setup_browser import browser as find_browser

WIDTH = 360
WHOLE, NONE = "案卷完整，未发现改动", "这不是封存案卷"


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    args = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=find_browser(), args=args)
        yield running
        await running.close()


@pytest.fixture(scope="module")
async def address() -> AsyncIterator[str]:
    """The faces as the server gives them out, with its security headers; there is no database behind."""
    assert (faces_folder() / "public" / "index.html").exists(), "build the faces first: make test does"
    async with serving(make_app()) as server:
        yield f"http://127.0.0.1:{server.port}/public/#/verify"


async def opened(browser: Browser, address: str) -> tuple[Page, list[Request]]:
    page = await browser.new_page(viewport={"width": WIDTH, "height": 740}, locale="zh-CN")
    await page.goto(address)
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request))  # noqa: PLW0108 - Playwright marks what it is given
    return page, sent


def named(content: bytes) -> FilePayload:
    return {"name": "示例.zip", "mimeType": "application/zip", "buffer": content}


async def test_the_page_says_whether_a_record_holds_and_sends_it_nowhere(
    browser: Browser, address: str, exported: Exported
) -> None:
    page, sent = await opened(browser, address)
    chooser = page.locator("input[type=file]")
    await chooser.set_input_files(named(exported.content))
    await expect(page.get_by_text(WHOLE)).to_be_visible()
    await expect(page.get_by_text(exported.number)).to_be_visible()
    await expect(page.get_by_text("未与签发单位核对")).to_be_visible()
    await page.get_by_label("签发单位的公钥").fill(exported.public_key)
    await page.keyboard.press("Tab")
    await expect(page.get_by_text("签发单位的公钥", exact=True)).to_be_visible()
    await expect(page.get_by_text("未与签发单位核对")).to_have_count(0)
    await expect(page.get_by_text(WHOLE)).to_be_visible()
    assert {request.method for request in sent} <= {"GET"}
    assert all("/public/assets/" in request.url for request in sent), "only the page's own program was fetched"
    assert await page.evaluate("document.documentElement.scrollWidth") <= WIDTH


async def test_the_page_names_what_was_altered(browser: Browser, address: str, exported: Exported) -> None:
    page, _ = await opened(browser, address)
    layout = Layout(exported.content)
    path = next(name for name in layout.content_starts if name.startswith("deeds/"))
    altered = bytearray(exported.content)
    altered[layout.content_starts[path] + 40] ^= 1
    await page.locator("input[type=file]").set_input_files(named(bytes(altered)))
    await expect(page.get_by_text("案卷已被改动")).to_be_visible()
    await expect(page.get_by_text(f"“{path}”的内容被改动")).to_be_visible()


async def test_what_is_no_record_is_said_to_be_none(browser: Browser, address: str) -> None:
    page, _ = await opened(browser, address)
    await page.locator("input[type=file]").set_input_files(named(b"example"))
    await expect(page.locator(".verdict").get_by_text(NONE)).to_be_visible()
    await page.get_by_role("button", name="EN").click()
    await expect(page.get_by_text("This is no sealed record").first).to_be_visible()
