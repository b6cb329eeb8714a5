"""The plan carried out: an officer works through visits while everything around is killed, and then all comes to rest."""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from playwright.async_api import Error as PageGone

from tests.chaos.books import Journal
from tests.chaos.link import Link
from tests.chaos.phone import Phone
from tests.chaos.plan import Kill, Kind, Plan, Visit
from tests.chaos.site import Site
from tests.world import PASSWORD

STUCK_AFTER_S = 120.0
"""Without a deed or a file arriving, once nothing is away any more."""
KEPT_WITHIN_S = 120.0
SAID_EVERY = 10
"""Visits."""


@dataclass
class Scribe:
    """Writes down what the app says it holds, at once, in a process that is never killed."""

    file: Path
    journal: Journal = field(default_factory=Journal)

    def hear(self, kept: dict[str, Any]) -> None:
        """One act is on the phone, it says; a second answer to the same act must be the same."""
        deed = kept["id"], kept["digest"]
        before = self.journal.kept.setdefault(kept["key"], deed)
        if before != deed:
            self.journal.contradictions.append(f"{kept['key']}: {before[0]} and then {deed[0]}")
        with self.file.open("a") as out:
            out.write(json.dumps(kept, ensure_ascii=False) + "\n")


@dataclass
class Run:
    """A plan while it is carried out."""

    plan: Plan
    site: Site
    link: Link
    phone: Phone
    journal: Journal
    login: str
    tasks: list[str] = field(default_factory=list)
    struck: Counter[Kind] = field(default_factory=Counter)
    sign_ins: int = 0
    restored: int = 0
    until: float = math.inf
    say: Callable[[str], None] = lambda words: None
    """Hears how far it is; a run of an hour that says nothing looks like one that hangs."""
    _work: asyncio.Task[None] | None = None

    async def carry_out(self) -> None:
        """Every visit of the plan has been entered, and every kill has struck; or as many as there was time for."""
        for visit in list(self.plan.visits):
            if time.monotonic() > self.until:
                del self.plan.visits[visit.number - 1 :]
                break
            await self._make(visit)
            if visit.number % SAID_EVERY == 0:
                self.say(f"visit {visit.number} of {len(self.plan.visits)}, {sum(self.struck.values())} kills")
        while self.link.faults:  # they wait for requests, so there must be some
            await self._make(self.plan.more())

    async def come_to_rest(self) -> None:
        """Nothing is away any more, the phone has sent everything, deeds and files, and the servers owe nothing."""
        await self.phone.set_offline(False)
        await self.site.whole()
        loop, before = asyncio.get_running_loop(), None
        async with asyncio.timeout(STUCK_AFTER_S) as patience:
            while waiting := await self.phone.ask("rest"):
                if waiting != before:
                    self.say(f"at rest: {waiting['deeds']} deeds and {waiting['files']} files still on their way")
                    patience.reschedule(loop.time() + STUCK_AFTER_S)
                    before = waiting
                await self._signed_in()
        await self.site.settled()

    async def _make(self, visit: Visit) -> None:
        if visit.number > len(self.tasks):
            await self.site.whole()
            self.tasks += await self.site.tasks(visit.number - len(self.tasks))
        told = {
            "task_id": self.tasks[visit.number - 1],
            "inspection_id": str(visit.inspection_id),
            "acts": [act.as_json() for act in visit.acts],
        }
        for kill in visit.kills:
            self._go_on(told)
            await asyncio.sleep(kill.after_s)  # the moment is the plan's, and nothing announces it
            await self._strike(kill)
        async with asyncio.timeout(KEPT_WITHIN_S):
            self._go_on(told)
            await self._pause()

    def _go_on(self, told: dict[str, Any]) -> None:
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self.phone.work(told))

    async def _pause(self) -> None:
        """The visit is entered, or was interrupted."""
        work, self._work = self._work, None
        if work is not None:
            await work

    async def _strike(self, kill: Kill) -> None:
        self.struck[kill.kind] += 1
        match kill.kind:
            case Kind.browser:
                await self.phone.kill()
                await self._interrupted()
                await self.phone.start()
                await self._back()
            case Kind.reload:
                await self.phone.reload()
                await self._interrupted()
                await self._back()
            case Kind.offline:
                await self.phone.set_offline(True)
                await asyncio.sleep(kill.away_s)
                await self.phone.set_offline(False)
            case Kind.server:
                await self.site.kill_server(kill.which, kill.away_s)
            case Kind.worker:
                await self.site.kill_worker(kill.away_s)
            case Kind.postgres:
                await self.site.kill_postgres(kill.which, kill.away_s)
            case _:
                assert kill.fault is not None
                self.link.faults.append(replace(kill.fault))

    async def _interrupted(self) -> None:
        with suppress(PageGone):
            await self._pause()

    async def _back(self) -> None:
        """The app is open again, and shows everything that it acknowledged before."""
        acknowledged = {id_: key for key, (id_, _) in self.journal.kept.items()}
        await self.phone.ready()
        there = set(await self.phone.ask("ids"))
        self.journal.forgotten += [key for id_, key in acknowledged.items() if id_ not in there]
        await self._signed_in()

    async def _signed_in(self) -> None:
        """A browser that was killed may not have written down its session yet; its officer signs in again."""
        if await self.phone.ask("isSignedOut"):
            await self.site.whole()
            await self.phone.sign_in_again(self.login, PASSWORD)
            self.sign_ins += 1
