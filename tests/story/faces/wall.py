"""The command screen, on the wall."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.story.faces.browser import sign_in
from tests.story.faces.house import News

SOON_MS = 2000
"""Within this long of a deed the screen shows it by itself."""

LINES = 5
"""As many lines the ticker has."""

# Every line that the ticker ever showed, as it came, with how often: nobody looks at a wall all the time.
WATCH = """
window.lines = [];
new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) {
    if (!(node instanceof Element)) continue;
    const found = [...(node.matches("li[data-seq]") ? [node] : []), ...node.querySelectorAll("li[data-seq]")];
    for (const line of found) window.lines.push([Number(line.dataset.seq), line.querySelector("button").textContent]);
  }
}).observe(document, { childList: true, subtree: true });
"""


class Wall:
    """One screen, and what its ticker has told so far."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address

    async def sign_in(self, login: str, password: str) -> None:
        """Afterwards the screen is live."""
        await self.page.add_init_script(WATCH)
        await sign_in(self.page, f"{self.address}/screen/", login, password)
        await self.is_live()

    async def is_live(self) -> None:
        """The line to the server stands, again."""
        await expect(self.page.locator(".connection.live")).to_be_visible(timeout=60_000)

    async def is_dropped(self) -> None:
        """The screen says that it has lost its server."""
        await expect(self.page.locator(".connection.waiting, .connection.connecting")).to_be_visible(timeout=60_000)

    async def tells(self, words: str) -> None:
        """The ticker tells it, within two seconds of the deed and by itself."""
        await expect(self.page.locator("li[data-seq]", has_text=words).first).to_be_visible(timeout=SOON_MS)

    async def counts(self, soon: bool = True, **figures: int) -> None:
        """The counters show these figures, within two seconds and by themselves."""
        for name, figure in figures.items():
            shown = self.page.locator(f"[data-counter={name}] .value")
            await expect(shown).to_have_text(str(figure), timeout=SOON_MS if soon else 15_000)

    async def clue_waits(self, count: int) -> None:
        """So many clues wait to be accepted, within two seconds and by itself."""
        await expect(self.page.locator(".clues .row")).to_have_count(count, timeout=SOON_MS)

    async def rows_of(self, counter: str) -> Locator:
        """The rows that a figure opens to; there are as many as it says."""
        tile = self.page.locator(f"[data-counter={counter}]")
        figure = int(await tile.locator(".value").inner_text())
        await tile.click()
        rows = self.page.get_by_role("dialog").locator("li")
        await expect(rows).to_have_count(figure)
        return rows

    async def close_rows(self) -> None:
        """The map is free again."""
        await self.page.keyboard.press("Escape")
        await expect(self.page.get_by_role("dialog")).to_have_count(0)

    async def has_caught_up(self, news: News) -> None:
        """The ticker shows the newest of the news, newest first."""
        lines = self.page.locator("li[data-seq]")
        newest = [words for _, words in reversed(news[-LINES:])]
        await expect(lines.locator("button")).to_have_text(newest)

    async def told(self) -> News:
        """Every ticker line since the screen was opened, each time that it was put there."""
        found: list[Any] = await self.page.evaluate("window.lines")
        return [(int(seq), str(words)) for seq, words in found]
