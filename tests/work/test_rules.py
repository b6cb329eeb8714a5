"""The rules of the work: each refusal of the issue, with its stable code and its reason in two languages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from liandong.kernel.clock import beijing_today, end_of_day, now
from liandong.kernel.db import Database, Role
from liandong.kernel.jobs import Worker
from tests.conftest import As
from tests.phone import Phone
from tests.seat import Body, refused
from tests.work.test_moves import found
from tests.world import BORDER_POINT, PETITIONER, World

UNKNOWN = "01900000-0000-7000-8000-000000000001"


@pytest.fixture
async def ordered(as_: As, world: World) -> Body:
    """A problem at the factory that has been ordered to be put right."""
    problem = await found(as_, world)
    return await as_(world.east.dispatcher).order(problem)


# --- sending officers ------------------------------------------------------------------------------------------------


async def test_one_officer_is_not_enough(as_: As, world: World) -> None:
    desk, lin = as_(world.east.dispatcher), world.east.lin
    task = await desk.draft_task()
    with refused("dispatch.two_officers_required", 409):
        await desk.assign(task, lin)
    with refused("dispatch.two_officers_required", 409):
        await desk.assign(task, lin, lin)
    assert (await desk.get(f"/tasks/{task['id']}"))["officers"] == []


async def test_an_expired_certificate_sends_nobody(as_: As, world: World) -> None:
    desk = as_(world.east.dispatcher)
    task = await desk.draft_task()
    with refused("officers.certificate_expired", 409) as why:
        await desk.assign(task, world.east.lin, world.gu)
    assert world.gu.name in why[0].body["title"]
    listed = {one["name"]: one for one in (await desk.get("/officers", area_code=world.east.area_code))["items"]}
    last_day = listed[world.gu.name]["certificate"][
        "valid_to_on"
    ]  # not counted from today: midnight may have passed since the cast came
    assert last_day < str(beijing_today())
    assert last_day in why[0].body["title"]
    assert listed[world.gu.name]["certificate"]["is_valid"] is False
    assert listed[world.east.lin.name]["certificate"]["is_valid"] is True


async def test_a_certificate_counts_on_its_last_day_and_not_after(as_: As, db: Database, world: World) -> None:
    desk = as_(world.east.dispatcher)
    await set_last_day(db, world, beijing_today() - timedelta(days=1))
    task = await desk.draft_task()
    with refused("officers.certificate_expired", 409):
        await desk.assign(task, world.east.lin, world.east.luo)
    await set_last_day(db, world, beijing_today())
    assert (await desk.assign(task, world.east.lin, world.east.luo))["state"] == "assigned"


async def set_last_day(db: Database, world: World, day: Any) -> None:
    async with db.transaction(Role.worker) as session:
        change = text("UPDATE certificate SET valid_to_on = :day WHERE officer_id = :officer")
        await session.execute(change, {"day": day, "officer": world.east.lin.officer})


async def test_the_lead_is_among_them_and_all_are_known(as_: As, world: World) -> None:
    desk = as_(world.east.dispatcher)
    task = await desk.draft_task()
    with refused("dispatch.lead_not_among", 409):
        await desk.assign(task, world.east.lin, world.east.luo, lead=world.south.lin)
    body = {"officer_ids": [str(world.east.lin.officer), UNKNOWN], "lead_officer_id": UNKNOWN}
    with refused("officers.unknown", 404):
        await desk.post(f"/tasks/{task['id']}/assign", body)


async def test_being_sent_anew_takes_the_others_off(as_: As, world: World) -> None:
    desk, east = as_(world.east.dispatcher), world.east
    task = await desk.assign(await desk.draft_task(), east.lin, world.south.luo)
    assert (await as_(world.south.luo).get("/tasks", mine=True))["total"] == 1
    again = await desk.assign(task, east.lin, east.luo)
    assert [one["name"] for one in again["officers"]] == [east.lin.name, east.luo.name]
    assert (await as_(world.south.luo).get("/tasks", mine=True))["total"] == 0
    phone = Phone(as_(world.south.luo), task)
    [receipt] = await phone.send([phone.accept()])
    assert receipt["problem"]["code"] == "dispatch.given_to_others"


async def test_a_task_lies_where_its_source_lies_and_not_elsewhere(as_: As, world: World) -> None:
    task = await as_(world.joint).draft_task(source_id=str(world.factory))
    assert task["area_code"] == world.east.area_code
    assert (task["lon"], task["lat"]) == BORDER_POINT
    with refused("access.elsewhere", 403):
        await as_(world.east.dispatcher).draft_task(area_code=world.south.area_code)


# --- clues -----------------------------------------------------------------------------------------------------------


async def test_a_clue_lies_where_its_point_lies(as_: As, world: World) -> None:
    for district in world.districts:
        lon, lat = district.middle
        assert (await as_(world.joint).receive_clue(lon=lon, lat=lat))["area_code"] == district.area_code
    lon, lat = world.foreign.middle
    assert (await as_(world.joint).receive_clue(lon=lon, lat=lat))["area_code"] == world.joint.area_code
    with refused("kernel.invalid_input", 422):
        await as_(world.joint).receive_clue(lon=181.0, lat=36.6)


async def test_half_a_position_is_none(as_: As, world: World) -> None:
    for half in ({"lon": 117.0}, {"lat": 36.6}):
        with refused("kernel.position_incomplete", 422):
            await as_(world.joint).receive_clue(**half)
        with refused("kernel.position_incomplete", 422):
            await as_(world.east.dispatcher).draft_task(**half)


async def test_a_petitioner_is_kept_sealed_and_every_look_is_on_the_ledger(as_: As, db: Database, world: World) -> None:
    desk = as_(world.east.dispatcher)
    clue = await desk.receive_clue(kind="petition", petitioner=PETITIONER)
    assert (clue["has_petitioner"], clue["handle_by_on"]) == (True, str(beijing_today() + timedelta(days=60)))
    assert PETITIONER["phone"] not in str(clue)
    async with db.transaction(Role.worker) as session:
        for table in ("clue", "ledger_fact"):
            rows = (await session.execute(text(f"SELECT {table}::text FROM {table}"))).scalars().all()  # noqa: S608
            assert not [row for row in rows if PETITIONER["phone"] in row or PETITIONER["name"] in row]
    assert await desk.post(f"/clues/{clue['id']}/petitioner") == PETITIONER
    timeline = await desk.get("/ledger", subject_id=clue["id"])
    assert [(entry["name"], entry["author_name"]) for entry in timeline][1:] == [
        ("PetitionerRevealed", world.east.dispatcher.name)
    ]
    nameless = await desk.receive_clue()
    with refused("clues.no_petitioner", 404):
        await desk.post(f"/clues/{nameless['id']}/petitioner")


async def test_a_clue_that_is_declined_keeps_the_reason(as_: As, world: World) -> None:
    desk = as_(world.east.dispatcher)
    clue = await desk.receive_clue()
    declined = await desk.post(f"/clues/{clue['id']}/decline", {"reason": "示例：重复举报"})
    assert (declined["state"], declined["decline_reason"], declined["verbs"]) == ("declined", "示例：重复举报", [])
    assert (await desk.get("/tasks"))["total"] == 0


# --- putting right ---------------------------------------------------------------------------------------------------


async def test_evidence_older_than_the_order_shows_nothing(as_: As, world: World, ordered: Body) -> None:
    officer = as_(world.east.lin)
    old = await officer.seal(
        ordered, "示例：旧照片", taken_at=datetime.fromisoformat(ordered["ordered_at"]) - timedelta(seconds=1)
    )
    with refused("problems.evidence_too_old", 409):
        await officer.claim(ordered, old)
    fresh = await officer.seal(ordered, "示例：新照片")
    assert (await officer.claim(ordered, old, fresh))["state"] == "claimed"


async def test_a_claim_without_evidence_or_with_somebody_elses(as_: As, world: World, ordered: Body) -> None:
    officer = as_(world.east.lin)
    with refused("problems.no_evidence", 409):
        await officer.claim(ordered)
    with refused("evidence.unknown", 404):
        await officer.claim(ordered, {"id": UNKNOWN})


async def test_evidence_of_another_problem_shows_nothing(as_: As, world: World, ordered: Body) -> None:
    officer = as_(world.east.lin)
    other = await as_(world.east.dispatcher).order(await found(as_, world))
    proof = await officer.seal(other, "示例：另一问题的照片")
    with refused("evidence.unknown", 404):
        await officer.claim(ordered, proof)


async def test_nobody_closes_out_what_he_claimed_himself(as_: As, world: World, ordered: Body) -> None:
    desk = as_(world.east.dispatcher)
    await desk.claim(ordered, await desk.seal(ordered, "示例：已整改"))
    with refused("problems.own_close_out", 403):
        await desk.close_out(ordered)
    shown = await desk.get(f"/problems/{ordered['id']}")
    assert (shown["is_own_claim"], "close_out" in shown["verbs"]) == (True, False)
    assert (await as_(world.east.leader).close_out(ordered))["state"] == "closed"


async def test_the_city_may_witness_but_not_close(as_: As, world: World, ordered: Body) -> None:
    desk = as_(world.east.dispatcher)
    await desk.claim(ordered, await desk.seal(ordered, "示例：已整改"))
    for above in (world.chief, world.joint):
        assert (await as_(above).get(f"/problems/{ordered['id']}"))["verbs"] == []
        with refused("access.way_missing", 403) as why:
            await as_(above).close_out(ordered)
        assert why[0].body["rule"]["ways_needed"] == ["home"]


async def test_an_order_looks_ahead(as_: As, world: World) -> None:
    problem = await found(as_, world)
    with refused("problems.deadline_past", 422):
        await as_(world.east.dispatcher).order(problem, beijing_today() - timedelta(days=1))
    assert (await as_(world.east.dispatcher).order(problem, beijing_today()))["is_overdue"] is False


async def test_what_is_late_is_in_the_list_of_the_late(as_: As, db: Database, world: World, ordered: Body) -> None:
    desk = as_(world.east.dispatcher)
    assert (await desk.get("/problems", overdue=True))["total"] == 0
    async with db.transaction(Role.worker) as session:
        yesterday = beijing_today() - timedelta(days=1)
        await session.execute(text("UPDATE problem SET rectify_by_on = :day"), {"day": yesterday})
    [late] = (await desk.get("/problems", overdue=True))["items"]
    assert (late["id"], late["is_overdue"]) == (ordered["id"], True)


# --- looking back ----------------------------------------------------------------------------------------------------


@pytest.fixture
async def closed(as_: As, world: World, worker: Worker, ordered: Body) -> Body:
    """A problem that was struck off, with a look-back scheduled."""
    officer = as_(world.east.lin)
    await officer.claim(ordered, await officer.seal(ordered, "示例：已整改"))
    problem = await as_(world.east.leader).close_out(ordered)
    await worker.drain()
    return problem


async def test_a_relapse_must_be_shown(as_: As, world: World, closed: Body) -> None:
    with refused("problems.no_evidence", 409):
        await as_(world.east.luo).look_back(closed, "relapsed")
    with refused("kernel.invalid_input", 422):
        await as_(world.east.luo).look_back(closed, "so-so")


async def test_what_was_seen_before_the_close_out_shows_no_relapse(as_: As, world: World, ordered: Body) -> None:
    officer = as_(world.east.lin)
    before = await officer.seal(ordered, "示例：销号前的照片")
    await officer.claim(ordered, before)
    closed = await as_(world.east.leader).close_out(ordered)
    with refused("problems.evidence_before_close_out", 409):
        await officer.look_back(closed, "relapsed", before)
    since = await officer.seal(closed, "示例：又冒烟")
    assert (await officer.look_back(closed, "relapsed", since))["state"] == "relapsed"


def next_morning() -> datetime:
    """After the day's call for look-backs, whatever the hour is now."""
    return end_of_day(beijing_today()) + timedelta(hours=7)


