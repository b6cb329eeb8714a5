"""Every verb in every state, through the API: what a record's state forbids is refused and changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from liandong.kernel.clock import beijing_today
from liandong.kernel.db import Database, Role
from liandong.work.clues.states import CLUE_STATES
from liandong.work.dispatch.states import TASK_STATES
from liandong.work.problems.states import PROBLEM_STATES
from tests.conftest import As
from tests.phone import Phone
from tests.seat import Body, Refusal, Seat, assert_words
from tests.world import World

SIGNED = "示例签名".encode()


async def put_in_state(db: Database, table: str, record: Body, state: str) -> None:
    """The record is in this state, past every rule."""
    async with db.transaction(Role.worker) as session:
        closed = ", closed_at = now(), rectify_by_on = now()::date, ordered_at = now()" if table == "problem" else ""
        forced = f"UPDATE {table} SET state = :state{closed} WHERE id = :id"  # noqa: S608
        await session.execute(text(forced), {"state": state, "id": record["id"]})


async def snapshot(db: Database, table: str, record: Body) -> tuple[Any, int]:
    """The record as it is, and how many facts there are."""
    async with db.transaction(Role.worker) as session:
        row = await session.execute(text(f"SELECT * FROM {table} WHERE id = :id"), {"id": record["id"]})  # noqa: S608
        facts = await session.scalar(text("SELECT count(*) FROM ledger_fact"))
        return tuple(row.one()), facts or 0


async def refuses(seat: Seat, path: str, body: Body, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        await seat.post(path, body)
    assert (refused.value.code, refused.value.status) == (code, 409), refused.value
    assert_words(refused.value.body)


async def test_problems(as_: As, db: Database, world: World) -> None:
    desk, leader = as_(world.east.dispatcher), as_(world.east.leader)
    problem = await found(as_, world)
    bodies: dict[str, tuple[str, Body]] = {
        "order": ("order", {"rectify_by_on": str(beijing_today()), "requirement": "示例"}),
        "claim": ("claim", {"statement": "示例"}),
        "return": ("return", {"reason": "示例"}),
        "close_out": ("close_out", {"opinion": "示例"}),
        "settle": ("look_back", {"outcome": "held", "note": "示例"}),
        "relapse": ("look_back", {"outcome": "relapsed", "note": "示例"}),
    }
    for state, verb, after in PROBLEM_STATES.pairs():
        path, body = bodies[verb]
        seat = desk if verb == "claim" else leader  # nobody closes out what he claimed himself
        await put_in_state(db, "problem", problem, state.value)
        if verb in ("claim", "relapse"):
            body = body | {"evidence_ids": [(await desk.seal(problem, "示例：证明"))["id"]]}
        if after is not None:
            moved = await seat.post(f"/problems/{problem['id']}/{path}", body)
            assert moved["state"] == after.value, (state, verb)
            continue
        before = await snapshot(db, "problem", problem)
        await refuses(seat, f"/problems/{problem['id']}/{path}", body, "problems.wrong_state")
        assert await snapshot(db, "problem", problem) == before, (state, verb)


async def found(as_: As, world: World) -> Body:
    """A problem at the factory, just found."""
    desk, officer = as_(world.east.dispatcher), as_(world.east.lin)
    task = await desk.draft_task(source_id=str(world.factory))
    await desk.assign(task, world.east.lin, world.east.luo)
    phone = Phone(officer, task)
    await phone.did(phone.arrive(), phone.find())
    return {"id": phone.problem_id}


async def test_clues(as_: As, db: Database, world: World) -> None:
    desk = as_(world.east.dispatcher)
    bodies: dict[str, Body] = {"accept": {}, "decline": {"reason": "示例"}}
    for state, verb, after in CLUE_STATES.pairs():
        if verb == "settle":  # nobody does it: it follows from the task
            continue
        clue = await desk.receive_clue()
        await put_in_state(db, "clue", clue, state.value)
        path = f"/clues/{clue['id']}/{verb}"
        if after is not None:
            assert (await desk.post(path, bodies[verb]))["state"] == after.value
            continue
        before = await snapshot(db, "clue", clue)
        await refuses(desk, path, bodies[verb], "clues.wrong_state")
        assert await snapshot(db, "clue", clue) == before, (state, verb)


async def test_tasks(as_: As, db: Database, world: World) -> None:
    desk, east = as_(world.east.dispatcher), world.east
    ids = [str(east.lin.officer), str(east.luo.officer)]
    bodies: dict[str, Body] = {
        "assign": {"officer_ids": ids, "lead_officer_id": ids[0]},
        "cancel": {"reason": "示例"},
    }
    for state, verb, after in TASK_STATES.pairs():
        task = await desk.draft_task()
        if verb in bodies:
            await put_in_state(db, "task", task, state.value)
            path = f"/tasks/{task['id']}/{verb}"
            if after is not None:
                assert (await desk.post(path, bodies[verb]))["state"] == after.value, (state, verb)
                continue
            before = await snapshot(db, "task", task)
            await refuses(desk, path, bodies[verb], "dispatch.wrong_state")
            assert await snapshot(db, "task", task) == before, (state, verb)


@pytest.mark.parametrize("verb", ["accept", "arrive", "report_back"])
async def test_tasks_by_phone(as_: As, db: Database, world: World, verb: str) -> None:
    desk, east = as_(world.east.dispatcher), world.east
    await as_(east.lin).put_file(SIGNED)
    for state, _, after in (pair for pair in TASK_STATES.pairs() if pair[1] == verb):
        task = await desk.assign(await desk.draft_task(), east.lin, east.luo)
        phone = Phone(as_(east.lin), task)
        if verb == "report_back":
            await phone.did(phone.arrive(), *(phone.sign(SIGNED, who) for who in (east.lin, east.luo)))
            await phone.did(phone.refuse_to_sign())
        await put_in_state(db, "task", task, state.value)
        before = await snapshot(db, "task", task)
        deed = {"accept": phone.accept, "arrive": phone.arrive, "report_back": phone.submit}[verb]()
        [receipt] = await phone.send([deed])
        if after is not None:
            assert receipt["outcome"] == "accepted", (state, receipt)
            assert (await desk.get(f"/tasks/{task['id']}"))["state"] == after.value
            continue
        assert receipt["problem"]["code"] == "dispatch.wrong_state", (state, receipt)
        assert_words(receipt["problem"])
        assert await snapshot(db, "task", task) == before, state  # the visit did not begin, or end, either
        assert (await desk.get("/inspections"))["total"] == await begun(db), state


async def begun(db: Database) -> int:
    async with db.transaction(Role.worker) as session:
        return int(await session.scalar(text("SELECT count(*) FROM inspection")) or 0)


async def test_urging(as_: As, db: Database, world: World) -> None:
    desk = as_(world.east.dispatcher)
    for over in ("reported_at", "cancelled_at"):
        task = await desk.assign(await desk.draft_task(), world.east.lin, world.east.luo)
        assert (await desk.post(f"/tasks/{task['id']}/urge", {"words": "示例"}))["urged_count"] == 1
        async with db.transaction(Role.worker) as session:
            await session.execute(text(f"UPDATE task SET {over} = now() WHERE id = :id"), {"id": task["id"]})  # noqa: S608
        await refuses(desk, f"/tasks/{task['id']}/urge", {"words": "示例"}, "dispatch.wrong_state")
