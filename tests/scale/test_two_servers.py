"""Two servers and two workers on one PostgreSQL: one machine is lost in the middle, and nothing is lost or repeated."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from sqlalchemy import text

from liandong.kernel import ledger
from liandong.kernel.db import Database, Role
from tests.phone import Phone
from tests.scale.machines import Machine, database_elsewhere, two_machines, until
from tests.scale.roaming import Roaming, Screen
from tests.seat import Body, Seat
from tests.world import District, World, load

VISITS_OF_A_PHONE = 6
CLOSED_BY_A_DESK = 2
LOST_AFTER = 7
ANSWERS = ("noise.permitted", "noise.within_limit", "noise.measures_working")
DONE = {"accepted", "repeated"}
FACTS_OF_A_VISIT = {
    "TaskAccepted": 1, "InspectionBegun": 1, "OfficersArrived": 1, "ChecklistAnswered": 1, "ProblemFound": 1,
    "InspectionSigned": 3, "InspectionSubmitted": 1, "TaskReported": 1,
}  # fmt: skip

# two facts come with another's deed, and all answers make one fact
DEEDS_OF_A_VISIT = sum(FACTS_OF_A_VISIT.values()) - 2 + len(ANSWERS) - 1


@dataclass
class Crowd:
    """Everybody who is at work while a machine is lost."""

    world: World
    machines: list[Machine]
    handed_in: int = 0
    lost: asyncio.Event = field(default_factory=asyncio.Event)
    receipts: list[Body] = field(default_factory=list)

    @property
    def survivor(self) -> Machine:
        """The machine that stays."""
        return self.machines[1]

    async def lose_one(self) -> None:
        """The first machine goes as soon as enough has been handed in; the others are still at it."""

        async def enough() -> bool:
            return self.handed_in >= LOST_AFTER

        await until(enough, f"{LOST_AFTER} visits are in")
        await self.machines[0].lose()
        self.lost.set()

    async def work_through(self, phones: Sequence[Phone]) -> None:
        """One officer's visits, one after the other, each sent in two batches."""
        for phone in phones:
            half = len(phone.outbox) // 2
            for part in (phone.outbox[:half], phone.outbox[half:]):
                self.receipts += await phone.send(part)
            self.handed_in += 1


