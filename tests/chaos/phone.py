"""The phone: a real Chromium on a profile of its own, which may be killed like a phone whose battery is pulled out.

It runs the mobile face as it is shipped, with `page/hands.ts` beside it to do what the pages do.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, Playwright
from playwright.async_api import Error as PageGone

from tests.story.faces.browser import QUIET
from tools.setup_browser import browser as find_browser
from tools.setup_common import ROOT
from tools.setup_node import node_environment

Journal = Callable[[dict[str, Any]], None]
UP_WITHIN_S = 90.0
"""On a machine that does other work too. Nothing waits longer than it must."""
HEADLESS = ["--headless=new", "--remote-debugging-port=0", "--disable-breakpad", "--hide-crash-restore-bubble",
            "--lang=zh-CN", "--window-size=360,740", "--no-default-browser-check", "--disable-extensions"]  # fmt: skip


async def build_face(faces: Path) -> None:
    """Afterwards `faces`/mobile is the mobile face with hands."""
    env = {**os.environ, **node_environment(), "CHAOS_FACE": str(faces / "mobile")}
    command = [
        "npx",
        "--no-install",
        "vite",
        "build",
        "--logLevel",
        "error",
        "-c",
        "../tests/chaos/page/vite.config.mts",
    ]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT / "apps", env=env)
    assert await process.wait() == 0, "the face could not be built"


@dataclass
class Phone:
    """One phone and the app on it. `journal` hears of every deed that the app says it holds."""

    playwright: Playwright
    profile: Path
    address: str
    journal: Journal
    errors: list[str] = field(default_factory=list)
    _process: asyncio.subprocess.Process | None = None
    _browser: Browser | None = None
    _page: Page | None = None

    @property
    def page(self) -> Page:
        """The page that is open."""
        assert self._page is not None
        return self._page

    async def start(self) -> None:
        """Afterwards the browser runs and the app has been opened."""
        alone = ["--no-sandbox"] if os.geteuid() == 0 else []
        words = [*QUIET, *HEADLESS, *alone, f"--user-data-dir={self.profile}", "about:blank"]
        self._process = await asyncio.create_subprocess_exec(
            find_browser() or "chromium", *words, start_new_session=True,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        async with asyncio.timeout(UP_WITHIN_S):
            self._browser = await self.playwright.chromium.connect_over_cdp(await self._entrance())
        context = self._browser.contexts[0]
        self._page = context.pages[0] if context.pages else await context.new_page()
        self._page.on("pageerror", lambda error: self.errors.append(str(error)))
        await context.expose_binding("acknowledge", lambda _source, kept: self.journal(kept))
        await self._page.goto(f"{self.address}/mobile/#/me", wait_until="commit")

    async def _entrance(self) -> str:
        """Where the browser takes orders; it says so once."""
        assert self._process is not None
        said = self._process.stderr
        assert said is not None
        while line := await said.readline():
            if found := re.search(rb"DevTools listening on (ws://\S+)", line):
                self._listen = asyncio.create_task(_drain(said))
                return found[1].decode()
        raise AssertionError("the browser has ended")

    async def ready(self) -> None:
        """Afterwards the app is open and knows its officer."""
        await self.page.wait_for_function("() => window.hands?.isReady()", timeout=UP_WITHIN_S * 1000)

    async def sign_in(self, login: str, password: str) -> None:
        """Afterwards the officer is in, the whole app is on the phone, and both are on its disk."""
        page = self.page
        await page.locator("input[name=login]").fill(login)
        await page.locator("input[name=password]").fill(password)
        await page.get_by_role("button", name="登录", exact=True).click()
        await self.ready()
        await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        await page.wait_for_function("() => navigator.serviceWorker.controller !== null")

    async def sign_in_again(self, login: str, password: str) -> None:
        """Afterwards the session that the browser had not written down yet is open again."""
        page = self.page
        await page.goto(f"{self.address}/mobile/#/signin")
        await self.sign_in(login, password)
        await page.goto(f"{self.address}/mobile/#/me")

    async def work(self, visit: dict[str, Any]) -> None:
        """Afterwards everything of this visit is kept on the phone.

        Raises    PageGone: the page was reloaded or the browser killed meanwhile
        """
        await self.page.evaluate("visit => window.hands.work(visit)", visit)

    async def ask(self, what: str) -> Any:
        """What the hands answer."""
        return await self.page.evaluate(f"window.hands.{what}()")

    async def reload(self) -> None:
        """The app is started anew."""
        await self.page.reload(wait_until="commit")

    async def set_offline(self, is_offline: bool) -> None:
        """There is no network, or there is one again."""
        await self.page.context.set_offline(is_offline)

    async def quit(self) -> None:
        """The browser was closed in order; what it had in memory is on its disk."""
        assert self._browser is not None
        session = await self._browser.new_browser_cdp_session()
        with suppress(PageGone):
            await session.send("Browser.close")
        await self._gone()

    async def kill(self) -> None:
        """The whole browser is gone in this instant."""
        assert self._process is not None
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        await self._gone()

    async def _gone(self) -> None:
        assert self._process is not None
        assert self._browser is not None
        await self._process.wait()
        await self._listen
        with suppress(PageGone):
            await self._browser.close()
        self._process = self._browser = self._page = None

    @property
    def is_running(self) -> bool:
        """Whether there is a browser."""
        return self._process is not None


async def _drain(stream: asyncio.StreamReader) -> None:
    """Nobody reads what the browser says, but it must be able to say it."""
    while await stream.read(65536):
        pass
