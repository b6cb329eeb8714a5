"""Devices on record: a key is told once, opens until it is renewed or closed, and speaks for one carrier only."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from liandong.kernel.db import Database, Role
from liandong.kernel.errors import Refused
from liandong.registers.trackers.keyring import Keyring
from liandong.registers.trackers.tables import Tracker
from tests.conftest import As
from tests.seat import refused
from tests.world import World

CAR = {"kind": "vehicle", "title": "示例执法车"}


async def test_a_key_is_told_once_and_opens_for_the_car(as_: As, world: World, db: Database) -> None:
    desk = as_(world.east.dispatcher)
    car = await desk.post("/trackers", CAR)
    assert car["key"] not in str(await desk.get("/trackers"))
    carrier = await Keyring(db).carrier(car["key"])
    assert (str(carrier.id), carrier.kind, carrier.area_code) == (car["carrier_id"], "vehicle", world.east.area_code)
    assert carrier.account_id is None
    async with db.transaction(Role.worker) as session:
        # past the gate: what is kept of the key
        assert car["key"] not in [row.key_hash for row in await session.scalars(select(Tracker))]


@pytest.mark.parametrize("move", ["renew_key", "close"])
async def test_an_old_key_opens_nothing(as_: As, world: World, db: Database, move: str) -> None:
    desk = as_(world.east.dispatcher)
    car = await desk.post("/trackers", CAR)
    changed = await desk.post(f"/trackers/{car['id']}/{move}", {"reason": "示例：车辆报废"} if move == "close" else {})
    with pytest.raises(Refused, match=r"trackers\.unknown_key"):
        await Keyring(db).carrier(car["key"])
    if move == "renew_key":
        assert str((await Keyring(db).carrier(changed["key"])).id) == car["id"]
    else:
        assert changed["close_reason"] == "示例：车辆报废"
        with refused("trackers.closed", 409):
            await desk.post(f"/trackers/{car['id']}/close", {"reason": "再次"})


async def test_an_inspector_registers_no_car_but_his_own_device(as_: As, world: World, db: Database) -> None:
    lin, desk = as_(world.east.lin), as_(world.east.dispatcher)
    with refused("access.verb_missing", 403):
        await lin.post("/trackers", CAR)
    own = await lin.post("/trackers/own", {"title": "示例平板"})
    carrier = await Keyring(db).carrier(own["key"])
    assert (carrier.id, carrier.kind, carrier.area_code) == (world.east.lin.officer_id, "officer", "")
    assert carrier.account_id == world.east.lin.account_id
    with refused("trackers.of_somebody_else", 403):  # whoever renewed it would be him
        await desk.post(f"/trackers/{own['id']}/renew_key", {})
    assert (await lin.post(f"/trackers/{own['id']}/renew_key", {}))["key"] != own["key"]
    assert [one["id"] for one in await lin.get("/trackers/own")] == [own["id"]]
    assert await desk.get("/trackers/own") == []


async def test_a_key_that_cannot_be_is_refused_without_a_question(db: Database, world: World) -> None:
    for key in ("", "x" * 300, "示例"):
        with pytest.raises(Refused, match=r"trackers\.unknown_key"):
            await Keyring(db).carrier(key)
