"""Flights that people order, carried to aircraft over the wire: flown, refused, lost and called home."""

from __future__ import annotations

import asyncio
from hashlib import sha256
from typing import Any

import pytest
from pymavlink.dialects.v20 import ardupilotmega as dialect

from liandong.kernel.db import Database
from liandong.kernel.geo import haversine_m
from liandong.wires.mavlink.flight import Patience
from tests.conftest import As
from tests.seat import Body, Seat
from tests.wires.mavlink.air import ANYONE_HERE, listening, until
from tests.wires.mavlink.foreign import foreign_autopilot
from tests.wires.mavlink.pilot import autopilot
from tests.wires.trails import kept
from tests.work.drones.test_missions import AIRCRAFT, wish
from tests.world import World

OURS = 7
QUICK = Patience(answer_seconds=0.3, tries=2, silent_seconds=0.5)
ENDED = ("flown", "refused", "failed", "cancelled")


class Ordered:
    """A released mission of an aircraft that speaks MAVLink."""

    def __init__(self, desk: Seat, mission: Body, key: bytes) -> None:
        self.desk, self.mission, self.key = desk, mission, key
        self.where = f"/missions/{mission['id']}/orders"

    async def order(self, flight_number: int = 1) -> Body:
        found: Body = await self.desk.post(self.where, {"flight_number": flight_number, "carrier": "mavlink"})
        return found

    async def newest(self) -> Body:
        found: Body = (await self.desk.get(self.where))[0]
        return found

    async def until(self, *states: str) -> Body:
        async with asyncio.timeout(40):
            while True:
                if (found := await self.newest())["state"] in states:
                    return found
                await asyncio.sleep(0.05)


@pytest.fixture
async def ordered(as_: As, world: World) -> Ordered:
    desk = as_(world.east.dispatcher)
    aircraft = await desk.post("/aircraft", AIRCRAFT | {"usable_min": 40})
    told = await desk.post(f"/aircraft/{aircraft['id']}/autopilot", {"system_id": OURS})
    drafted = await desk.post("/missions", wish(aircraft))
    pilot = {"pilot_officer_id": str(world.east.lin.officer)}
    mission = await desk.post(f"/missions/{drafted['id']}/release", pilot)
    return Ordered(desk, mission, sha256(told["passphrase"].encode()).digest())


def places(items: list[Any]) -> list[tuple[float, float]]:
    return [(one.y / 1e7, one.x / 1e7) for one in items if one.command == dialect.MAV_CMD_NAV_WAYPOINT]


async def test_an_order_is_flown(db: Database, ordered: Ordered) -> None:
    async with listening(db, patience=QUICK) as (listener, address, _):
        async with autopilot(address, OURS, ordered.key) as pilot:
            await until(lambda: listener.desk.crafts[OURS].is_copter)
            await ordered.order()
            told = await ordered.until(*ENDED)
        assert (told["state"], told["percent"], told["reason"]) == ("flown", 100, None)
        assert told["took_off_at"] is not None
        assert pilot.commands == [
            dialect.MAV_CMD_DO_SET_MODE, dialect.MAV_CMD_COMPONENT_ARM_DISARM, dialect.MAV_CMD_MISSION_START,
        ]  # fmt: skip
        assert not listener.desk.refused
    steps = ordered.mission["plan"]["flights"][0]["steps"]
    flown = places(pilot.items)[1:]  # the first is home, as ArduPilot keeps it
    wanted = [step for before, step in zip([None, *steps[1:-1]], steps[1:-1], strict=False) if step != before]
    assert len(flown) == len(wanted)
    assert all(haversine_m(*at, *to) < 0.1 for at, to in zip(flown, wanted, strict=True))
    commands = [one.command for one in pilot.items]
    assert commands[1] == dialect.MAV_CMD_NAV_TAKEOFF
    assert commands[-1] == dialect.MAV_CMD_NAV_RETURN_TO_LAUNCH
    cameras = [one.param1 > 0 for one in pilot.items if one.command == dialect.MAV_CMD_DO_SET_CAM_TRIGG_DIST]
    assert cameras == [True, False] * (len(cameras) // 2), "on and off by turns, off at the end"
    assert cameras
    assert len(await kept(db)) > len(pilot.items) / 2


@pytest.mark.parametrize(
    ("fault", "state", "reason"),
    [
        ("deaf", "refused", "mavlink.no_answer"),
        ("picky", "refused", "mavlink.item_refused"),
        ("unarmable", "refused", "mavlink.command_refused"),
        ("stubborn", "refused", "mavlink.command_refused"),
        ("silent", "failed", "mavlink.link_lost"),
        ("weak", "failed", "mavlink.ended_early"),
    ],
)
async def test_what_goes_wrong_ends_the_order_with_its_reason(
    db: Database, ordered: Ordered, fault: str, state: str, reason: str
) -> None:
    async with (
        listening(db, patience=QUICK) as (listener, address, _),
        autopilot(address, OURS, ordered.key, fault) as pilot,
    ):
        await until(lambda: listener.desk.crafts[OURS].is_copter)
        await ordered.order()
        told = await ordered.until(*ENDED)
        assert (told["state"], told["reason_code"]) == (state, reason)
        assert told["reason"]
        assert pilot.is_armed == (fault == "silent"), "nothing is left armed that can be reached"
        assert listener.desk.crafts[OURS].inbox is None


async def test_an_aircraft_is_called_home_and_one_that_is_away_refuses(db: Database, ordered: Ordered) -> None:
    async with listening(db, patience=QUICK) as (listener, address, _):
        await ordered.order()
        told = await ordered.until(*ENDED)
        assert (told["state"], told["reason_code"]) == ("refused", "mavlink.not_there")
        async with autopilot(address, OURS, ordered.key, "slow") as pilot:
            await until(lambda: listener.desk.crafts[OURS].is_copter)
            order = await ordered.order()
            await ordered.until("flying")
            await ordered.desk.post(f"/flight-orders/{order['id']}/stop", {"reason": "示例：有人机"})
            told = await ordered.until(*ENDED)
            assert told["state"] == "cancelled"
            assert pilot.is_going_home
            assert not pilot.is_armed


async def test_what_a_process_before_left_is_ended(db: Database, ordered: Ordered) -> None:
    async with listening(db) as (listener, address, _), autopilot(address, OURS, ordered.key, "slow"):
        await until(lambda: listener.desk.crafts[OURS].is_copter)
        await ordered.order()
        await ordered.until("flying")
    async with listening(db):
        told = await ordered.until(*ENDED)
    assert (told["state"], told["reason_code"]) == ("failed", "mavlink.not_watched")


async def test_an_autopilot_that_others_wrote_flies_it(db: Database, ordered: Ordered) -> None:
    async with listening(db, unsigned_from=ANYONE_HERE) as (listener, address, _):
        async with foreign_autopilot(address, OURS, lambda: listener.desk.crafts[OURS].is_armed) as pilot:
            await until(lambda: listener.desk.crafts[OURS].autopilot is not None)
            await ordered.order()
            told = await ordered.until(*ENDED)
        assert (told["state"], told["percent"], told["reason"]) == ("flown", 100, None)
        assert not listener.desk.refused
    steps = ordered.mission["plan"]["flights"][0]["steps"]
    trail = await kept(db)
    for lon, lat in steps[1:-1]:
        assert min(haversine_m(at.lon, at.lat, lon, lat) for at in trail) < 1, (
            "the trail passes every place of the plan"
        )
    assert len(pilot.items) > 3
