"""A dock that is told to fly: it fetches, checks and flies the route, its picture arrives; and every way it can say no."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from liandong.demo.dock.broker import Broker, broker
from liandong.demo.dock.simulator import FILE_SPOILT, Gear, SimulatedDock, simulated
from liandong.kernel.db import Database, Role
from liandong.kernel.jobs import Worker
from liandong.kernel.settings import settings
from liandong.means.tracks.tables import TrackPoint
from liandong.wires.dji import commands, flights, presence, server
from liandong.wires.dji.server import Listener
from liandong.wires.mediaserver import server as mediaserver
from liandong.work.drones.tables import FlightOrder
from tests.conftest import As
from tests.ports import free_port, free_ports
from tests.seat import Body, Seat, refused
from tests.serving import serving
from tests.wires.mediaserver.encoder import Encoder
from tests.work.drones.test_missions import AIRCRAFT, wish
from tests.world import BORDER_POINT, World

DOCK, DRONE = "7CTDSAMPLE1", "1581FSAMPLE1"


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Broker]:
    async with broker(tmp_path, free_port(), {DOCK: (DRONE,)}) as found:
        yield found


@pytest.fixture
async def listener(at: Broker, db: Database, world: World) -> AsyncIterator[Listener]:
    async with server.running(db, at.url(), free_port()) as found, asyncio.timeout(60):
        await found.listening.wait()
        yield found


@pytest.fixture
def desk(as_: As, world: World) -> Seat:
    return as_(world.east.dispatcher)


@pytest.fixture
async def stream(desk: Seat) -> Body:
    found: Body = await desk.post("/streams", {"kind": "drone", "title": "示例机载画面"})
    return found


@pytest.fixture
async def mission(desk: Seat, world: World, stream: Body) -> Body:
    """One short flight over the factory, released; its aircraft lives in a dock on record."""
    aircraft = await desk.post("/aircraft", AIRCRAFT | {"serial_no": DRONE})
    place = {"title": "示例机场", "serial_no": DOCK, "lon": BORDER_POINT[0], "lat": BORDER_POINT[1]}
    await desk.post("/docks", place | {"aircraft_id": aircraft["id"], "stream_id": stream["id"]})
    places = {"kind": "places", "wanted": None, "source_ids": [str(world.factory), str(world.east.workshop)]}
    drafted = await desk.post("/missions", wish(aircraft, **places))
    pilot = {"pilot_officer_id": str(world.east.lin.officer)}
    found: Body = await desk.post(f"/missions/{drafted['id']}/release", pilot)
    return found


@pytest.fixture
async def served(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """The address of the server, as docks are told it."""
    async with serving(app) as server:
        address = f"http://127.0.0.1:{server.port}"
        monkeypatch.setenv("LIANDONG_PUBLIC_URL", address)
        settings.cache_clear()
        yield address
        monkeypatch.undo()
        settings.cache_clear()


async def fetch_as_a_dock(url: str) -> bytes:
    """Without an account."""
    async with httpx.AsyncClient() as http:
        return (await http.get(url)).raise_for_status().content


@pytest.fixture
async def dock(at: Broker, served: str, listener: Listener, mission: Body) -> AsyncIterator[SimulatedDock]:
    async with simulated(at, DOCK, DRONE, Gear(fetch_as_a_dock, Encoder())) as found:
        yield found


async def until(true: Callable[[], Awaitable[Any]], seconds: float = 20) -> Any:
    async with asyncio.timeout(seconds):
        while True:
            if found := await true():
                return found
            await asyncio.sleep(0.03)  # it happens beside this test, which is told nothing


async def ended(desk: Seat, mission: Body, *states: str) -> Body:
    """The newest order once it is in one of these states."""

    async def found() -> Body | None:
        order: Body = (await desk.get(f"/missions/{mission['id']}/orders"))[0]
        return order if order["state"] in (states or ("flown", "refused", "failed", "cancelled")) else None

    order: Body = await until(found)
    return order


async def order(desk: Seat, mission: Body) -> Body:
    found: Body = await desk.post(f"/missions/{mission['id']}/orders", {"flight_number": 1})
    return found


@pytest.mark.parametrize("is_sloppy", [False, True])
async def test_a_flight_is_ordered_flown_and_seen(
    desk: Seat, dock: SimulatedDock, listener: Listener, mission: Body, db: Database, worker: Worker, *, is_sloppy: bool
) -> None:
    dock.wishes.is_sloppy = is_sloppy
    bound = await dock.begin()
    assert [one["is_device_bind_organization"] for one in bound["output"]["bind_status"]] == [True, True]
    assert bound["output"]["bind_status"][0]["device_callsign"] == "示例机场"
    await order(desk, mission)
    done = await ended(desk, mission)
    assert (done["state"], done["percent"], done["wayline_state"]) == ("flown", 100, "6"), done
    assert all(done[step] for step in ("sent_at", "ready_at", "took_off_at", "ended_at"))
    assert dock.told == ["flighttask_prepare", "flighttask_execute"]

    async def trail() -> list[TrackPoint]:
        async with db.transaction(Role.worker) as session:
            rows = list((await session.scalars(select(TrackPoint).order_by(TrackPoint.happened_at))).all())
        return rows if len(rows) >= (1 if is_sloppy else 10) else []

    rows = await until(trail)
    planned = mission["plan"]["flights"][0]["steps"]
    if not is_sloppy:  # whoever says no time is placed by the moment of hearing, so that many fall together
        assert (rows[-1].lon, rows[-1].lat) == pytest.approx(planned[-2], abs=1e-4)
        async with db.transaction(Role.worker) as session:  # it flies in no time, and reports by a clock of its own
            await session.execute(update(FlightOrder).values(took_off_at=rows[0].happened_at))
        seen = await desk.get(f"/missions/{mission['id']}/seen")
        assert (seen["covered_percent"], seen["flights"][0]["order_id"]) == (100, done["id"]), seen
    assert not listener.desk.refused, listener.desk.refused
    await worker.drain()
    told = "\n".join(fact["words"] for fact in await desk.get("/ledger", subject_id=mission["id"]))
    assert "已起飞" in told
    assert "全部架次均已飞完" in told


@pytest.fixture
async def relay(db: Database, world: World, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """The relay listens where the settings say."""
    media, rtmp = free_ports(2)
    monkeypatch.setenv("LIANDONG_MEDIA_PORT", str(media))
    monkeypatch.setenv("LIANDONG_RTMP_PORT", str(rtmp))
    settings.cache_clear()
    async with mediaserver.running(db, "127.0.0.1", media, rtmp):
        yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.usefixtures("relay")
async def test_its_picture_is_started_and_stopped(
    desk: Seat,
    dock: SimulatedDock,
    mission: Body,
    stream: Body,
) -> None:
    [shown] = await desk.get("/docks")
    where = f"/docks/{shown['id']}"
    assert shown["verbs"] == ["start"]
    await dock.begin()

    async def state(expected: str) -> Body | None:
        [found] = await desk.get("/docks")
        return found if found["state"] == expected else None

    dock.wishes.says_no = {"live_start_push": 13010}
    await desk.post(f"{where}/start_picture")
    refusal = await until(lambda: state("idle"))
    assert (refusal["picture_fault"], refusal["picture_device_code"]) == ("dji.device_13010", "13010")
    assert "无法开启直播" in refusal["fault_zh"]
    dock.wishes.says_no = {}
    await desk.post(f"{where}/start_picture")
    assert (await until(lambda: state("sending")))["picture_fault"] is None

    async def is_live() -> bool:
        found = await desk.get(f"/streams/{stream['id']}")
        return bool(found["state"] == "live" and found["width"] == 320)

    await until(is_live)
    with refused("docks.wrong_state", 409):
        await desk.post(f"{where}/start_picture")
    await desk.post(f"{where}/stop_picture")
    assert (await until(lambda: state("idle")))["picture_fault"] is None
    assert not dock.is_sending


async def test_a_flight_is_called_home(desk: Seat, dock: SimulatedDock, mission: Body) -> None:
    dock.wishes.waits_at = 0.4
    await dock.begin()
    given = await order(desk, mission)
    await dock.until_hovering()
    await ended(desk, mission, "flying")
    await desk.post(f"/flight-orders/{given['id']}/stop", {"reason": "示例：有人机进入"})
    done = await ended(desk, mission)
    assert (done["state"], done["reason"]) == ("cancelled", "示例：有人机进入")
    assert dock.told[-1] == "return_home"


async def test_a_listener_that_is_started_anew_goes_on_with_a_flight_in_the_air(
    desk: Seat, dock: SimulatedDock, at: Broker, listener: Listener, mission: Body, db: Database
) -> None:
    dock.wishes.waits_at = 0.4
    await dock.begin()
    given = await order(desk, mission)
    await dock.until_hovering()
    await ended(desk, mission, "flying")
    assert listener.work is not None
    listener.work.cancel()
    async with server.running(db, at.url(), free_port()) as again:

        async def hears_it() -> bool:
            return again.desk.presence.holder(DRONE, again.desk.now_ms()) == DOCK

        await until(hears_it)
        await desk.post(f"/flight-orders/{given['id']}/stop", {"reason": "示例"})
        done = await ended(desk, mission)
    assert (done["state"], done["percent"] >= 40) == ("cancelled", True)
    assert dock.told == ["flighttask_prepare", "flighttask_execute", "return_home"], "nothing is ordered twice"


async def test_a_dock_that_does_not_call_home_is_not_asked_for_ever(
    desk: Seat, dock: SimulatedDock, mission: Body, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flights, "MOST_CALLS_HOME", 2)
    dock.wishes.waits_at, dock.wishes.says_no = 0.4, {"return_home": None}
    await dock.begin()
    given = await order(desk, mission)
    await dock.until_hovering()
    await ended(desk, mission, "flying")
    monkeypatch.setattr(commands, "REPLY_SECONDS", 0.2)
    await desk.post(f"/flight-orders/{given['id']}/stop", {"reason": "示例"})
    done = await ended(desk, mission)
    assert (done["state"], done["reason_code"]) == ("failed", "dji.home_unanswered")
    assert "2 次" in done["reason"]
    assert dock.told.count("return_home") == 2


async def test_a_dock_that_is_gone_after_its_yes_leaves_no_order_open(
    desk: Seat, dock: SimulatedDock, listener: Listener, mission: Body, monkeypatch: pytest.MonkeyPatch
) -> None:
    dock.wishes.waits_at, dock.wishes.forgets_home = 0.4, True
    await dock.begin()
    given = await order(desk, mission)
    await dock.until_hovering()
    await ended(desk, mission, "flying")
    await desk.post(f"/flight-orders/{given['id']}/stop", {"reason": "示例"})

    async def is_called_home() -> bool:
        return dock.told[-1] == "return_home"

    await until(is_called_home)
    assert (await desk.get(f"/missions/{mission['id']}/orders"))[0]["state"] == "flying", "it may still come"
    monkeypatch.setattr(presence, "SILENT_MS", -1)  # as if a minute had passed
    done = await ended(desk, mission)
    assert (done["state"], done["reason_code"]) == ("failed", "dji.dock_lost")


@pytest.mark.parametrize(
    ("wishes", "state", "code", "device_code"),
    [
        ({"spoils_files": True}, "refused", "dji.device_refused", str(FILE_SPOILT)),
        ({"says_no": {"flighttask_execute": 319999}}, "refused", "dji.device_refused", "319999"),
        ({"says_no": {"flighttask_prepare": None}}, "refused", "dji.no_reply", None),
        ({"says_no": {"flighttask_execute": None}}, "refused", "dji.no_reply", None),
        ({"breaks_off_at": 0.5}, "failed", "dji.flight_broken_off", "316026"),
    ],
)
async def test_a_dock_says_no(
    desk: Seat, dock: SimulatedDock, mission: Body, monkeypatch: pytest.MonkeyPatch,
    wishes: dict[str, Any], state: str, code: str, device_code: str | None,
) -> None:  # fmt: skip
    if code == "dji.no_reply":
        monkeypatch.setattr(commands, "REPLY_SECONDS", 0.3)
    for name, value in wishes.items():
        setattr(dock.wishes, name, value)
    await dock.begin()
    await order(desk, mission)
    done = await ended(desk, mission)
    assert (done["state"], done["reason_code"], done["device_code"]) == (state, code, device_code), done
    if code == "dji.no_reply":

        async def is_forgotten() -> bool:
            return dock.told[-1] == "flighttask_undo"

        await until(is_forgotten)


async def test_without_its_dock_nothing_is_sent(desk: Seat, listener: Listener, mission: Body) -> None:
    await order(desk, mission)
    done = await ended(desk, mission)
    assert (done["state"], done["reason_code"]) == ("refused", "dji.dock_offline")


async def test_the_file_opens_by_its_signature_alone(
    as_: As, desk: Seat, dock: SimulatedDock, app: FastAPI, mission: Body
) -> None:
    seen = []
    fetch = dock.gear.fetch

    async def watched(url: str) -> bytes:
        seen.append(url)
        return await fetch(url)

    dock.gear = replace(dock.gear, fetch=watched)
    dock.wishes.waits_at = 0.1
    await dock.begin()
    given = await order(desk, mission)
    await dock.until_hovering()
    [url] = seen
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as stranger:
        assert (await stranger.get(url)).status_code == 200
        for bad in (url[:-2] + "AA", url.split("?")[0] + "?ticket=", url.replace(given["id"], mission["id"]),
                    url.replace("ticket=", "ticket=9")):  # fmt: skip
            answer = await stranger.get(bad)
            assert (answer.status_code, answer.json()["code"]) == (403, "dji.file_ticket_invalid"), bad
        await desk.post(f"/flight-orders/{given['id']}/stop", {"reason": "示例"})
        await ended(desk, mission)
        assert (await stranger.get(url)).status_code == 404, "the order has ended"
