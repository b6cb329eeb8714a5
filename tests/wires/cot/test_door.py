"""TAK clients at the door: a car reports, a desk hears, and whoever has no key, or no right, learns nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from liandong.kernel.clock import now
from liandong.kernel.db import Database, Role
from liandong.kernel.ledger import LedgerFact
from liandong.means.tracks.tables import TrackPoint
from liandong.wires.cot.frame import Event, Splitter, read
from liandong.wires.cot.server import Door, running
from tests.conftest import As
from tests.phone import Phone
from tests.seat import Body
from tests.wires.cot.frames import ATAK, BILLION_LAUGHS, CHAT, PING, auth, event
from tests.world import Person, World

PATIENCE = 20.0


class Client:
    """A TAK client that is connected."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer, self.splitter = reader, writer, Splitter()
        self.waiting: list[bytes] = []

    def say(self, *elements: bytes) -> None:
        """Say something."""
        self.writer.write(b"".join(elements))

    async def next(self) -> Event:
        """The next event that it is told."""
        while not self.waiting:
            chunk = await asyncio.wait_for(self.reader.read(65536), PATIENCE)
            assert chunk, "the door was shut"
            self.waiting += self.splitter.feed(chunk)
        said = read(self.waiting.pop(0))
        assert isinstance(said, Event)
        return said

    async def ping(self) -> None:
        """Everything that was said before has been dealt with."""
        self.say(PING)
        while (await self.next()).uid != "takPong":
            pass

    async def is_shut_out(self) -> bool:
        """Whether the door closes without a word."""
        return await asyncio.wait_for(self.reader.read(), PATIENCE) == b""


class House:
    """The door, open on a port."""

    def __init__(self, door: Door, port: int) -> None:
        self.door, self.port = door, port
        self._clients: list[Client] = []

    async def come(self, *first: bytes) -> Client:
        """A client that has connected and said its first words."""
        client = Client(*await asyncio.open_connection("127.0.0.1", self.port))
        self._clients.append(client)
        client.say(*first)
        return client

    async def leave(self) -> None:
        """Every client hangs up."""
        for client in self._clients:
            client.writer.close()
            with suppress(ConnectionError):
                await client.writer.wait_closed()


@pytest.fixture
async def house(db: Database, as_: As) -> AsyncIterator[House]:
    async with running(db, "127.0.0.1", 0) as (door, port):
        opened = House(door, port)
        yield opened
        await opened.leave()


@pytest.fixture
async def car(as_: As, world: World) -> Body:
    found: Body = await as_(world.east.dispatcher).post("/trackers", {"kind": "vehicle", "title": "示例<执法车>"})
    return found


async def own_key(as_: As, person: Person) -> str:
    return str((await as_(person).post("/trackers/own", {"title": "示例平板"}))["key"])


async def test_a_desk_sees_where_the_car_is(house: House, car: Body, as_: As, world: World, db: Database) -> None:
    desk = await house.come(auth(await own_key(as_, world.east.dispatcher)))
    stranger = await house.come(auth(await own_key(as_, world.foreign.dispatcher)))
    await desk.ping()
    at = now() - timedelta(seconds=5)
    device = await house.come(auth(car["key"]), event(at, 117.01))
    await device.ping()
    seen = await desk.next()
    assert (seen.uid, seen.type, seen.lon, seen.lat) == (car["carrier_id"], "a-f-G-E-V-C", 117.01, 36.61)
    assert (seen.accuracy_m, seen.altitude_m, seen.course_deg, seen.speed_mps) == (9.0, 31.0, 90.0, 5.0)
    assert abs(seen.at - at) < timedelta(milliseconds=1)
    device.say(event(at + timedelta(seconds=1), 117.02))
    assert (await desk.next()).lon == 117.02
    await stranger.ping()  # it has heard nothing but the answer
    late = await house.come(auth(await own_key(as_, world.east.leader)))
    assert (await late.next()).lon == 117.02
    async with db.transaction(Role.worker) as session:
        # past the gate: who looked
        looked = select(LedgerFact.author_name).where(LedgerFact.name == "WhereaboutsWatched")
        names = set(await session.scalars(looked))
    assert {world.east.dispatcher.name, world.east.leader.name} <= names


async def test_an_inspector_reports_inside_his_task_and_hears_nothing(house: House, as_: As, world: World) -> None:
    luo, desk = as_(world.south.luo), as_(world.east.dispatcher)
    client = await house.come(auth(await own_key(as_, world.south.luo)), event(now(), 117.01))
    await client.ping()
    assert house.door.telemetry.refused == {"tracks.outside_task": 1}
    task = await desk.draft_task(source_id=str(world.factory), mode="joint")
    await desk.assign(task, world.east.lin, world.south.luo)
    phone = Phone(luo, task)
    phone.accept()
    await phone.did(*phone.outbox)
    client.say(event(now() + timedelta(seconds=1), 117.02))
    await client.ping()
    trails = await desk.post(f"/tasks/{task['id']}/trail", {})
    assert [point["lon"] for trail in trails for point in trail["points"]] == [117.02]
    assert client.waiting == []


@pytest.mark.parametrize("first", [auth("nobody"), ATAK, b"GET / HTTP/1.1\r\n\r\n</event>", PING, b"<auth></auth>"])
async def test_who_has_no_key_is_shut_out(house: House, world: World, first: bytes) -> None:
    client = await house.come(first)
    assert await client.is_shut_out()
    assert house.door.telemetry.refused["trackers.unknown_key"] == 1


async def test_what_a_client_may_not_say_is_counted(house: House, car: Body, db: Database) -> None:
    client = await house.come(auth(car["key"]))
    at = now()
    client.say(event(at, 117.01), CHAT, BILLION_LAUGHS, event(at, 117.5, uid="ANOTHER"))
    client.say(event(at + timedelta(hours=1), 117.0), event(at, 117.0, 99.0))
    await client.ping()
    assert house.door.telemetry.refused == {
        "trackers.not_a_position": 1, "trackers.unreadable": 1, "trackers.of_somebody_else": 1,
        "tracks.clock_ahead": 1, "kernel.position_out_of_range": 1,
    }  # fmt: skip
    async with db.transaction(Role.worker) as session:
        # past the gate: what was kept
        assert (await session.execute(select(func.count()).select_from(TrackPoint))).scalar_one() == 1


async def test_a_flood_without_an_end_harms_nobody(house: House, car: Body) -> None:
    client = await house.come(auth(car["key"]))
    flood = await house.come(auth(car["key"]), b"<event " + b"x" * 100_000)
    assert await flood.is_shut_out()
    nonsense = await house.come(auth(car["key"]), b"<x></event>" * 200)
    assert await nonsense.is_shut_out()
    assert house.door.telemetry.refused["trackers.oversized"] == 1
    assert house.door.telemetry.refused["trackers.unreadable"] == 100
    client.say(event(now(), 117.01))
    await client.ping()
    assert len(house.door.telemetry.live.newest) == 1
