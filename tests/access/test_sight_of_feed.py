"""What passes by on the live line: one's own, what one is sent to, and nothing of a neighbour's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from fastapi import FastAPI

from liandong.kernel.jobs import Worker
from tests.access.scene import Scene
from tests.conftest import As
from tests.line import Line, follow
from tests.seat import Refusal
from tests.world import Person, World


@asynccontextmanager
async def lines(app: FastAPI, people: dict[str, Person], after: int | None = None) -> AsyncIterator[dict[str, Line]]:
    async with AsyncExitStack() as stack:
        yield {who: await stack.enter_async_context(follow(app, person, after)) for who, person in people.items()}


def names(line: Line) -> list[str]:
    return [fact["name"] for fact in line.facts]


async def test_only_those_who_may_see_it_hear_of_it(
    app: FastAPI, as_: As, worker: Worker, world: World, scene: Scene
) -> None:
    east, south, far = world.east, world.south, world.foreign
    people = {
        "desk": east.dispatcher, "officer": east.luo, "sent": south.luo, "chief": world.chief,
        "next": south.dispatcher, "next officer": south.lin, "far": far.dispatcher,
    }  # fmt: skip
    async with lines(app, people, after=0) as open_lines:
        known = {who: len(await line.catch_up()) for who, line in open_lines.items()}
        assert known["desk"] == known["officer"] == known["chief"] > known["sent"] > 0
        await as_(east.dispatcher).post(f"/tasks/{scene.task}/urge", {"words": "示例：请尽快"})
        await as_(east.dispatcher).receive_clue(description="示例：与任务无关")
        await worker.drain()
        heard = {who: [fact["name"] for fact in await line.catch_up()] for who, line in open_lines.items()}
        assert heard["desk"] == heard["officer"] == heard["chief"] == ["TaskUrged", "ClueReceived"]
        assert heard["sent"] == ["TaskUrged"]
        for stranger in ("next", "next officer", "far"):
            assert open_lines[stranger].facts == []


async def test_being_sent_opens_a_task_on_the_open_line_and_being_released_closes_it(
    app: FastAPI, as_: As, worker: Worker, world: World, scene: Scene
) -> None:
    desk, guest = as_(world.east.dispatcher), world.west.lin
    async with lines(app, {"guest": guest, "desk": world.east.dispatcher}) as open_lines:
        task = await desk.draft_task()
        await worker.drain()
        assert await open_lines["guest"].catch_up() == []
        await desk.assign(task, guest, world.east.lin)
        await desk.post(f"/tasks/{task['id']}/urge", {"words": "示例"})
        await worker.drain()
        assert [fact["name"] for fact in await open_lines["guest"].catch_up()] == ["TaskAssigned", "TaskUrged"]
        await desk.assign(task, world.east.luo, world.east.lin)
        await desk.post(f"/tasks/{task['id']}/urge", {"words": "示例"})
        await worker.drain()
        assert [fact["name"] for fact in await open_lines["guest"].catch_up()] == ["TaskAssigned"]  # that it is over
        await desk.post(f"/tasks/{task['id']}/cancel", {"reason": "示例"})
        await worker.drain()
        assert await open_lines["guest"].catch_up() == []
        await open_lines["desk"].catch_up()
        assert names(open_lines["desk"])[-1] == "TaskCancelled"


async def test_who_signed_in_or_failed_to_is_on_the_ledger_but_on_nobodys_line(
    app: FastAPI, as_: As, worker: Worker, world: World, scene: Scene
) -> None:
    async with lines(app, {"chief": world.chief, "admin": world.joint}, after=0) as open_lines:
        before = {who: len(await line.catch_up()) for who, line in open_lines.items()}
        await as_(world.chief).client.post("/api/session", json={"login": "chief", "password": "wrong"})
        await worker.drain()
        assert {who: before[who] + len(await line.catch_up()) for who, line in open_lines.items()} == before


async def test_a_line_resumes_by_the_header_that_browsers_send(
    app: FastAPI, as_: As, worker: Worker, world: World, scene: Scene
) -> None:
    async with lines(app, {"desk": world.east.dispatcher}, after=0) as open_lines:
        facts = await open_lines["desk"].catch_up()
    half = facts[len(facts) // 2]["seq"]
    async with follow(app, world.east.dispatcher, 0, last_event_id=str(half)) as resumed:
        assert [fact["seq"] for fact in await resumed.catch_up()] == [f["seq"] for f in facts if f["seq"] > half]
    async with follow(app, world.east.dispatcher) as fresh:
        assert await fresh.catch_up() == []  # without a number it begins now


async def test_who_may_not_see_the_picture_gets_no_line(app: FastAPI, as_: As, world: World, scene: Scene) -> None:
    for person in (world.admin, world.auditor):
        for path in ("/picture", "/feed"):
            with pytest.raises(Refusal) as refused:
                await as_(person).get(path)
            assert (refused.value.code, refused.value.status) == ("access.verb_missing", 403)
