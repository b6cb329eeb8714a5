"""The door for TAK clients as a process: one port, until a signal comes."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from liandong.kernel.db import Database, Role
from liandong.kernel.feed import Hub
from liandong.kernel.settings import settings
from liandong.means.tracks.looks import Looks
from liandong.means.tracks.telemetry import Telemetry
from liandong.registers.access.actor import Actor
from liandong.registers.access.queries import find_active_actor_of
from liandong.registers.trackers.keyring import Keyring
from liandong.registers.trackers.queries import Carrier
from liandong.wires.cot.names import Names
from liandong.wires.cot.session import Session

log = logging.getLogger(__name__)
COUNTS_EVERY_SECONDS = 60.0
BACKLOG = 2048
"""Clients that wait to be let in: after a restart all come back at once, and the system turns away whoever finds no place."""


class Door:
    """What the sessions of one process share."""

    def __init__(self, db: Database, telemetry: Telemetry) -> None:
        self._db, self._looks = db, Looks(db)
        self.telemetry, self.keyring, self.names = telemetry, Keyring(db), Names(db)
        self._held: set[asyncio.Task[None]] = set()

    async def welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Talk to one client, or close at once when there are too many."""
        if len(self._held) >= settings().cot_clients:
            self.telemetry.refused["trackers.too_many"] += 1
            writer.close()
            return
        task = asyncio.create_task(Session(self, reader, writer).hold())
        self._held.add(task)
        task.add_done_callback(self._held.discard)

    async def sees(self, carrier: Carrier) -> Actor | None:
        """Who looks through this client now, if whereabouts may be seen; that somebody looks is written down."""
        if carrier.account_id is None:
            return None
        async with self._db.transaction(Role.app) as session:
            actor = await find_active_actor_of(session, carrier.account_id)
        if actor is None or "positions:read" not in actor.verbs:
            return None
        await self._looks.note(actor)
        return actor

    async def end(self) -> None:
        """Nobody is talked to any more."""
        for task in list(self._held):
            task.cancel()
        await asyncio.gather(*self._held, return_exceptions=True)

    async def tell_counts(self) -> None:
        """What was refused is in the log once a minute, where it has changed."""
        told: Counter[str] = Counter()
        while True:
            await asyncio.sleep(COUNTS_EVERY_SECONDS)
            if self.telemetry.refused != told:
                told = Counter(self.telemetry.refused)
                log.warning("refused so far: %s", dict(told))


@asynccontextmanager
async def running(db: Database, host: str, port: int) -> AsyncIterator[tuple[Door, int]]:
    """The door is open inside, on the port given back; afterwards every connection is closed."""
    hub, telemetry = Hub(db), Telemetry(db)
    telemetry.listen_on(hub)
    door = Door(db, telemetry)
    works = [asyncio.create_task(work) for work in (hub.run(), telemetry.run(), door.tell_counts())]
    server = await asyncio.start_server(door.welcome, host, port, ssl=_tls(), backlog=BACKLOG)
    try:
        yield door, server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await door.end()
        for work in works:
            work.cancel()
        for work in works:
            with suppress(asyncio.CancelledError):
                await work


def _tls() -> ssl.SSLContext | None:
    certificate = settings().cot_certificate
    if certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


async def serve(db: Database, stop: asyncio.Event) -> None:
    """Talk to TAK clients until told to stop."""
    async with running(db, settings().cot_host, settings().cot_port) as (_, port):
        log.info("TAK clients: port %d", port)
        await stop.wait()
