"""实时调度: how far an order has come, whom silence wakes, and who is near enough to be sent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from liandong.kernel.clock import now
from liandong.kernel.db import Database, Role
from liandong.work.dispatch.chasing import chase_unanswered
from tests.conftest import As
from tests.phone import Phone
from tests.seat import Body, Seat, refused
from tests.wires.phone.test_positions import fix
from tests.world import BORDER_POINT, Person, World

ORDER = {"title": "示例异味投诉", "lon": BORDER_POINT[0] + 0.02, "lat": BORDER_POINT[1] + 0.02}
KILOMETRE = 1 / 111.2
"""Degrees of latitude."""


@pytest.fixture
async def order(as_: As, world: World) -> Body:
    """An order to two officers of the east, a minute old."""
    desk = as_(world.east.dispatcher)
    return await desk.assign(await desk.draft_task(**ORDER), world.east.lin, world.east.luo)


async def answers(desk: Seat, order: Body) -> dict[str, list[str]]:
    """By officer, what is known of his answer."""
    task = await desk.get(f"/tasks/{order['id']}")
    steps = ("received_at", "read_at", "accepted_at")
    return {one["name"]: [step for step in steps if one[step]] for one in task["officers"]}


async def seen(seat: Seat, order: Body, **more: object) -> None:
    await seat.post("/tasks/seen", {"tasks": [{"task_id": order["id"], **more}]})


async def told(desk: Seat, order: Body) -> list[str]:
    return [entry["name"] for entry in await desk.get("/ledger", subject_id=order["id"])]


async def chase(db: Database, minutes: float) -> None:
    async with db.transaction(Role.worker) as session:
        await chase_unanswered(session, now() + timedelta(minutes=minutes))


async def test_an_order_is_followed_to_each_officer(order: Body, as_: As, world: World) -> None:
    desk, lin = as_(world.east.dispatcher), as_(world.east.lin)
    names = world.east.lin.name, world.east.luo.name
    assert await answers(desk, order) == {names[0]: [], names[1]: []}
    await seen(lin, order)
    assert await answers(desk, order) == {names[0]: ["received_at"], names[1]: []}
    await seen(lin, order, read_at=now().isoformat())
    await seen(lin, order, read_at=now().isoformat())
    assert await answers(desk, order) == {names[0]: ["received_at", "read_at"], names[1]: []}
    phone = Phone(as_(world.east.luo), order)
    await phone.did(phone.accept())  # whoever signs has it and has read it
    assert (await answers(desk, order))[names[1]] == ["received_at", "read_at", "accepted_at"]
    assert await told(desk, order) == ["TaskDrafted", "TaskAssigned", "TaskReceived", "TaskRead", "TaskAccepted"]


async def test_a_clock_that_runs_ahead_reads_nothing_in_the_future(order: Body, as_: As, world: World) -> None:
    await seen(as_(world.east.lin), order, read_at=(now() + timedelta(days=1)).isoformat())
    task = await as_(world.east.dispatcher).get(f"/tasks/{order['id']}")
    assert max(one["read_at"] or "" for one in task["officers"]) <= now().isoformat().replace("+00:00", "Z")


async def test_only_who_is_sent_can_say_so(order: Body, as_: As, world: World) -> None:
    desk = as_(world.east.dispatcher)
    await seen(as_(world.south.lin), order, read_at=now().isoformat())
    with refused("officers.not_an_officer", 403):
        await seen(desk, order)
    again = await desk.assign(order, world.east.luo, world.south.luo)
    await seen(as_(world.east.lin), again)  # he was taken off meanwhile
    assert set(map(len, (await answers(desk, order)).values())) == {0}


async def test_silence_is_found_out_and_urged_once_an_hour(order: Body, as_: As, world: World, db: Database) -> None:
    desk, phone = as_(world.east.dispatcher), Phone(as_(world.east.lin), order)
    await chase(db, 14)
    assert (await desk.get(f"/tasks/{order['id']}"))["urged_count"] == 0
    await chase(db, 16)
    await chase(db, 17)
    await phone.did(phone.accept())  # one of two has signed
    await chase(db, 80)
    await chase(db, 81)
    entries = [one for one in await desk.get("/ledger", subject_id=order["id"]) if one["name"] == "TaskUnanswered"]
    assert len(entries) == 2
    lin, luo = world.east.lin.name, world.east.luo.name
    assert [(lin in one["words"], luo in one["words"]) for one in entries] == [(True, True), (False, True)]
    assert (await desk.get(f"/tasks/{order['id']}"))["urged_count"] == 2
    picture = await desk.get("/picture")
    assert picture["tasks"][order["id"]]["chased_at"]
    assert [one["accepted_at"] is not None for one in picture["tasks"][order["id"]]["answers"]] == [True, False]


async def test_nobody_is_chased_who_signed_came_or_was_taken_off(as_: As, world: World, db: Database) -> None:
    desk, east = as_(world.east.dispatcher), world.east
    signed, come, off = [
        await desk.assign(await desk.draft_task(**ORDER), *pair)
        for pair in ((east.lin, east.luo), (east.lin, east.luo), (east.lin, east.luo))
    ]
    for officer in (east.lin, east.luo):
        phone = Phone(as_(officer), signed)
        await phone.did(phone.accept())
    phone = Phone(as_(east.lin), come)
    await phone.did(phone.arrive(place=BORDER_POINT))
    await desk.post(f"/tasks/{off['id']}/cancel", {"reason": "示例"})
    await chase(db, 600)
    assert [await told(desk, one) for one in (signed, come, off) if "TaskUnanswered" in await told(desk, one)] == []


# --- who could be sent -----------------------------------------------------------------------------------------------


async def on_the_road(
    as_: As, who: Person, with_whom: Person, desk: Seat, metres_north: float, age_minutes: float
) -> None:
    """The officer is on another task and was so far north of the order's place, so long ago."""
    phone = Phone(as_(who), await desk.assign(await desk.draft_task(), who, with_whom), now() - timedelta(hours=2))
    await phone.did(phone.accept())
    at = now() - timedelta(minutes=age_minutes)
    place = fix(at, ORDER["lon"], ORDER["lat"] + metres_north / 1000 * KILOMETRE)  # type: ignore[operator, arg-type]
    await phone.seat.post("/positions", {"task_id": phone.task_id, "fixes": [place]})


