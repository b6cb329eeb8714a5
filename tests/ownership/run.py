"""A run: many people give orders at once while somebody looks; then everything is compared."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from liandong import flow
from liandong.api.app import make_app
from liandong.kernel.db import Database
from liandong.registers.access.door import refreshed
from tests.allies import in_force
from tests.ownership import books
from tests.ownership.orders import Orders
from tests.seat import Seat
from tests.world import World

HANDS = 6
STRETCH = 5_000
"""After so many orders everybody stops for a moment, and what each sees is held against whose it is."""
LOOK_EVERY_SECONDS = 0.5


@dataclass
class Outcome:
    """What a run came to. `findings` is empty if everything held."""

    figures: dict[str, Any]
    findings: list[str] = field(default_factory=list)


async def carry_out(db: Database, world: World, count: int, seed: int, say: Callable[[str], None]) -> Outcome:
    """So many orders have been given; the figures of the run and what was found."""
    flow.connect()
    orders = await _prepare(db, world, seed)
    books.keep_history(db)
    findings, instants, began = list[str](), 0, time.monotonic()
    given = 0
    while given < count:
        stretch = min(STRETCH, count - given)
        instants += await _stretch(db, orders, stretch, findings)
        given += stretch
        watchers = orders.desks | {one.home_area: one for one in orders.strangers}
        findings += await books.sights(db, watchers)
        clues, wrong = await books.look(db)
        say(f"{given} orders, {clues} clues, {instants} instants looked at, {len(findings) + wrong} findings")
    findings += await books.compare(db) + orders.leaks + orders.broken
    seconds = time.monotonic() - began
    figures = {
        "orders": count, "seed": seed, "seconds": round(seconds), "per_s": round(count / seconds), "clues": clues,
        "instants": instants, "done": dict(orders.done), "refused": dict(orders.refused),
        "crashed": dict(orders.crashed), "findings": len(findings),
    }  # fmt: skip
    return Outcome(figures, findings)


async def _prepare(db: Database, world: World, seed: int) -> Orders:
    app = make_app(db)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        await in_force(lambda person: Seat(client, person), *world.districts)

    async def actor(person: Any) -> Any:
        return await refreshed(db, person.account_id)

    return Orders(
        db=db,
        officers={one.area_code: [await actor(one.lin), await actor(one.luo)] for one in world.districts},
        desks={one.area_code: await actor(one.dispatcher) for one in world.districts},
        superior=await actor(world.joint),
        strangers=[await actor(world.foreign.dispatcher)],
        dice=random.Random(seed),
    )


async def _stretch(db: Database, orders: Orders, count: int, findings: list[str]) -> int:
    """Orders are given by several at once while somebody looks. Returns how many instants were looked at."""
    left = iter(range(count))

    async def hand() -> None:
        for _ in left:
            await orders.give()

    async def watch() -> None:
        nonlocal instants
        while True:
            _, wrong = await books.look(db)
            instants += 1
            if wrong:
                findings.append(f"{wrong} clues had no owner, another or two at one instant")
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    instants = 0
    watching = asyncio.create_task(watch())
    try:
        await asyncio.gather(*(hand() for _ in range(HANDS)))
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    return instants
