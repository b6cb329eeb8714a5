"""The telemetry of one server process: positions in, kept, told to the other processes, and out to screens."""

from __future__ import annotations

import asyncio
import logging
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import msgspec
from sqlalchemy import select

from liandong.kernel.bus import Bus, bus_from
from liandong.kernel.clock import now
from liandong.kernel.db import Database, Role
from liandong.kernel.errors import LiandongError, Refused
from liandong.kernel.feed import Hub
from liandong.kernel.settings import settings
from liandong.means.tracks.keeper import Keeper, Notices
from liandong.means.tracks.live import Live
from liandong.means.tracks.points import CHANNEL, Point, latest_believed, milliseconds, objection
from liandong.means.tracks.tables import Position

log = logging.getLogger(__name__)

IN_ONE_NOTICE = 32
"""Positions of one notice of the database, which carries no more than 8,000 bytes."""
KNOWN_FOR = timedelta(days=1)
"""What has not been heard of for longer is not on the live map: no data is shown as no data."""
FORGET_EVERY_TICKS = 600
_TO_WIRE = msgspec.msgpack.Encoder(uuid_format="bytes")
_FROM_WIRE = msgspec.msgpack.Decoder(list[Point])
_FROM_DATABASE = msgspec.json.Decoder(Point)


class Telemetry:
    """Positions on their way through one server process."""

    def __init__(self, db: Database) -> None:
        self.live, self.refused = Live(), Counter[str]()
        self._db, self._me = db, uuid4().bytes
        self._bus: Bus | None = bus_from(settings().bus_url, self._hear_from_bus)
        self._keeper = Keeper(db, None if self._bus else self._notices)

    async def keep(self, points: Sequence[Point]) -> list[LiandongError | None]:
        """Every position that may be kept is part of a trail, and the newest is on every screen that may see it.

        Returns why each was not kept, or None: kernel.position_out_of_range, tracks.clock_ahead, tracks.too_old,
        tracks.outside_task. A resend adds nothing; an older one fills a gap of the trail and moves nobody.

        Raises    tracks.overloaded
        """
        latest_ms = latest_believed(now())
        errors = [objection(point, latest_ms) for point in points]
        possible = [place for place, error in enumerate(errors) if error is None]
        standing = await self._keeper.keep([points[place] for place in possible]) if possible else []
        for place, point in zip(possible, standing, strict=True):
            if point is None:
                errors[place] = Refused("tracks.outside_task")
        for error in errors:
            if error is not None:
                self.refused[error.code] += 1
        kept = [point for point in standing if point is not None]
        self.live.take(kept)
        if self._bus and kept:
            await self._bus.tell(self._me + _TO_WIRE.encode(kept))
        return errors

    async def run(self) -> None:
        """Keep, tell and hear until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keeper.run())
            group.create_task(self._tick())
            if self._bus:
                group.create_task(self._follow(self._bus))

    async def _follow(self, bus: Bus) -> None:
        try:
            await bus.run()
        except Exception:
            log.exception("no bus: the other servers do not hear of positions that are told here")

    async def _tick(self) -> None:
        ticks = 0
        while True:
            await asyncio.sleep(settings().live_tick_ms / 1000)
            self.live.tick()
            ticks += 1
            if ticks % FORGET_EVERY_TICKS == 0:
                self.live.forget_before(milliseconds(now() - KNOWN_FOR))

    # --- other processes ---------------------------------------------------------------------------------------------

    def _notices(self, points: Sequence[Point]) -> Notices:
        parts = (self._me + _TO_WIRE.encode(part) for part in _parts(points))
        return Notices(CHANNEL, [b64encode(part).decode() for part in parts])

    def listen_on(self, hub: Hub) -> None:
        """What other processes keep is heard over this line to the database, and caught up with when it opens."""
        hub.notices[CHANNEL] = self.hear
        hub.on_listening.append(self.catch_up)

    def hear(self, notice: str) -> None:
        """A notice of the database: another process's positions, or one that a transaction has told by itself."""
        if notice.startswith("["):
            self.live.take([_FROM_DATABASE.decode(notice)])
        else:
            self._hear_from_bus(b64decode(notice))

    def _hear_from_bus(self, message: bytes) -> None:
        if message[:16] != self._me:
            with suppress(msgspec.MsgspecError):
                self.live.take(_FROM_WIRE.decode(message[16:]))

    async def catch_up(self) -> None:
        """What the database knows is known here: at the start, and whenever its notices may have been missed."""
        async with self._db.transaction(Role.tracks) as session:
            # past the gate: each screen is given what it may see when it is told
            rows = select(Position).where(Position.happened_at > now() - KNOWN_FOR)
            places = (await session.scalars(rows)).all()
        self.live.take(
            Point(
                at.carrier_id, at.kind, at.area_code, at.task_id, milliseconds(at.happened_at), at.lon, at.lat,
                at.accuracy_m, at.altitude_m, at.course_deg, at.speed_mps,
            )
            for at in places
        )  # fmt: skip


def _parts(points: Sequence[Point]) -> list[Sequence[Point]]:
    return [points[begin : begin + IN_ONE_NOTICE] for begin in range(0, len(points), IN_ONE_NOTICE)]
