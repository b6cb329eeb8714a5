"""Flight orders: who gives them, how a carrier takes them, and how each of them ends."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from liandong.kernel.db import Database, Role
from liandong.kernel.errors import Refused
from liandong.kernel.jobs import Worker
from liandong.kernel.states import StateTable
from liandong.work.drones import carriers
from liandong.work.drones.carriers import FlightProgress
from liandong.work.drones.states import FLIGHT_ORDER_STATES, FlightOrderState
from tests.conftest import As
from tests.seat import Body, refused
from tests.work.drones.test_missions import AIRCRAFT, wish
from tests.world import World


@pytest.fixture
async def mission(as_: As, world: World) -> Body:
    """Released to Lin, in two flights."""
    desk = as_(world.east.dispatcher)
    aircraft = await desk.post("/aircraft", AIRCRAFT | {"usable_min": 40})
    drafted = await desk.post("/missions", wish(aircraft))
    assert drafted["flights"] == 2
    pilot = {"pilot_officer_id": str(world.east.lin.officer)}
    found: Body = await desk.post(f"/missions/{drafted['id']}/release", pilot)
    return found


async def claim(db: Database) -> UUID | None:
    async with db.transaction(Role.worker) as session:
        found = await carriers.claim(session, "dock")
        return found.id if found else None


async def test_an_order_is_given_taken_flown_and_told(
    as_: As, world: World, db: Database, worker: Worker, mission: Body
) -> None:
    desk, pilot = as_(world.east.dispatcher), as_(world.east.lin)
    where = f"/missions/{mission['id']}"
    assert "order" in mission["verbs"]
    with refused("drones.not_the_pilot", 403):
        await as_(world.east.luo).post(f"{where}/orders", {"flight_number": 1})
    with refused("drones.no_such_flight", 404):
        await desk.post(f"{where}/orders", {"flight_number": 3})
    order = await pilot.post(f"{where}/orders", {"flight_number": 1})
    assert (order["state"], order["carrier"], order["verbs"]) == ("ordered", "dock", ["stop"])
    with refused("drones.order_open", 409):
        await desk.post(f"{where}/orders", {"flight_number": 2})
    for move, body in (("cancel", {"reason": "示例"}), ("report_flown", None)):
        with refused("drones.order_open", 409):
            await desk.post(f"{where}/{move}", body)
    async with db.transaction(Role.worker) as session:
        assert await carriers.claim(session, "mavlink") is None
        assert await carriers.claim(session, "dock", ["示例-9999"]) is None
        taken = await carriers.claim(session, "dock", [AIRCRAFT["serial_no"]])  # type: ignore[list-item]
        assert taken is not None
        assert (str(taken.id), taken.serial_no, taken.flight_number) == (order["id"], AIRCRAFT["serial_no"], 1)
        assert len(taken.flight.steps) == len(mission["plan"]["flights"][0]["steps"])
        assert await claim(db) is None, "nobody else is given what one carrier has in hand"
    async with db.transaction(Role.worker) as session:
        assert await carriers.mark_ready(session, taken.id)
        assert await carriers.mark_flying(session, taken.id)
        assert not await carriers.mark_flying(session, taken.id), "said twice, told once"
        assert await carriers.note_progress(session, taken.id, FlightProgress(43, 3, "6"))
        assert await carriers.note_progress(session, taken.id, FlightProgress(44))
    [shown] = await desk.get(f"{where}/orders")
    assert (shown["state"], shown["percent"], shown["waypoint_index"]) == ("flying", 44, 3)
    async with db.transaction(Role.worker) as session:
        assert await carriers.mark_flown(session, taken.id)
        assert not await carriers.note_progress(session, taken.id, FlightProgress(10)), "it is over"
    await desk.post(f"{where}/orders", {"flight_number": 2})
    second = await claim(db)
    assert second is not None
    async with db.transaction(Role.worker) as session:
        assert await carriers.mark_flown(session, second), "a take-off that was not heard of"
    shown = (await desk.get(f"{where}/orders"))[0]
    assert (shown["state"], shown["percent"], shown["verbs"]) == ("flown", 100, [])
    assert shown["took_off_at"] is not None
    await worker.drain()
    told = [fact["words"] for fact in await desk.get("/ledger", subject_id=mission["id"])]
    assert any("全部架次均已飞完" in words for words in told), told
    assert (await pilot.post(f"{where}/report_flown"))["state"] == "flown"
    with refused("drones.not_released", 409):
        await desk.post(f"{where}/orders", {"flight_number": 1})


async def test_an_order_is_stopped_refused_or_fails(as_: As, world: World, db: Database, mission: Body) -> None:
    desk, where = as_(world.east.dispatcher), f"/missions/{mission['id']}/orders"
    order = await desk.post(where, {"flight_number": 1})
    stopped = await desk.post(f"/flight-orders/{order['id']}/stop", {"reason": "示例：大风"})
    assert (stopped["state"], stopped["reason"]) == ("cancelled", "示例：大风"), "no carrier had it"
    with refused("drones.order_ended", 409):
        await desk.post(f"/flight-orders/{order['id']}/stop", {"reason": "示例"})

    order = await desk.post(where, {"flight_number": 1})
    taken = await claim(db)
    assert taken is not None
    async with db.transaction(Role.worker) as session:
        await carriers.mark_flying(session, taken)
    assert (await desk.post(f"/flight-orders/{order['id']}/stop", {"reason": "示例：有人机"}))["state"] == "flying"
    async with db.transaction(Role.worker) as session:
        [asked] = await carriers.asked_to_stop(session, "dock")
        assert asked.id == taken
        assert not await carriers.mark_refused(session, taken, Refused("drones.not_released")), "it is in the air"
        assert await carriers.mark_cancelled(session, taken)
        assert not await carriers.open_orders(session, "dock")

    for mark, state in ((carriers.mark_refused, "refused"), (carriers.mark_failed, "failed")):
        await desk.post(where, {"flight_number": 2})
        taken = await claim(db)
        assert taken is not None
        async with db.transaction(Role.worker) as session:
            assert await mark(session, taken, Refused("drones.unregistered", title="示例"), "316026")
        shown = (await desk.get(where))[0]
        assert (shown["state"], shown["reason_code"], shown["device_code"]) == (state, "drones.unregistered", "316026")
        assert "示例" in shown["reason"]


async def test_a_carrier_is_woken_by_an_order(as_: As, world: World, db: Database, mission: Body) -> None:
    async with carriers.wakes(db) as woken, asyncio.timeout(20):
        await anext(woken)  # at once: something may have waited
        assert await claim(db) is None
        waiting = asyncio.ensure_future(anext(woken))
        await as_(world.east.dispatcher).post(f"/missions/{mission['id']}/orders", {"flight_number": 1})
        await waiting
        assert await claim(db) is not None


@pytest.mark.parametrize("table", [FLIGHT_ORDER_STATES])
def test_every_order_ends(table: StateTable[FlightOrderState]) -> None:
    """From every open state each end can be reached that a device or a person may bring about."""
    ends = {state for state in FlightOrderState if not any(table.allows(state, move.verb) for move in table.moves)}
    assert ends == {"flown", "refused", "failed", "cancelled"}
    for state in set(FlightOrderState) - ends:
        assert table.allows(state, "cancel")
