"""One run from beginning to end: everything is started, the plan carried out, the books compared, everything stopped."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright

from tests.chaos.audit import Books, Finding, audit
from tests.chaos.books import phone_book, server_book, told_of
from tests.chaos.link import Link
from tests.chaos.phone import Phone, build_face
from tests.chaos.plan import Officer, Plan
from tests.chaos.run import Run, Scribe
from tests.chaos.site import Site, open_site
from tests.world import PASSWORD


@dataclass
class Outcome:
    """What became of a run."""

    run: Run
    books: Books
    findings: list[Finding]
    seconds: float

    @property
    def figures(self) -> dict[str, Any]:
        """The outcome in numbers, as one JSON object."""
        books, run = self.books, self.run
        outcomes = Counter(row["receipt"]["outcome"] for row in books.phone.receipts)
        pictures = [one.act.picture for one in books.told if one.act.picture]
        found = Counter(finding.kind for finding in self.findings)
        return {
            "seed": run.plan.seed,
            "kills": sum(run.struck.values()),
            "kills_by_kind": dict(sorted(run.struck.items())),
            "connections_broken": {where.value: count for where, count in sorted(run.link.broken.items())},
            "visits": len(run.plan.visits),
            "deeds": len(books.told),
            "acknowledged": len(books.journal.kept),
            "files": len(pictures),
            "file_bytes": sum(len(picture.content) for picture in pictures),
            "link_bytes": run.link.carried,
            "requests": dict(sorted(run.link.changes.items())),
            "receipts": dict(sorted(outcomes.items())),
            "sign_ins_again": run.sign_ins,
            "stores_thrown_away": run.restored,
            "workers_that_ended_by_themselves": run.site.ended_by_itself,
            "page_errors": len(run.phone.errors),
            **{kind: found[kind] for kind in ("lost", "doubled", "untrue", "damaged", "unsent")},
            "seconds": round(self.seconds, 1),
        }


async def carry_out(
    folder: Path, seed: int, kills: int, minutes: float = math.inf, say: Callable[[str], None] = lambda words: None
) -> Outcome:
    """Afterwards everything was killed as planned, came to rest and was audited; no process is left.

    After so many minutes no visit is begun any more: what was killed until then is what is audited. `say` hears how
    far it is.
    """
    began = time.monotonic()
    faces = folder / "faces"
    await build_face(faces)
    async with open_site(folder / "home", faces) as site, _open_run(folder, site, seed, kills) as run:
        run.until, run.say = began + 60 * minutes, say
        await run.carry_out()
        await run.come_to_rest()
        run.restored = await run.phone.ask("restored")
        told = told_of(run.plan.visits, run.tasks)
        books = Books(told, run.journal, await server_book(site), await phone_book(run.phone))
        return Outcome(run, books, audit(books), time.monotonic() - began)


@asynccontextmanager
async def _open_run(folder: Path, site: Site, seed: int, kills: int) -> AsyncIterator[Run]:
    """The officer is signed in, and the browser has written that down."""
    east = site.world.east
    officers = tuple(Officer(str(person.officer), person.name) for person in (east.lin, east.luo))
    link, scribe = Link(site.ports), Scribe(folder / "journal.jsonl")
    await link.open()
    async with async_playwright() as playwright:
        phone = Phone(playwright, folder / "profile", f"http://127.0.0.1:{link.port}", scribe.hear)
        try:
            await phone.start()
            await phone.sign_in(east.lin.login, PASSWORD)
            await phone.quit()
            await phone.start()
            await phone.ready()
            plan = Plan(seed, officers, kills)
            yield Run(plan, site, link, phone, scribe.journal, east.lin.login, await site.tasks(len(plan.visits)))
        finally:
            if phone.is_running:
                await phone.kill()
            await link.close()