async def test_the_nearest_come_first_and_nobody_is_guessed_at(as_: As, world: World) -> None:
    desk, east, joint = as_(world.east.dispatcher), world.east, as_(world.joint)
    for officer in (east.lin, east.luo, world.gu):
        await as_(officer).post("/duty", {"is_on_duty": True})
    task = await desk.draft_task(**ORDER)
    await on_the_road(as_, east.lin, world.south.luo, desk, 4200, 3)
    await on_the_road(as_, east.luo, world.south.luo, desk, 900, 50)  # near, but fifty minutes ago
    found = await desk.post(f"/tasks/{task['id']}/nearest")
    listed = {one["name"]: one for one in found["officers"]}
    assert next(iter(listed)) == east.lin.name
    assert listed[east.lin.name]["distance_m"] == pytest.approx(4200, abs=15)
    assert [one["state"] for one in listed[east.lin.name]["tasks"]] == ["accepted"]
    assert listed[east.luo.name]["distance_m"] is None
    assert listed[east.luo.name]["position_at"] is not None
    assert listed[world.gu.name]["tasks"] == []
    assert listed[world.gu.name]["position_at"] is None
    assert listed[world.gu.name]["is_certified"] is False
    assert found["radii"]["value"] == [3, 5, 10, 20]
    assert (found["oldest"]["value"], found["oldest"]["status"]) == (30, "unconfirmed")
    assert {one["name"] for one in (await joint.post(f"/tasks/{task['id']}/nearest"))["officers"]} >= set(listed)


async def test_who_looked_is_written_down_and_officers_do_not_look(as_: As, world: World) -> None:
    desk = as_(world.east.dispatcher)
    task = await desk.assign(await desk.draft_task(**ORDER), world.east.lin, world.east.luo)
    await desk.post(f"/tasks/{task['id']}/nearest")
    looks = await desk.get("/ledger", subject_id=str(world.east.dispatcher.account_id))
    assert [one["name"] for one in looks] == ["WhereaboutsWatched"]
    with refused("access.verb_missing", 403):
        await as_(world.east.lin).post(f"/tasks/{task['id']}/nearest")
    with refused("kernel.not_found", 404):
        await as_(world.foreign.dispatcher).post(f"/tasks/{task['id']}/nearest")
