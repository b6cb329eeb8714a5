"""Positions that a wire has read and the database has not yet: whoever reads a wire never waits for the database."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter

from liandong.kernel.db import OUT_OF_REACH
from liandong.kernel.errors import LiandongError
from liandong.means.tracks.points import Point
from liandong.means.tracks.telemetry import Telemetry

log = logging.getLogger(__name__)

AGAIN_SECONDS = 1.0
MOST_WAITING = 10_000
"""More are refused and counted: the next of each carrier comes within seconds."""
MOST_AT_ONCE = 500


class Backlog:
    """The positions of one wire that wait to be kept. Why one was not kept is counted in `refused`, which is the wire's."""

    def __init__(self, telemetry: Telemetry, refused: Counter[str]) -> None:
        self._telemetry, self._refused = telemetry, refused
        self._waiting: asyncio.Queue[Point] = asyncio.Queue(MOST_WAITING)

    def add(self, point: Point) -> None:
        """The position will be kept, or is counted as one too many."""
        try:
            self._waiting.put_nowait(point)
        except asyncio.QueueFull:
            self._refused["tracks.overloaded"] += 1

    async def run(self) -> None:
        """Keep what waits, many at a time, until cancelled. While the database is away it goes on waiting."""
        while True:
            points = [await self._waiting.get()]
            while len(points) < MOST_AT_ONCE and not self._waiting.empty():
                points.append(self._waiting.get_nowait())
            for refusal in await self._refusals(points):
                self._refused[refusal.code] += 1

    async def _refusals(self, points: list[Point]) -> list[LiandongError]:
        while True:
            try:
                return [error for error in await self._telemetry.keep(points) if error is not None]
            except LiandongError as error:
                return [error] * len(points)
            except OUT_OF_REACH as error:
                log.warning("positions wait for the database: %s", error)
            await asyncio.sleep(AGAIN_SECONDS)
