"""One TAK client: who it is, what it says of itself, and what it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from liandong.kernel.clock import now
from liandong.kernel.errors import LiandongError, Refused
from liandong.means.tracks.live import Watch
from liandong.means.tracks.points import Point, milliseconds
from liandong.means.tracks.telemetry import Telemetry
from liandong.registers.access.actor import Actor
from liandong.registers.trackers.keyring import Keyring
from liandong.registers.trackers.queries import Carrier
from liandong.wires.cot.frame import Auth, Event, OversizedError, Splitter, UnreadableError, read
from liandong.wires.cot.names import Names
from liandong.wires.cot.words import PING, pong

SAYS_WHO_WITHIN_SECONDS = 10.0
SILENT_FOR_SECONDS = 600.0
LOOK_AGAIN_SECONDS = 30.0
CHUNK = 64 * 1024
MOST_UNREADABLE = 100
"""A client that says so much nonsense is cut off."""


class House(Protocol):
    """What a session asks of the process it runs in."""

    telemetry: Telemetry
    keyring: Keyring
    names: Names

    async def sees(self, carrier: Carrier) -> Actor | None:
        """Who looks through this client now, if whereabouts may be seen; that somebody looks is written down."""
        ...


@dataclass
class _Said:
    points: list[Point]
    asks: bool = False


class Session:
    """One connection."""

    def __init__(self, house: House, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._house, self._reader, self._writer = house, reader, writer
        self._splitter, self._unreadable = Splitter(), 0
        self._uid: str | None = None

    async def hold(self) -> None:
        """Talk until the client goes, says nothing, or is refused; afterwards the connection is closed."""
        try:
            carrier, key, more = await self._who()
            async with asyncio.TaskGroup() as group:
                telling = group.create_task(self._tell(carrier, key))
                await self._hear(carrier, more)
                telling.cancel()
        except* LiandongError as errors:
            for error in errors.exceptions:
                self._count(error.code if isinstance(error, LiandongError) else "kernel.broken")
        except* OversizedError:
            self._count("trackers.oversized")
        except* (ConnectionError, TimeoutError):
            pass
        finally:
            self._writer.close()
            with suppress(ConnectionError):
                await self._writer.wait_closed()

    def _count(self, code: str) -> None:
        self._house.telemetry.refused[code] += 1

    async def _who(self) -> tuple[Carrier, str, list[bytes]]:
        """Who it is, its key, and what it said in the same breath."""
        async with asyncio.timeout(SAYS_WHO_WITHIN_SECONDS):  # the client's time: that we are slow is not its fault
            while not (elements := await self._elements()):
                pass
        said = self._read(elements[0])
        if not isinstance(said, Auth):
            raise Refused("trackers.unknown_key")
        return await self._house.keyring.carrier(said.password), said.password, elements[1:]

    async def _elements(self) -> list[bytes]:
        chunk = await self._reader.read(CHUNK)
        if not chunk:
            raise ConnectionResetError
        return self._splitter.feed(chunk)

    def _read(self, element: bytes) -> Event | Auth | None:
        try:
            return read(element)
        except UnreadableError as error:
            self._count("trackers.unreadable")
            self._unreadable += 1
            if self._unreadable >= MOST_UNREADABLE:
                raise ConnectionResetError from error
            return None

    async def _hear(self, carrier: Carrier, elements: list[bytes]) -> None:
        while True:
            said = self._said(carrier, elements)
            if said.points:
                await self._house.telemetry.keep(said.points)
            if said.asks:  # last: whoever hears the answer knows that what it said before was dealt with
                self._writer.write(pong(now()))
            try:
                async with asyncio.timeout(SILENT_FOR_SECONDS):
                    elements = await self._elements()
            except ConnectionResetError:
                return

    def _said(self, carrier: Carrier, elements: Sequence[bytes]) -> _Said:
        found = _Said([])
        for element in elements:
            event = self._read(element)
            if not isinstance(event, Event):
                continue
            if event.type == PING:
                found.asks = True
            elif not event.type.startswith("a-"):
                self._count("trackers.not_a_position")
            elif not self._is_own(event):
                self._count("trackers.of_somebody_else")
            elif carrier.id is None:
                self._count("trackers.only_hears")
            else:
                found.points.append(_point(carrier, event))
        return found

    def _is_own(self, event: Event) -> bool:
        """A client speaks for itself: marks that it sets on its map are not where it is."""
        if self._uid is None:
            self._uid = event.uid
        return self._uid == event.uid

    async def _tell(self, carrier: Carrier, key: str) -> None:
        actor = await self._house.sees(carrier)
        if actor is None:
            return
        watch = Watch(actor.areas)
        self._house.telemetry.live.join(watch)
        try:
            await self._show(watch, carrier, key, actor)
        finally:
            self._house.telemetry.live.leave(watch)

    async def _show(self, watch: Watch, carrier: Carrier, key: str, actor: Actor) -> None:
        looks_again_at = asyncio.get_running_loop().time() + LOOK_AGAIN_SECONDS
        while True:
            try:
                async with asyncio.timeout_at(looks_again_at):
                    frame = await watch.take()
            except TimeoutError:
                await self._house.keyring.carrier(key)
                still = await self._house.sees(carrier)
                if still is None:
                    return
                actor = still
                watch.look_at(actor.areas, None)
                looks_again_at = asyncio.get_running_loop().time() + LOOK_AGAIN_SECONDS
                continue
            self._writer.write(await self._house.names.events(frame, actor))
            await self._writer.drain()


def _point(carrier: Carrier, event: Event) -> Point:
    assert carrier.id is not None
    return Point(
        carrier.id, carrier.kind, carrier.area_code, None, milliseconds(event.at), event.lon, event.lat,
        event.accuracy_m, event.altitude_m, event.course_deg, event.speed_mps,
    )  # fmt: skip
