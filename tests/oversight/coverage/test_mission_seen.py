"""What a mission really saw beside what it was to see."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from shapely.geometry import shape
from sqlalchemy import update

from liandong.kernel.clock import now
from liandong.kernel.db import Database, Role
from liandong.kernel.geo import bearing_deg, haversine_m
from liandong.means.ground.aims import aim_of
from liandong.means.tracks.keeper import Keeper
from liandong.means.tracks.points import Kind, Point, milliseconds
from liandong.oversight.coverage.mission_seen import flown_spans
from liandong.work.drones.tables import FlightOrder, Mission
from tests.conftest import As
from tests.seat import Body, Seat, refused
from tests.work.drones.test_missions import AIRCRAFT, LAT, LON, wish
from tests.world import World

EVERY_M = 30.0


@pytest.fixture
async def aircraft(as_: As, world: World) -> Body:
    return dict(await as_(world.east.dispatcher).post("/aircraft", AIRCRAFT))


def flown(mission: Body) -> Iterator[tuple[float, float, float]]:
    """Lon, lat and heading every 30 m of the legs at work."""
    for flight in mission["plan"]["flights"]:
        steps = flight["steps"]
        for start, end, at_work in zip(steps, steps[1:], flight["is_at_work"], strict=False):
            count = max(1, math.ceil(haversine_m(*start, *end) / EVERY_M))
            for number in range(count + 1) if at_work else ():
                share = number / count
                yield (
                    start[0] + share * (end[0] - start[0]),
                    start[1] + share * (end[1] - start[1]),
                    bearing_deg(*start, *end),
                )


def moments(mission: Body, at: datetime, *, pitch: float = -90.0) -> list[Point]:
    """The flight as it is reported, a moment a second from this instant on."""
    who, began = UUID(mission["aircraft_id"]), milliseconds(at)
    return [
        Point(who, Kind.aircraft, mission["area_code"], None, began + number * 1000, lon, lat, altitude_m=160,
              aim=aim_of(heading, pitch, 0, mission["height_m"], 1.408))
        for number, (lon, lat, heading) in enumerate(flown(mission))
    ]  # fmt: skip


async def released(desk: Seat, world: World, wanted: Body, db: Database) -> Body:
    """A mission released an hour ago."""
    mission = await desk.post("/missions", wanted)
    found = await desk.post(f"/missions/{mission['id']}/release", {"pilot_officer_id": str(world.east.lin.officer)})
    async with db.transaction(Role.worker) as session:
        at = now() - timedelta(hours=1)
        await session.execute(update(Mission).where(Mission.id == UUID(found["id"])).values(released_at=at))
    return dict(found)


def corridor_wish(aircraft: Body) -> Body:
    """A corridor of a kilometre along the parallel of the border point."""
    line = {"type": "LineString", "coordinates": [[LON - 0.006, LAT], [LON + 0.006, LAT]]}
    return wish(aircraft, kind="corridor", wanted=line, width_m=60)


async def seen_of(desk: Seat, mission: Body) -> Body:
    return dict(await desk.get(f"/missions/{mission['id']}/seen"))


async def test_a_mission_flown_as_planned_has_seen_what_was_planned(
    as_: As,
    world: World,
    aircraft: Body,
    kept_by: Keeper,
    db: Database,
) -> None:
    desk = as_(world.east.dispatcher)
    mission = await released(desk, world, wish(aircraft), db)
    before = await seen_of(desk, mission)
    assert (before["moments"], before["covered_percent"], before["ground"]) == (0, None, None), "nobody knows"
    report = moments(mission, now() - timedelta(minutes=50))
    await kept_by.keep(report[: len(report) // 2])
    half = await seen_of(desk, mission)
    await kept_by.keep(report)
    whole = await seen_of(desk, mission)
    planned = mission["plan"]["covered_percent"]
    assert 35 < half["covered_percent"] < 65
    assert whole["covered_percent"] == pytest.approx(planned, abs=3)
    assert shape(whole["ground"]).is_valid
    (flight,) = whole["flights"]
    assert (flight["order_id"], flight["is_over"]) == (None, False)
    assert whole["moments"] == flight["moments"] > 0


async def test_a_camera_that_looked_away_saw_something_else(
    as_: As,
    world: World,
    aircraft: Body,
    kept_by: Keeper,
    db: Database,
) -> None:
    desk = as_(world.east.dispatcher)
    mission = await released(desk, world, corridor_wish(aircraft), db)
    report = moments(mission, now() - timedelta(minutes=50), pitch=10)
    await kept_by.keep(report)
    assert (await seen_of(desk, mission))["covered_percent"] is None, "the sky is no ground"


async def test_a_corridor_and_places(
    as_: As,
    world: World,
    aircraft: Body,
    kept_by: Keeper,
    db: Database,
) -> None:
    desk = as_(world.east.dispatcher)
    corridor = await released(desk, world, corridor_wish(aircraft), db)
    await kept_by.keep(moments(corridor, now() - timedelta(minutes=50)))
    assert (await seen_of(desk, corridor))["covered_percent"] > 95
    sources = {"kind": "places", "wanted": None, "source_ids": [str(world.factory), str(world.east.workshop)]}
    places = await released(desk, world, wish(aircraft, **sources), db)
    await kept_by.keep(moments(places, now() - timedelta(minutes=20)))
    assert (await seen_of(desk, places))["covered_percent"] == 100


async def test_who_may_not_see_the_mission_does_not_learn_what_it_saw(
    as_: As,
    world: World,
    aircraft: Body,
    db: Database,
) -> None:
    mission = await released(as_(world.east.dispatcher), world, wish(aircraft), db)
    with refused("kernel.not_found", 404):
        await seen_of(as_(world.foreign.dispatcher), mission)


AT = datetime.fromisoformat("2026-03-10T08:00:00+00:00")
MINUTE = timedelta(minutes=1)


def order(**more: Any) -> FlightOrder:
    return FlightOrder(flight_number=1, **more)


def test_only_what_took_off_was_flown_and_an_order_says_when() -> None:
    mission = Mission(released_at=AT, flown_at=AT + 90 * MINUTE)
    never = order(took_off_at=None, ended_at=AT)
    over = order(took_off_at=AT + 5 * MINUTE, ended_at=AT + 20 * MINUTE)
    flying = order(took_off_at=AT + 30 * MINUTE, ended_at=None)
    now_ = AT + 40 * MINUTE
    spans = flown_spans(mission, [flying, over, never], now_)
    assert [(span.since, span.until, span.is_over) for span in spans] == [
        (AT + 5 * MINUTE, AT + 20 * MINUTE, True),
        (AT + 30 * MINUTE, now_, False),
    ]
    assert flown_spans(mission, [never], now_) == []
    (by_hand,) = flown_spans(mission, [], now_)
    assert (by_hand.order_id, by_hand.since, by_hand.until, by_hand.is_over) == (None, AT, AT + 90 * MINUTE, True)
    assert flown_spans(Mission(released_at=None, flown_at=None), [], now_) == []
    (long,) = flown_spans(Mission(released_at=AT - 90 * timedelta(hours=1), flown_at=AT), [], now_)
    assert long.since == AT - timedelta(hours=24)