async def test_nobody_is_sent_for_a_look_back_that_was_held(
    as_: As, world: World, worker: Worker, closed: Body
) -> None:
    desk = as_(world.east.dispatcher)
    await desk.set_look_back_day(closed, beijing_today())
    assert [row["id"] for row in (await desk.get("/problems", look_back_due=True))["items"]] == [closed["id"]]
    await worker.drain(at=next_morning())
    [task] = [one for one in (await desk.get("/tasks"))["items"] if one["kind"] == "look_back"]
    await desk.assign(task, world.east.lin, world.east.luo)
    await desk.look_back(closed, "held")
    await worker.drain()
    assert (await desk.get(f"/tasks/{task['id']}"))["state"] == "cancelled"
    assert (await desk.get("/problems", look_back_due=True))["items"] == []


async def test_the_day_of_a_look_back_can_be_moved_but_not_into_the_past(
    as_: As, world: World, worker: Worker, closed: Body
) -> None:
    desk = as_(world.east.dispatcher)
    with refused("problems.deadline_past", 422):
        await desk.set_look_back_day(closed, beijing_today() - timedelta(days=1))
    moved = await desk.set_look_back_day(closed, beijing_today() + timedelta(days=5))
    assert moved["look_back_due_on"] == str(beijing_today() + timedelta(days=5))
    await worker.drain(at=now() + timedelta(days=1))
    assert [task for task in (await desk.get("/tasks"))["items"] if task["kind"] == "look_back"] == []
    await desk.look_back(closed, "held")
    with refused("problems.no_look_back", 404):
        await desk.set_look_back_day(closed, beijing_today())


async def test_hand_overs_repeated_make_nothing_twice(
    as_: As, db: Database, world: World, worker: Worker, closed: Body
) -> None:
    """Every hand-over may come twice: all of them are owed again, and nothing is there twice."""
    desk = as_(world.east.dispatcher)
    await desk.set_look_back_day(closed, beijing_today())
    tomorrow = next_morning()
    await worker.drain(at=tomorrow)
    smoke = await desk.seal(closed, "示例：又冒烟")
    await desk.look_back(closed, "relapsed", smoke)
    await worker.drain(at=tomorrow)
    before = [task["id"] for task in (await desk.get("/tasks"))["items"]]
    async with db.transaction(Role.worker) as session:
        await session.execute(text("UPDATE delivery SET done_at = NULL"))
    assert await worker.drain(at=tomorrow) > 0
    assert [task["id"] for task in (await desk.get("/tasks"))["items"]] == before
    assert len((await desk.get(f"/problems/{closed['id']}"))["look_backs"]) == 1
