"""The listener as a process: one UDP port, positions kept in batches, until a signal comes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

from sqlalchemy.exc import SQLAlchemyError

from liandong.kernel.db import Database, Role
from liandong.kernel.errors import Invalid
from liandong.kernel.health import telling_health, until_stopped
from liandong.kernel.settings import settings
from liandong.means.tracks.backlog import Backlog
from liandong.means.tracks.telemetry import Telemetry
from liandong.wires.mavlink.carrier import MavlinkCarrier
from liandong.wires.mavlink.craft import Address, Craft
from liandong.wires.mavlink.desk import Desk, read_networks
from liandong.wires.mavlink.flight import Patience
from liandong.wires.mavlink.link import Link
from liandong.work.drones.autopilots import linked_aircraft

log = logging.getLogger(__name__)

LOOK_AGAIN_SECONDS = 10.0
"""How late a newly linked aircraft is believed, and one with another key refused."""


class Listener(asyncio.DatagramProtocol):
    """One port. What comes is read where it comes, in microseconds; what must wait for the database waits behind a queue."""

    def __init__(self, db: Database, desk: Desk, patience: Patience | None = None) -> None:
        self.desk, self._carrier = desk, MavlinkCarrier(db, desk, self.link_to, patience)
        self._db, self._telemetry = db, Telemetry(db)
        self._backlog = Backlog(self._telemetry, desk.refused)
        self._transport: asyncio.DatagramTransport | None = None
        self.work: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The port is open."""
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """Its positions wait to be kept; more than may wait are counted, the next come within a second."""
        for point in self.desk.take(data, (addr[0], addr[1])):
            self._backlog.add(point)

    def error_received(self, exc: Exception) -> None:
        """An aircraft that has gone refuses what is sent to it: its silence says the same."""
        log.debug("port: %s", exc)

    def link_to(self, craft: Craft) -> Link:
        """What speaks to this aircraft."""
        assert self._transport is not None
        return Link(craft, self._transport.sendto, self.desk.now_ms)

    async def look_again(self) -> None:
        """Whom the register names now is believed, and nobody else."""
        async with self._db.transaction(Role.worker) as session:
            self.desk.know(await linked_aircraft(session))

    async def run(self) -> None:
        """Keep positions, follow the register and fly what is ordered until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._telemetry.run())
            group.create_task(self._backlog.run())
            group.create_task(self._follow_register())
            group.create_task(self._carrier.run())

    async def _follow_register(self) -> None:
        while True:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
            try:
                await self.look_again()
            except (SQLAlchemyError, OSError) as error:
                log.warning("register: %s; those known before are believed", error)

    def tell_health(self) -> dict[str, Any]:
        """How it is: who is there, what was taken, what was refused and why, and which numbers nobody has registered."""
        now_ms = self.desk.now_ms()
        return {
            "online": [one.told() for one in self.desk.crafts.values() if one.is_there(now_ms)],
            "taken": dict(self.desk.taken),
            "refused": dict(self.desk.refused),
            "left": self.desk.left,
            "unknown_systems": self.desk.unknown,
        }


@asynccontextmanager
async def running(
    db: Database, address: Address, desk: Desk, health_port: int, patience: Patience | None = None
) -> AsyncIterator[Listener]:
    """The listener runs inside; how it is, is told at `/health` to this machine only."""
    listener = Listener(db, desk, patience)
    await listener.look_again()
    async with telling_health(health_port, listener.tell_health):
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: listener, local_addr=address)
        work = listener.work = asyncio.create_task(listener.run())
        try:
            yield listener
        finally:
            transport.close()
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work


async def serve(db: Database, stop: asyncio.Event) -> None:
    """Listen until told to stop.

    Raises    mavlink.no_address, mavlink.network_unreadable
    """
    chosen = settings()
    if chosen.mavlink_port is None:
        raise Invalid("mavlink.no_address")
    desk = Desk(read_networks(chosen.mavlink_unsigned_from))
    async with running(db, (chosen.mavlink_host, chosen.mavlink_port), desk, chosen.mavlink_health_port) as listener:
        await until_stopped(stop, listener.work)
