"""Two servers that tell each other where everybody is, by the database and by NATS; each is lost in turn."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import httpx
import pytest
import websockets

from liandong.kernel.clock import now
from liandong.kernel.db import Role
from liandong.means.tracks.points import ENTRY, HEADER
from tests.phone import Phone
from tests.ports import free_port
from tests.scale.machines import Machine, database_elsewhere, two_machines, until
from tests.seat import Seat
from tests.world import Person, World, load

SEEN_WITHIN_S = 40.0


@dataclass
class Wall:
    """A screen at one machine; it shows the newest longitude of each officer."""

    machine: Machine
    person: Person
    shows: dict[UUID, float] = field(default_factory=dict)

    async def follow(self) -> None:
        """Open, and opened again, until cancelled."""
        address = self.machine.address.replace("http", "ws", 1) + "/api/positions/live"
        headers = {"Authorization": f"Bearer {self.person.token}"}
        while True:
            with suppress(OSError, websockets.WebSocketException):
                async with websockets.connect(address, additional_headers=headers) as socket_:
                    async for body in socket_:
                        assert isinstance(body, bytes)
                        for entry in ENTRY.iter_unpack(body[HEADER.size :]):
                            self.shows[UUID(bytes=entry[0])] = entry[5] / 1e7
            await asyncio.sleep(0.05)  # the machine is away; nobody tells when it is back


@asynccontextmanager
async def broker() -> AsyncIterator[str]:
    """A real NATS, and its address."""
    port = free_port()
    program = Path(sys.executable).with_name("nats-server")
    server = await asyncio.create_subprocess_exec(
        program, "-a", "127.0.0.1", "-p", str(port), stderr=asyncio.subprocess.DEVNULL
    )
    try:
        yield f"nats://127.0.0.1:{port}"
    finally:
        server.terminate()
        await server.wait()


@pytest.mark.parametrize("by", ["database", "nats"])
async def test_a_screen_at_one_server_shows_who_reports_to_the_other(tmp_path: Path, by: str) -> None:
    async with AsyncExitStack() as stack:
        bus = {"LIANDONG_BUS_URL": await stack.enter_async_context(broker())} if by == "nats" else {}
        db, address = await stack.enter_async_context(database_elsewhere(tmp_path / "elsewhere"))
        async with db.transaction(Role.worker) as session:
            world = await load(session)
        more = {**bus, "LIANDONG_LIVE_TICK_MS": "100"}
        machines = await stack.enter_async_context(two_machines(tmp_path, address, more))
        phone, clients = await on_task(stack, machines, world)
        walls = [Wall(machine, world.joint) for machine in machines]
        following = [asyncio.create_task(wall.follow()) for wall in walls]
        try:
            await shown(clients[0], phone, walls, 117.1)
            await shown(clients[1], phone, walls, 117.2)
            await machines[0].lose()
            await shown(clients[1], phone, walls[1:], 117.3)
            await machines[0].start()
            await shown(clients[1], phone, walls, 117.4)
            await machines[1].lose()
            await shown(clients[0], phone, walls[:1], 117.5)
            await machines[1].start()
            await shown(clients[0], phone, walls, 117.6)
        finally:
            for task in following:
                task.cancel()
            await asyncio.gather(*following, return_exceptions=True)


async def on_task(
    stack: AsyncExitStack, machines: list[Machine], world: World
) -> tuple[Phone, list[httpx.AsyncClient]]:
    """The phone of an officer who has signed for a task, and a way to each machine."""
    clients = [
        await stack.enter_async_context(httpx.AsyncClient(base_url=machine.address, timeout=30)) for machine in machines
    ]
    desk = Seat(clients[0], world.east.dispatcher)
    task = await desk.draft_task(source_id=str(world.factory))
    await desk.assign(task, world.east.lin, world.east.luo)
    phone = Phone(Seat(clients[0], world.east.lin), task)
    await phone.did(phone.accept())
    return phone, clients


async def shown(client: httpx.AsyncClient, phone: Phone, walls: list[Wall], lon: float) -> None:
    """The phone has said where it is at one machine, and every one of these walls shows it."""
    fix = {"lon": lon, "lat": 36.6, "happened_at": now().isoformat()}
    await Seat(client, phone.seat.person).post("/positions", {"task_id": phone.task_id, "fixes": [fix]})
    officer = phone.seat.person.officer
    assert officer is not None

    async def there() -> bool:
        return all(wall.shows.get(officer) == lon for wall in walls)

    await until(there, f"{lon} is on {len(walls)} walls", SEEN_WITHIN_S)
