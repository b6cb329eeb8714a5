"""★ If only one test may run, this one: the whole path, through the same API that people and phones use."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from operator import itemgetter
from typing import Any

import pytest
from fastapi import FastAPI

from liandong.kernel import ledger
from liandong.kernel.clock import beijing_today, end_of_day
from liandong.kernel.db import Database, Role
from liandong.kernel.jobs import Worker
from tests.conftest import As
from tests.phone import Phone, visit
from tests.screen import Screen, screens
from tests.seat import Body, Seat
from tests.world import BORDER_POINT, World

PHOTO = "示例照片：黄烟".encode()
OVER_THE_FACTORY = (BORDER_POINT[0] + 0.0004, BORDER_POINT[1] + 0.0003)


@dataclass
class Story:
    """What the chapters share: the people, the live screens, and the machinery behind."""

    world: World
    as_: As
    worker: Worker
    screens: list[Screen]

    @property
    def desk(self) -> Seat:
        """The dispatcher of the east, where the factory lies."""
        return self.as_(self.world.east.dispatcher)

    @property
    def leader(self) -> Seat:
        """The leader of the east."""
        return self.as_(self.world.east.leader)

    async def told(self) -> None:
        """What was done has reached every screen, and each shows exactly what a fresh snapshot shows."""
        await self.worker.drain()
        for screen in self.screens:
            await screen.catch_up()

    async def now(self, problem: Body) -> Body:
        """The problem as the home desk sees it now, with its whole history."""
        return await self.desk.get(f"/problems/{problem['id']}")  # type: ignore[no-any-return]


@pytest.fixture
async def story(app: FastAPI, world: World, as_: As, worker: Worker) -> AsyncIterator[Story]:
    """Screens are open at the centre, at home, at a neighbour's, on the officers' phones, and abroad."""
    watching = [world.joint, world.chief, world.east.dispatcher, world.south.dispatcher, world.foreign.dispatcher]
    async with screens(app, [as_(person) for person in (*watching, world.east.lin, world.south.luo)]) as opened:
        yield Story(world, as_, worker, opened)


async def test_a_problem_at_the_border_is_closed_out_and_looked_back_at(story: Story, db: Database) -> None:
    clue = await a_drone_sees_smoke(story)
    task = await the_east_takes_it_up(story, clue)
    await two_districts_send_an_officer_each(story, task)
    phone = await they_work_without_signal(story, task)
    problem = await the_signal_comes_back(story, phone)
    await the_clue_is_settled(story, clue)
    await the_factory_is_told_to_put_it_right(story, problem)
    await a_blurred_picture_is_returned(story, problem)
    await the_home_agency_closes_it_out(story, problem)
    await a_day_is_set_to_look_back(story, problem)
    again = await it_has_relapsed(story, problem)
    await the_second_round_holds(story, problem, again)
    await everything_stands_on_the_ledger(db, story, problem)
    await the_days_figures(story)


async def a_drone_sees_smoke(story: Story) -> Body:
    lon, lat = OVER_THE_FACTORY
    clue = await story.as_(story.world.joint).receive_clue(lon=lon, lat=lat, source_id=str(story.world.factory))
    assert clue["state"] == "received"
    assert clue["area_code"] == story.world.east.area_code  # where it lies, not where it was received
    await story.told()
    return clue


async def the_east_takes_it_up(story: Story, clue: Body) -> Body:
    accepted = await story.desk.accept_clue(clue, mode="joint", title="示例：边界黄烟核查")
    assert accepted["state"] == "accepted"
    task: Body = await story.desk.get(f"/tasks/{accepted['task_id']}")
    assert (task["state"], task["kind"], task["mode"]) == ("drafted", "clue_check", "joint")
    assert task["due_on"] == clue["handle_by_on"]
    await story.told()
    return task


async def two_districts_send_an_officer_each(story: Story, task: Body) -> None:
    east, south = story.world.east, story.world.south
    assert await story.as_(south.luo).get("/tasks") == {"items": [], "total": 0, "next_cursor": None}
    assigned = await story.desk.assign(task, east.lin, south.luo)
    assert assigned["state"] == "assigned"
    assert [(one["name"], one["is_lead"]) for one in assigned["officers"]] == [
        (east.lin.name, True),
        (south.luo.name, False),
    ]
    pack = await story.as_(south.luo).get(f"/tasks/{task['id']}/pack")
    assert pack["enterprise_file"]["source"]["id"] == str(story.world.factory)
    await story.told()


async def they_work_without_signal(story: Story, task: Body) -> Phone:
    east, south = story.world.east, story.world.south
    phone = Phone(story.as_(south.luo), task)
    phone.accept()
    arrived = phone.arrive(OVER_THE_FACTORY)
    answered = phone.answer("air", "air.facility_running", "no", [arrived])
    found = phone.find([arrived])
    pictured = phone.photograph(PHOTO, "示例：证明治理设施停运", [found], problem_id=phone.problem_id)
    signed = [phone.sign(f"示例签名 {who.login}".encode(), who, [arrived]) for who in (east.lin, south.luo)]
    manager = phone.sign("示例签名 厂长".encode(), needs=[arrived])
    phone.submit([answered, found, pictured, *signed, manager])
    return phone


async def the_signal_comes_back(story: Story, phone: Phone) -> Body:
    for deed in phone.outbox:
        if deed["kind"] == "sign_inspection":
            await phone.seat.put_file(f"示例签名 {signer_of(story, deed)}".encode())
    shuffled = sorted(phone.outbox, key=itemgetter("digest"))  # as good as any order
    first = await outcomes(phone, shuffled)
    assert first["add_photo"] == first["submit_inspection"] == "waiting"  # the picture is still on its way
    assert {outcome for outcome in first.values() if outcome != "waiting"} == {"accepted"}
    await story.told()
    await phone.seat.put_file(PHOTO, "image/jpeg")
    second = await outcomes(phone, shuffled)
    assert second["add_photo"] == second["submit_inspection"] == "accepted"
    assert second["find_problem"] == "repeated"
    assert set((await outcomes(phone, shuffled)).values()) == {"repeated"}
    await story.told()
    record = await story.desk.get(f"/inspections/{phone.inspection_id}")
    assert (record["state"], len(record["photos"]), len(record["signatures"])) == ("submitted", 1, 3)
    assert record["distance_m"] == pytest.approx(48.9, abs=1.5)
    problem = await story.now({"id": phone.problem_id})
    assert (problem["state"], problem["basis"]["key"]) == ("found", "air.evasion")
    assert [item["sha256"] for item in problem["evidence"]] == [record["photos"][0]["sha256"]]
    return problem


def signer_of(story: Story, deed: Body) -> str:
    logins = {str(person.officer_id): login for login, person in story.world.everyone.items() if person.officer_id}
    return logins.get(deed["payload"].get("officer_id", ""), "厂长")


async def outcomes(phone: Phone, deeds: list[Body]) -> dict[str, Any]:
    receipts = {receipt["deed_id"]: receipt["outcome"] for receipt in await phone.send(deeds)}
    return {deed["kind"]: receipts[deed["id"]] for deed in deeds}


async def the_clue_is_settled(story: Story, clue: Body) -> None:
    settled = await story.desk.get(f"/clues/{clue['id']}")
    assert settled["state"] == "settled"
    assert (await story.desk.get(f"/tasks/{settled['task_id']}"))["state"] == "reported"


async def the_factory_is_told_to_put_it_right(story: Story, problem: Body) -> None:
    ordered = await story.desk.order(problem)
    assert (ordered["state"], ordered["is_overdue"]) == ("ordered", False)
    assert ordered["rectify_by_on"] == str(beijing_today() + timedelta(days=10))
    await story.told()


async def a_blurred_picture_is_returned(story: Story, problem: Body) -> None:
    officer = story.as_(story.world.east.lin)
    blurred = await officer.seal(problem, "示例：看不清的整改照片")
    assert (await officer.claim(problem, blurred))["state"] == "claimed"
    await story.told()
    assert (await story.leader.return_claim(problem))["state"] == "ordered"
    await story.told()


async def the_home_agency_closes_it_out(story: Story, problem: Body) -> None:
    officer = story.as_(story.world.east.lin)
    clear = await officer.seal(problem, "示例：设施已恢复运行")
    assert (await officer.claim(problem, clear))["state"] == "claimed"
    closed = await story.leader.close_out(problem)
    assert (closed["state"], closed["closed_at"] is not None) == ("closed", True)
    await story.told()


async def a_day_is_set_to_look_back(story: Story, problem: Body) -> None:
    day = (await story.now(problem))["look_back_due_on"]
    assert day == str(beijing_today() + timedelta(days=30))
    await story.desk.set_look_back_day(problem, beijing_today())
    await story.told()


async def it_has_relapsed(story: Story, problem: Body) -> Body:
    await story.worker.drain(at=end_of_day(beijing_today()) + timedelta(hours=7))  # the next morning
    [due] = [task for task in await tasks_for(story, problem) if task["kind"] == "look_back"]
    assert due["state"] == "drafted"
    await story.told()
    officer = story.as_(story.world.east.luo)
    smoke = await officer.seal(problem, "示例：又冒黄烟")
    relapsed = await officer.look_back(problem, "relapsed", smoke)
    assert (relapsed["state"], relapsed["relapse_count"]) == ("relapsed", 1)
    await story.told()
    again = [task for task in await tasks_for(story, problem) if task["id"] != due["id"]]
    assert [task["kind"] for task in again if task["state"] == "drafted"] == ["look_back"]
    return next(task for task in again if task["state"] == "drafted")


async def tasks_for(story: Story, problem: Body) -> list[Body]:
    tasks = (await story.desk.get("/tasks"))["items"]
    return [task for task in tasks if task["problem_id"] == problem["id"]]


async def the_second_round_holds(story: Story, problem: Body, again: Body) -> None:
    east = story.world.east
    await story.desk.order(problem)
    await story.desk.assign(again, east.lin, east.luo)
    await story.told()
    await visit(story.as_(east.lin), again, [east.lin, east.luo], finds=False)
    officer = story.as_(east.lin)
    await officer.claim(problem, await officer.seal(problem, "示例：设施已更换"))
    await story.leader.close_out(problem)
    await story.told()
    held = await story.as_(east.luo).look_back(problem, "held")
    assert (held["state"], held["relapse_count"]) == ("settled", 1)
    await story.told()


async def everything_stands_on_the_ledger(db: Database, story: Story, problem: Body) -> None:
    async with db.transaction(Role.worker) as session:
        length, breaks = await ledger.verify(session)
    assert breaks == []
    history = await story.now(problem)
    assert [(move["verb"], move["after"]) for move in history["moves"]] == [
        ("find", "found"),
        ("order", "ordered"),
        ("claim", "claimed"),
        ("return", "ordered"),
        ("claim", "claimed"),
        ("close_out", "closed"),
        ("relapse", "relapsed"),
        ("order", "ordered"),
        ("claim", "claimed"),
        ("close_out", "closed"),
        ("settle", "settled"),
    ]
    assert [look["outcome"] for look in history["look_backs"]] == ["relapsed", "held"]
    timeline = await story.desk.get("/ledger", subject_id=problem["id"])
    assert [entry["seq"] for entry in timeline] == sorted(entry["seq"] for entry in timeline)
    assert timeline[-1]["seq"] <= length
    assert timeline[0]["name"] == "ProblemFound"
    assert timeline[-1]["name"] == "ProblemSettled"
    for person in (story.world.south.dispatcher, story.world.foreign.dispatcher):
        [screen] = [screen for screen in story.screens if screen.seat.person == person]
        assert screen.line.facts == []  # a neighbour and a foreign city heard nothing of it


async def the_days_figures(story: Story) -> None:
    today = str(beijing_today())
    figures = await story.leader.get(
        "/efficiency", area_code=story.world.east.area_code, **{"from": today, "to": today}
    )
    # two visits of two officers each; the neighbour's officer counts where he worked
    assert figures["site_visits"]["value"] == 2
    assert figures["officer_turnouts"]["value"] == 4
    assert figures["roster"] == 3
    asked = {"figure": "site_visits", "area_code": story.world.east.area_code, "from": today, "to": today}
    rows = await story.leader.get("/efficiency/rows", **asked)
    assert sorted(row["kind"] for row in rows["items"]) == ["clue_check", "look_back"]
    neighbour = story.as_(story.world.south.leader)
    elsewhere = await neighbour.get("/efficiency", **(asked | {"area_code": story.world.south.area_code}))
    assert elsewhere["site_visits"]["value"] == 0
    whole_city = await story.as_(story.world.chief).get("/efficiency", **(asked | {"area_code": "990100"}))
    assert whole_city["site_visits"]["value"] == 2