async def test_a_machine_is_lost_and_nothing_is_lost_or_repeated(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        db, address = await stack.enter_async_context(database_elsewhere(tmp_path / "elsewhere"))
        async with db.transaction(Role.worker) as session:
            world = await load(session)
        machines = await stack.enter_async_context(two_machines(tmp_path, address))
        crowd = Crowd(world, machines)
        roaming = [Roaming(machines, first) for first in (0, 1)]
        clients = [
            await stack.enter_async_context(httpx.AsyncClient(transport=one, base_url="http://x", timeout=30))
            for one in roaming
        ]
        screens = [Screen(machines, world.joint, number % 2) for number in range(6)]
        watching = [asyncio.create_task(screen.follow()) for screen in screens]
        try:
            tasks = await everybody_at_work(crowd, clients)
            await settled(db)
            await facts_are_there_once(db, crowd, tasks)
            await hand_overs_took_effect_once(db, tasks)
            await screens_have_every_fact_once(db, screens)
        finally:
            for task in watching:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
    assert sum(one.lost for one in roaming) > 0, "nobody noticed that a machine was lost"
    assert {screen.connections for screen in screens} == {1, 2}, "half of the screens had to resume"


async def everybody_at_work(crowd: Crowd, clients: list[httpx.AsyncClient]) -> list[Body]:
    """Every phone has sent its visits, every desk has closed out problems, and a machine was lost meanwhile."""
    tasks: list[Body] = []
    work = []
    for number, district in enumerate(crowd.world.districts):
        desk = Seat(clients[number % 2], district.dispatcher)
        own = [await sent_out(desk, district) for _ in range(VISITS_OF_A_PHONE)]
        phone_seat = Seat(clients[number % 2], district.lin)
        await phone_seat.put_file(signature(district))
        work.append(crowd.work_through([visit(phone_seat, task, district) for task in own]))
        tasks += own
    closing = [close_some(crowd, clients[0], district) for district in crowd.world.districts]
    await asyncio.gather(crowd.lose_one(), *work, *closing)
    assert crowd.lost.is_set()
    return tasks


async def sent_out(desk: Seat, district: District) -> Body:
    """A clue that was taken up, with two officers on their way."""
    clue = await desk.accept_clue(await desk.receive_clue(source_id=str(district.workshop), element="noise"))
    task: Body = await desk.get(f"/tasks/{clue['task_id']}")
    await desk.assign(task, district.lin, district.luo)
    return task


def signature(district: District) -> bytes:
    return f"示例签名 {district.name}".encode()


def visit(seat: Seat, task: Body, district: District) -> Phone:
    """A whole visit in the phone's outbox."""
    phone = Phone(seat, task)
    phone.accept()
    phone.arrive(place=district.middle)
    for item in ANSWERS:
        phone.answer("noise", item, "yes")
    phone.find(element="noise", basis_key=None)
    phone.sign(signature(district), district.lin)
    phone.sign(signature(district), district.luo)
    phone.sign(signature(district))
    phone.submit()
    return phone


async def close_some(crowd: Crowd, client: httpx.AsyncClient, district: District) -> None:
    """Problems are closed out at the machine that stays, as they come in and while the other one is being lost."""
    async with httpx.AsyncClient(base_url=crowd.survivor.address, timeout=30) as staying:
        desk, leader = Seat(staying, district.dispatcher), Seat(staying, district.leader)
        for turn in range(CLOSED_BY_A_DESK):

            async def found(least: int = turn + 1) -> bool:
                return int((await desk.get("/problems", limit=1))["total"]) >= least

            await until(found, "a problem was found")
            problem = (await desk.get("/problems", limit=200))["items"][-1 - turn]
            await desk.order(problem)
            await desk.claim(problem, await desk.seal(problem, "示例：整改后"))
            await leader.close_out(problem)


async def settled(db: Database) -> None:
    """Everything recorded is stamped, and everything owed is done."""
    owed = "SELECT (SELECT count(*) FROM ledger_fact WHERE seq IS NULL) + count(*) FROM delivery WHERE done_at IS NULL"

    async def nothing_owed() -> bool:
        async with db.transaction(Role.worker) as session:
            return int((await session.execute(text(owed))).scalar_one()) == 0

    await until(nothing_owed, "the worker that is left has done everything")


async def facts_are_there_once(db: Database, crowd: Crowd, tasks: list[Body]) -> None:
    """Every deed has its receipt, its fact is on the ledger exactly once, and the chain holds."""
    assert {receipt["outcome"] for receipt in crowd.receipts} <= DONE
    assert len(crowd.receipts) == len(tasks) * DEEDS_OF_A_VISIT
    async with db.transaction(Role.worker) as session:
        rows = await session.execute(text("SELECT task_id::text, name FROM ledger_fact WHERE task_id IS NOT NULL"))
        found = Counter(tuple(row) for row in rows)
        stood, breaks = await ledger.verify(session)
    for task in tasks:
        assert {name: found[task["id"], name] for name in FACTS_OF_A_VISIT} == FACTS_OF_A_VISIT
    assert breaks == []
    assert stood >= len(tasks) * sum(FACTS_OF_A_VISIT.values())


async def hand_overs_took_effect_once(db: Database, tasks: list[Body]) -> None:
    """What a fact sets going has happened once, whichever worker began it and whichever ended it."""
    async with db.transaction(Role.worker) as session:

        async def counts(statement: str) -> list[int]:
            return list((await session.execute(text(statement))).scalars())

        settled_clues = await counts("SELECT count(*) FROM ledger_fact WHERE name = 'ClueSettled' GROUP BY subject_id")
        look_backs = await counts("SELECT count(*) FROM look_back GROUP BY problem_id")
        scheduled = await counts(
            "SELECT count(*) FROM ledger_fact WHERE name = 'LookBackScheduled' GROUP BY subject_id"
        )
        given_up = await counts("SELECT count(*) FROM delivery WHERE failed_at IS NOT NULL OR done_at IS NULL")
        twice = await counts("SELECT count(*) FROM delivery GROUP BY entry_no, handler HAVING count(*) > 1")
    assert settled_clues == [1] * len(tasks)
    assert look_backs == scheduled == [1] * 4 * CLOSED_BY_A_DESK
    assert given_up == [0]
    assert twice == []


async def screens_have_every_fact_once(db: Database, screens: list[Screen]) -> None:
    """Each screen has every fact of its area once and in order, with or without a lost connection."""
    async with db.transaction(Role.worker) as session:
        rows = text("SELECT seq FROM ledger_fact WHERE area_code IS NOT NULL ORDER BY seq")
        told = list((await session.execute(rows)).scalars())
    for screen in screens:

        async def complete(screen: Screen = screen) -> bool:
            return screen.last == told[-1]

        await until(complete, "the screen has the last fact")
        assert [fact["seq"] for fact in screen.facts] == told
