"""The scenes of the big screen: each shows what is on record and in sight, and says where nothing is."""

from __future__ import annotations

import math
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from liandong.kernel.clock import beijing_today
from liandong.kernel.db import Database, Role
from liandong.kernel.geo import EARTH_RADIUS_M
from liandong.oversight.screens.episode import grade_of, measures_of
from liandong.registers.sources.tables import Source
from liandong.work.problems.tables import Problem
from tests.conftest import As
from tests.phone import Phone
from tests.seat import PICTURE, refused
from tests.world import BORDER_POINT, World

NOWHERE = UUID(int=1)
METRE_DEG = math.degrees(1 / EARTH_RADIUS_M)


@pytest.fixture
async def worked(as_: As, world: World) -> str:
    """A joint visit of east and south to the factory on the border has found a problem; its id."""
    desk = as_(world.east.dispatcher)
    task = await desk.draft_task(mode="joint", source_id=str(world.factory))
    phone = Phone(as_(world.east.lin), await desk.assign(task, world.east.lin, world.south.luo))
    await phone.seat.put_file(PICTURE)
    await phone.did(
        phone.accept(), phone.arrive(BORDER_POINT), phone.answer("air", "air.facility_running", "no"), phone.find()
    )
    assert phone.problem_id is not None
    return phone.problem_id


async def test_the_close_out_list_begins_with_what_is_late(worked: str, db: Database, as_: As, world: World) -> None:
    desk = as_(world.east.dispatcher)
    other = await desk.draft_task(source_id=str(world.factory))
    phone = Phone(as_(world.east.lin), await desk.assign(other, world.east.lin, world.east.luo))
    await phone.did(
        phone.accept(), phone.arrive(BORDER_POINT), phone.answer("air", "air.facility_running", "no"), phone.find()
    )
    await desk.order({"id": phone.problem_id}, beijing_today() + timedelta(days=2))
    yesterday = beijing_today() - timedelta(days=1)
    async with db.transaction(Role.worker) as session:
        await session.execute(
            update(Problem).where(Problem.id == UUID(str(phone.problem_id))).values(rectify_by_on=yesterday)
        )
    found = await desk.get("/screens/close-out-list")
    assert found["total"] == 2
    assert [(row["id"], row["is_overdue"]) for row in found["items"]] == [(phone.problem_id, True), (worked, False)]
    joint = await desk.get("/screens/close-out-list", joint=True)
    assert [row["id"] for row in joint["items"]] == [worked]
    assert (await as_(world.west.dispatcher).get("/screens/close-out-list"))["items"] == []


async def test_a_joint_operation_is_counted_per_agency_and_together(worked: str, as_: As, world: World) -> None:
    found = await as_(world.joint).get("/screens/joint-operation")
    [team] = found["teams"]
    assert (team["state"], team["source_name"], len(team["found_at"]), team["closed_at"]) == (
        "on_site", "示例边界化工厂", 1, [],
    )  # fmt: skip
    assert {(one["name"], one["agency_name"]) for one in team["members"]} == {
        (world.east.lin.name, "东区分局"), (world.south.luo.name, "南区分局"),
    }  # fmt: skip
    together, *agencies = found["shares"]
    assert together == {
        "agency_name": None, "officers": 2, "teams": 1, "on_site": 1, "reported": 0, "found": 1, "closed": 0,
    }  # fmt: skip
    assert [(one["agency_name"], one["officers"], one["teams"]) for one in agencies] == [
        ("东区分局", 1, 1),
        ("南区分局", 1, 1),
    ]
    before = str(beijing_today() - timedelta(days=1))
    assert (await as_(world.joint).get("/screens/joint-operation", day=before))["teams"] == []
    assert (await as_(world.west.dispatcher).get("/screens/joint-operation"))["teams"] == []


async def test_measures_are_those_on_record_and_each_is_ticked(db: Database, as_: As, world: World) -> None:
    desk = as_(world.east.dispatcher)
    near = {"lon": BORDER_POINT[0], "lat": BORDER_POINT[1]}
    found = await desk.get("/screens/heavy-pollution", **near)
    assert [ring["radius_km"] for ring in found["rings"]] == [3, 5, 10, 20]
    assert [ring["count"] for ring in found["rings"]] == [
        1,
        1,
        2,
        2,
    ]  # the workshop stands in the middle of the district
    assert [(row["id"], row["measures"], row["grade"]) for row in found["rows"]] == [(str(world.factory), None, None)]
    with refused("screens.measure_unknown", 409):
        await desk.post("/screens/measure-checks", {"source_id": str(world.factory), "measure": "停产", "is_met": True})
    extra = {"重污染天气应急减排措施": "喷漆工序停产；禁止柴油车进出", "绩效分级": "C级"}
    async with db.transaction(Role.worker) as session:
        await session.execute(update(Source).where(Source.id == world.factory).values(extra=extra))
    tick = {"source_id": str(world.factory), "measure": "喷漆工序停产", "is_met": False}
    await desk.post("/screens/measure-checks", tick)
    await desk.post("/screens/measure-checks", tick | {"is_met": True})
    wide = await desk.get("/screens/heavy-pollution", **near, within_km=10)
    [row, _] = wide["rows"]
    assert row["grade"] == "C级"
    assert [(one["words"], one["is_met"], one["checker_name"]) for one in row["measures"]] == [
        ("喷漆工序停产", True, world.east.dispatcher.name), ("禁止柴油车进出", None, None),
    ]  # fmt: skip
    with refused("screens.ring_unknown", 422):
        await desk.get("/screens/heavy-pollution", **near, within_km=7)
    with refused("kernel.invalid_input", 422):
        await desk.get("/screens/heavy-pollution", lon=1000, lat=0)


@settings(deadline=None)
@given(st.dictionaries(st.text(max_size=12), st.none() | st.text(max_size=40) | st.integers(), max_size=6))
def test_a_record_without_such_a_column_has_no_measures(extra: dict[str, object]) -> None:
    found = measures_of(extra)
    if not any("减排" in column or "应急措施" in column for column in extra):
        assert found is None
    assert found is None or all(one.strip() == one != "" for one in found)
    assert grade_of({key: text for key, text in extra.items() if "绩效" not in key}) is None


async def test_a_layout_is_kept_for_an_operation_and_replaced(as_: As, world: World) -> None:
    desk = as_(world.joint)
    one = (await desk.post("/streams", {"kind": "drone", "title": "示例一"}))["id"]
    two = (await desk.post("/streams", {"kind": "drone", "title": "示例二"}))["id"]
    first = await desk.post("/screens/wall-layouts", {"operation": " 四区夜查 ", "stream_ids": [one, two]})
    second = await desk.post("/screens/wall-layouts", {"operation": "四区夜查", "stream_ids": [two, one]})
    [held] = await as_(world.chief).get("/screens/wall-layouts")  # another account before another screen
    assert (held["id"], held["operation"], held["stream_ids"]) == (second["id"], "四区夜查", [two, one])
    assert (held["maker_name"], held["verbs"]) == (world.joint.name, ["withdraw"])
    with refused("screens.layout_ended", 409):
        await desk.post(f"/screens/wall-layouts/{first['id']}/withdraw")
    with refused("screens.stream_twice", 409):
        await desk.post("/screens/wall-layouts", {"operation": "四区夜查", "stream_ids": [one, one]})
    with refused("kernel.invalid_input", 422):
        await desk.post("/screens/wall-layouts", {"operation": " ", "stream_ids": [one]})
    await desk.post(f"/screens/wall-layouts/{second['id']}/withdraw")
    assert await desk.get("/screens/wall-layouts") == []
