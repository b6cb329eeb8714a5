"""The law of the live picture, where it is hardest: snapshots taken between a deed and its number, lines that drop."""

from __future__ import annotations

from contextlib import AsyncExitStack

from fastapi import FastAPI

from liandong.kernel.jobs import Worker
from tests.conftest import As
from tests.line import follow
from tests.screen import Screen, screens
from tests.world import World


async def test_a_snapshot_at_any_moment_and_the_facts_after_it_agree(
    app: FastAPI, as_: As, world: World, worker: Worker
) -> None:
    """Nobody stamps while the day goes on, so every snapshot holds deeds whose facts come only later."""
    desk, east, south = as_(world.east.dispatcher), world.east, world.south
    async with AsyncExitStack() as stack:
        opened: list[Screen] = []

        async def look() -> None:
            opened.extend(await stack.enter_async_context(screens(app, [desk, as_(world.chief)])))

        await look()
        clue, other = await desk.receive_clue(), await desk.receive_clue()
        await look()
        await desk.post(f"/clues/{other['id']}/decline", {"reason": "示例"})
        task = (await desk.accept_clue(clue))["task_id"]
        await look()
        await desk.assign(task, east.lin, south.luo)
        await look()
        await as_(east.lin).post("/duty", {"is_on_duty": True})
        await desk.assign(task, east.lin, east.luo)
        await look()
        await as_(east.lin).post("/duty", {"is_on_duty": False})
        await desk.post(f"/tasks/{task}/cancel", {"reason": "示例"})
        await worker.drain()
        for screen in opened:
            await screen.catch_up()
        at_home = [screen.picture for screen in opened if screen.seat is desk]
        assert all(picture == at_home[0] for picture in at_home)
        assert at_home[0]["tasks"][task]["state"] == "cancelled"
        assert other["id"] not in at_home[0]["clues"]


async def test_a_screen_that_drops_and_resumes_agrees_with_one_that_never_did(
    app: FastAPI, as_: As, world: World, worker: Worker
) -> None:
    desk = as_(world.east.dispatcher)
    async with screens(app, [desk, desk]) as (steady, dropping):
        clue = await desk.receive_clue()
        await worker.drain()
        for screen in (steady, dropping):
            await screen.catch_up()
        last = dropping.line.facts[-1]["seq"]
        task = (await desk.accept_clue(clue))["task_id"]  # while the line is down
        await worker.drain()
        async with follow(app, desk.person, last) as resumed:
            dropping.line = resumed
            await desk.assign(task, world.east.lin, world.east.luo)
            await worker.drain()
            for screen in (steady, dropping):
                await screen.catch_up()
            assert steady.picture == dropping.picture
            seen = [fact["seq"] for fact in steady.line.facts]
            assert [fact["seq"] for fact in resumed.facts] == [seq for seq in seen if seq > last]
