"""What a phone lives through besides being killed: a new version of the app, and a clock that is hours wrong."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import async_playwright, expect

from tests.chaos.books import Journal
from tests.chaos.link import Break, Fault, Link
from tests.chaos.phone import Phone, build_face
from tests.chaos.plan import Officer, Plan, Visit
from tests.chaos.run import Scribe
from tests.chaos.site import Site, open_site
from tests.world import PASSWORD

DEAF = 10_000  # requests: more than there will be
HOURS_AHEAD = 3
SENT_MS = 30_000


@dataclass
class Field:
    """One phone in front of one running system, and the folder that its face is served from."""

    site: Site
    link: Link
    phone: Phone
    journal: Journal
    faces: Path

    async def visit(self, seed: int) -> tuple[Visit, dict[str, Any]]:
        """A visit, and what the phone is told to do for it."""
        east = self.site.world.east
        visit = Plan(seed, tuple(Officer(str(one.officer), one.name) for one in (east.lin, east.luo)), 1).visits[0]
        [task_id] = await self.site.tasks(1)
        about = {"task_id": task_id, "inspection_id": str(visit.inspection_id)}
        return visit, about | {"acts": [act.as_json() for act in visit.acts]}

    def deafen(self) -> None:
        """Nothing that the phone sends gets through, though it can read."""
        self.link.faults.extend(Fault(Break.asking, 0, 1) for _ in range(DEAF))

    async def drained(self, deeds: int) -> None:
        """The link carries again, and so many deeds are signed for."""
        self.link.faults.clear()
        await self.phone.ask("sendNow")
        words = f"本机 {deeds} · 已签收 {deeds} · 未签收 0"
        await expect(self.phone.page.locator("[data-test=outbox]")).to_have_text(words, timeout=SENT_MS)


def open_folder() -> Path:
    """A folder that PostgreSQL can reach when it runs as somebody else."""
    made = Path(tempfile.mkdtemp(prefix="liandong-chaos-"))
    made.chmod(0o755)
    return made


@pytest.fixture
async def field() -> AsyncIterator[Field]:
    folder = open_folder()
    faces = folder / "faces"
    await build_face(faces)
    try:
        async with open_site(folder / "home", faces) as site, async_playwright() as playwright:
            link, scribe = Link(site.ports), Scribe(folder / "journal.jsonl")
            await link.open()
            phone = Phone(playwright, folder / "profile", f"http://127.0.0.1:{link.port}", scribe.hear)
            await phone.start()
            await phone.sign_in(site.world.east.lin.login, PASSWORD)
            yield Field(site, link, phone, scribe.journal, faces)
            assert phone.errors == []
            await phone.kill()
            await link.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def test_a_phone_lives_through_an_update_and_a_wrong_clock(field: Field) -> None:
    # One phone for all, because it takes long to start one: each step begins where the last one ended.
    kept = await an_update_in_the_middle_of_a_visit(field)
    await its_protection_is_asked_for_and_shown(field)
    kept += await a_browser_that_threw_its_store_away(field, kept)
    await a_clock_that_is_hours_ahead(field, kept)


async def an_update_in_the_middle_of_a_visit(field: Field) -> int:
    phone, page = field.phone, field.phone.page
    visit, told = await field.visit(1)
    field.deafen()
    half = len(visit.acts) // 2
    await phone.work(told | {"acts": told["acts"][:half]})
    before = await page.evaluate("caches.keys()")
    script = field.faces / "mobile" / "sw.js"
    old = '"version":"'
    assert old in script.read_text()
    script.write_text(script.read_text().replace(old, f"{old}next-", 1))  # one byte of the app is another
    await page.evaluate("navigator.serviceWorker.ready.then((registration) => registration.update()).then(() => true)")
    async with page.expect_event("framenavigated"):  # it offers itself, and waits until the officer says so
        await page.locator("[data-test=update]").click()
    await phone.ready()
    await expect(page.locator("[data-test=update]")).to_have_count(0)
    after = await page.evaluate("caches.keys()")
    assert len(after) == 1
    assert set(after).isdisjoint(before)
    count = {"total": half, "accepted": 0, "unsent": half, "stuck": 0, "blocked": 0}
    assert count.items() <= (await phone.ask("count")).items()
    await phone.work(told)
    await field.drained(len(visit.acts))
    assert len(field.journal.kept) == len(visit.acts)
    assert field.journal.contradictions == []
    return len(visit.acts)


async def its_protection_is_asked_for_and_shown(field: Field) -> None:
    page = field.phone.page
    await page.goto(f"{field.phone.address}/mobile/#/me")
    row = page.locator(".row", has_text="防清理")
    shown = {True: "已受系统保护", False: "未受保护，请添加到主屏幕"}
    await expect(row).to_contain_text(shown[await page.evaluate("navigator.storage.persisted()")])
    session = await page.context.new_cdp_session(page)
    origin = field.phone.address
    await session.send("Browser.grantPermissions", {"origin": origin, "permissions": ["durableStorage"]})
    await field.phone.reload()
    await field.phone.ready()
    assert await page.evaluate("navigator.storage.persisted()") is True
    await expect(row).to_contain_text(shown[True])


async def a_browser_that_threw_its_store_away(field: Field, kept: int) -> int:
    """A Chromium that finds its store damaged after a kill deletes it and begins an empty one."""
    phone = field.phone
    visit, told = await field.visit(2)
    field.deafen()
    half = len(visit.acts) // 2
    await phone.work(told | {"acts": told["acts"][:half]})
    await phone.quit()  # so that the sign-in is on its disk; the store goes in any case
    stores = list((phone.profile / "Default" / "IndexedDB").glob("*.leveldb"))
    assert stores, "the browser keeps its stores elsewhere by now"
    for store in stores:
        shutil.rmtree(store)
    await phone.start()
    await phone.ready()
    assert len(await phone.ask("ids")) == kept + half
    assert await phone.ask("restored") == 1
    await expect(phone.page.locator("[data-test=copy]")).to_contain_text("已找回 1 次")
    await phone.work(told)
    await field.drained(kept + len(visit.acts))
    return len(visit.acts)


async def a_clock_that_is_hours_ahead(field: Field, kept: int) -> None:
    phone, page = field.phone, field.phone.page
    await expect(page.locator("[data-test=clock]")).to_have_count(0)
    await page.context.add_init_script(_AHEAD % (HOURS_AHEAD * 3_600_000))
    await phone.reload()
    await phone.ready()
    visit, told = await field.visit(3)
    await phone.work(told)
    await field.drained(kept + len(visit.acts))
    await expect(page.locator("[data-test=clock]")).to_contain_text(f"本机时钟比服务器快 {HOURS_AHEAD} 小时 0 分")
    await expect(page.locator(".row", has_text="时钟偏差")).to_contain_text(f"{HOURS_AHEAD} 小时")
    _, told = await field.visit(4)
    await phone.work(told | {"acts": told["acts"][:1]})
    [drift] = await page.evaluate(_DRIFTS, told["task_id"])  # what is done after an answer carries it
    assert abs(drift - HOURS_AHEAD * 3_600_000) < 60_000


_AHEAD = """(() => {
  const real = Date, ahead = %d;
  globalThis.Date = class extends real {
    constructor(...given) { given.length === 0 ? super(real.now() + ahead) : super(...given); }
    static now() { return real.now() + ahead; }
  };
})()"""
_DRIFTS = """async (task_id) => {
  const { deeds } = await window.hands.book();
  return deeds.filter((row) => row.task_id === task_id).map((row) => row.deed.device.drift_ms ?? 0);
}"""
