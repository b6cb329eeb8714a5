"""The broker goes and comes back: the listener says so, refuses meanwhile, and carries on by itself."""

from __future__ import annotations

from liandong.demo.dock.broker import Broker
from liandong.demo.dock.simulator import Gear, SimulatedDock, simulated
from liandong.kernel.db import Database
from liandong.wires.dji.server import Listener
from tests.seat import Body, Seat
from tests.wires.dji.test_flights import (
    DOCK,
    DRONE,
    at,
    desk,
    ended,
    fetch_as_a_dock,
    listener,
    mission,
    order,
    served,
    stream,
    until,
)
from tests.wires.mediaserver.encoder import Encoder
from tests.wires.trails import until_kept

_FIXTURES = (at, desk, listener, mission, served, stream)


async def flown_and_filed(desk: Seat, mission: Body, dock: SimulatedDock) -> None:
    given = await order(desk, mission)
    assert (await ended(desk, mission))["state"] == "flown"

    async def brought() -> bool:
        media = (await desk.get(f"/missions/{mission['id']}/media"))["media"]
        return [one["order_id"] for one in media].count(given["id"]) == 2 and not dock.kept

    await until(brought)


async def test_the_listener_carries_on_when_the_broker_was_restarted(
    desk: Seat, at: Broker, served: str, listener: Listener, mission: Body, db: Database
) -> None:
    gear = Gear(fetch_as_a_dock, Encoder())
    assert at.running is not None
    async with simulated(at, DOCK, DRONE, gear) as dock:
        await dock.begin()
        await flown_and_filed(desk, mission, dock)
    await at.running.stop()

    async def hears_nothing() -> bool:
        return not listener.listening.is_set()

    await until(hears_nothing)
    assert listener.tell_health()["listening"] is False
    await order(desk, mission)
    refused = await ended(desk, mission)
    assert (refused["state"], refused["reason_code"]) == ("refused", "dji.dock_offline"), "said at once, not in vain"
    kept = len(await until_kept(db, 1))
    await at.running.start()
    await listener.listening.wait()
    async with simulated(at, DOCK, DRONE, gear, ago_s=1800) as dock:
        await dock.begin()
        await flown_and_filed(desk, mission, dock)
    await until_kept(db, kept + 1)
    assert listener.work is not None and not listener.work.done()
