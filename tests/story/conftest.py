"""The house and the browser that a story's walk goes through; both stay up for all walks of one file."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.story.faces.browser import Machine, open_browser
from tests.story.faces.house import House, open_house


@pytest.fixture(scope="module")
async def house() -> AsyncIterator[House]:
    """The demo's districts, people and sources."""
    async with open_house() as running:
        yield running


@pytest.fixture(scope="module")
async def machine(request: pytest.FixtureRequest) -> AsyncIterator[Machine]:
    """A browser, with the file's `BROWSER_FLAGS` if it has some; no page of it has met an error."""
    async with open_browser(*getattr(request.module, "BROWSER_FLAGS", ())) as running:
        yield running
    assert running.errors == []
