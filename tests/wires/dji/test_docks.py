"""Docks at a real broker: who is there, where its aircraft is, and what is refused."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from liandong.demo.dock.broker import Broker, broker
from liandong.kernel.db import Database
from liandong.kernel.errors import Invalid
from liandong.wires.dji import server
from liandong.wires.dji.server import Listener
from tests.conftest import As
from tests.ports import free_port
from tests.wires.dji.dock import Dock, dock
from tests.wires.trails import kept_views, until_kept
from tests.world import World

EAST, EAST_AIRCRAFT = "7CTDSAMPLE1", "1581FSAMPLE1"
SOUTH, SOUTH_AIRCRAFT = "7CTDSAMPLE2", "1581FSAMPLE2"
REGISTERED = {
    "title": "示例无人机", "model": "示例型号", "registration_no": "UAS-示例", "swath_per_height": 1.4, "speed_m_s": 10,
    "usable_min": 20,
}  # fmt: skip
AT = {"latitude": 36.6527, "longitude": 116.9001, "height": 130.2, "attitude_head": 90, "horizontal_speed": 9.8}
Body = dict[str, Any]


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Broker]:
    async with broker(tmp_path, free_port(), {EAST: (EAST_AIRCRAFT, "UNKNOWN1"), SOUTH: (SOUTH_AIRCRAFT,)}) as found:
        yield found


@pytest.fixture
async def listener(at: Broker, db: Database, as_: As, world: World) -> AsyncIterator[Listener]:
    """Our side, listening, with both aircraft on record."""
    await as_(world.east.dispatcher).post("/aircraft", REGISTERED | {"serial_no": EAST_AIRCRAFT})
    await as_(world.south.dispatcher).post("/aircraft", REGISTERED | {"serial_no": SOUTH_AIRCRAFT})
    async with server.running(db, at.url(), free_port()) as found, asyncio.timeout(60):
        await found.listening.wait()
        yield found


@pytest.fixture
async def docks(at: Broker, listener: Listener) -> AsyncIterator[tuple[Dock, Dock]]:
    async with AsyncExitStack() as stack:
        east = await stack.enter_async_context(dock(at, EAST, EAST_AIRCRAFT))
        yield east, await stack.enter_async_context(dock(at, SOUTH, SOUTH_AIRCRAFT))


async def test_where_an_aircraft_flies_is_kept(docks: tuple[Dock, Dock], listener: Listener, db: Database) -> None:
    east, _ = docks
    assert await east.connect_aircraft() == {"result": 0}
    began = time.time_ns() // 1_000_000 - 5000
    for step in range(5):  # each at its own instant: two of one would be one
        held = (
            {"elevation": 100, "81-0-0": {"gimbal_pitch": -90 if step < 4 else 900, "gimbal_yaw": 90}} if step else {}
        )
        await east.report(AT | held | {"longitude": 116.9 + step / 1000}, at_ms=began + step * 1000)
    rows = await until_kept(db, 5)
    assert [round(row.lon, 3) for row in rows] == [116.9, 116.901, 116.902, 116.903, 116.904]
    assert {(row.kind, row.altitude_m, row.course_deg, row.speed_mps) for row in rows} == {("aircraft", 130.2, 90, 9.8)}
    views = await kept_views(db)
    assert [view.happened_at for view in views] == [row.happened_at for row in rows[1:4]], (
        "unsaid, or impossible: unseen"
    )
    assert {(view.yaw_deg, view.pitch_deg, view.height_m, view.across) for view in views} == {(90, -90, 100, 1.4)}
    assert listener.desk.refused == {"ground.aim_unbelievable": 1}
    (there,) = listener.desk.presence.online(time.time_ns() // 1_000_000)
    assert (there.serial_no, there.aircraft) == (EAST, {EAST_AIRCRAFT})


async def test_what_cannot_be_is_refused_and_what_follows_is_kept(
    docks: tuple[Dock, Dock], listener: Listener, db: Database
) -> None:
    east, _ = docks
    await east.connect_aircraft()
    osd = f"thing/product/{EAST_AIRCRAFT}/osd"
    await east.say(osd, b'{"data":{"latitude":36.')
    await east.say(osd, b"\xff" * 300_000)
    await east.report(AT | {"latitude": 91})
    await east.report(AT, at_ms=time.time_ns() // 1_000_000 + 3_600_000)
    await east.report(AT, aircraft="UNKNOWN1")
    await east.report(AT)
    await until_kept(db, 1)
    assert listener.desk.refused == {
        "dji.unreadable": 1,
        "dji.too_large": 1,
        "kernel.position_out_of_range": 1,
        "tracks.clock_ahead": 1,
        "dji.aircraft_unknown": 1,
    }
    assert list(listener.desk.unknown) == ["UNKNOWN1"]


async def test_a_dock_speaks_for_its_own_only(docks: tuple[Dock, Dock], listener: Listener, db: Database) -> None:
    east, south = docks
    await south.connect_aircraft()
    await east.connect_aircraft()
    await east.report(AT, aircraft=SOUTH_AIRCRAFT)  # the broker lets it through to nobody
    await east.report(AT)
    rows = await until_kept(db, 1)
    assert len({row.carrier_id for row in rows}) == 1
    assert not listener.desk.refused
    # where a broker lets everybody say everything, the listener refuses by itself
    foreign = json.dumps({"gateway": EAST, "data": AT}).encode()
    assert (await listener.desk.take(f"thing/product/{SOUTH_AIRCRAFT}/osd", foreign)).point is None
    assert listener.desk.refused == {"dji.not_own_device": 1}


async def test_a_dock_is_answered(docks: tuple[Dock, Dock], listener: Listener) -> None:
    east, _ = docks
    asked = {"devices": [{"sn": EAST_AIRCRAFT}, {"sn": "UNKNOWN1"}]}
    bound = await east.ask("requests", "airport_bind_status", asked)
    assert [one["is_device_bind_organization"] for one in bound["output"]["bind_status"]] == [True, False]
    output: Body = {"status": "in_progress", "progress": {"percent": 43}, "ext": {"flight_id": "f"}}
    assert await east.ask("events", "flighttask_progress", {"result": 0, "output": output}) == {"result": 0}
    assert await east.ask("events", "hms", {"list": [{"code": "0x16100083"}]}) == {"result": 0}
    (there,) = listener.desk.presence.online(time.time_ns() // 1_000_000)
    assert there.progress is not None
    assert (there.progress.state, there.progress.percent, there.alarms) == ("in_progress", 43, ["0x16100083"])
    file = await east.ask("events", "file_upload_callback", {"file": {"object_key": "示例.jpeg"}})
    assert file["result"] != 0, "a file that was not taken is not signed for: the dock would delete it"
    assert (await east.ask("requests", "storage_config_get", {"module": 0}))["result"] != 0, "it is not on record"


async def test_health_tells_who_is_there(at: Broker, db: Database, world: World) -> None:
    port = free_port()
    async with server.running(db, at.url(), port) as listener, asyncio.timeout(60):
        await listener.listening.wait()
        async with dock(at, EAST, EAST_AIRCRAFT) as east, httpx.AsyncClient() as http:
            await east.connect_aircraft()
            told = (await http.get(f"http://127.0.0.1:{port}/health")).json()
    assert told["listening"]
    assert [(one["serial_no"], one["aircraft"]) for one in told["online"]] == [(EAST, [EAST_AIRCRAFT])]


@pytest.mark.parametrize("url", [None, "http://broker.example", "mqtt://"])
async def test_without_a_broker_it_says_so(db: Database, url: str | None) -> None:
    with pytest.raises(Invalid, match=r"dji\.no_broker"):
        Listener(db, url)
