"""Positions into the database: one statement for all that came while the one before ran.

The statement itself is the gate of whereabouts: an officer's position stands only inside a task that he has signed for
and that is not over. Nothing that is asked of it beforehand can be out of date.

Basis     个人信息保护法 §28 (行踪轨迹)
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import psycopg
from psycopg import AsyncConnection

from liandong.kernel.clock import now
from liandong.kernel.db import OUT_OF_REACH, Database, Role
from liandong.kernel.errors import Refused
from liandong.means.ground.keep import Held, keep_views
from liandong.means.tracks.points import Kind, Point

log = logging.getLogger(__name__)

MOST_AT_ONCE = 5_000
"""Positions of one statement: what comes in faster is kept by the next."""
MOST_WAITING = 100_000
"""Beyond this a device is asked to come again: a database that is away must not fill the memory."""
AGAIN_SECONDS = 1.0

_PLACE = "kind, lon, lat, accuracy_m, altitude_m, course_deg, speed_mps"
_ROW = f"carrier_id, happened_at, area_code, task_id, {_PLACE}, received_at"
KEEP = f"""
WITH sent AS (
    SELECT *, timestamptz 'epoch' + at_ms * interval '1 millisecond' AS happened_at FROM unnest(%(place)s::int[], %(carrier_id)s::uuid[], %(kind)s::text[], %(area_code)s::text[], %(task_id)s::uuid[],
        %(at_ms)s::bigint[], %(lon)s::float8[], %(lat)s::float8[], %(accuracy_m)s::float8[],
        %(altitude_m)s::float8[], %(course_deg)s::float8[], %(speed_mps)s::float8[])
      AS sent(place, carrier_id, kind, area_code, task_id, at_ms, lon, lat, accuracy_m, altitude_m, course_deg, speed_mps)
), judged AS MATERIALIZED (
    SELECT sent.place, sent.carrier_id, sent.happened_at,
        CASE WHEN sent.kind = '{Kind.officer}' THEN inside.area_code ELSE sent.area_code END AS area_code,
        inside.task_id, {", ".join(f"sent.{name}" for name in _PLACE.split(", "))}, %(received_at)s::timestamptz AS received_at
    FROM sent LEFT JOIN LATERAL (
        SELECT tracking.area_code, tracking.task_id FROM tracking
        WHERE sent.kind = '{Kind.officer}' AND tracking.officer_id = sent.carrier_id
          AND (sent.task_id IS NULL OR tracking.task_id = sent.task_id)
          AND date_trunc('milliseconds', tracking.since) <= sent.happened_at AND (tracking.until IS NULL OR sent.happened_at <= tracking.until)
        ORDER BY tracking.since DESC LIMIT 1
    ) AS inside ON true
), kept AS (
    INSERT INTO track_point ({_ROW}) SELECT {_ROW} FROM judged WHERE area_code IS NOT NULL
    ON CONFLICT (carrier_id, happened_at) DO NOTHING
), moved AS (
    INSERT INTO position ({_ROW})
    SELECT DISTINCT ON (carrier_id) {_ROW} FROM judged WHERE area_code IS NOT NULL ORDER BY carrier_id, happened_at DESC
    ON CONFLICT (carrier_id) DO UPDATE SET
        {", ".join(f"{name} = excluded.{name}" for name in _ROW.split(", ") if name != "carrier_id")}
    WHERE position.happened_at < excluded.happened_at
)
SELECT place, area_code, task_id FROM judged WHERE area_code IS NOT NULL
"""  # noqa: S608
NOTIFY = "SELECT pg_notify(%(channel)s, message) FROM unnest(%(messages)s::text[]) AS message"


class Notices(NamedTuple):
    """What other server processes are told by the database, with the positions."""

    channel: str
    messages: list[str]


class _Waiting(NamedTuple):
    points: Sequence[Point]
    kept: asyncio.Future[list[Point | None]]


class Keeper:
    """Writes what is handed to it, all that waits in one statement. `tells` makes notices of what was kept."""

    def __init__(self, db: Database, tells: Callable[[Sequence[Point]], Notices] | None = None) -> None:
        self._db, self._tells = db, tells
        self._waiting: list[_Waiting] = []
        self._count = 0
        self._has_some = asyncio.Event()
        self._line: AsyncConnection[Any] | None = None

    async def keep(self, points: Sequence[Point]) -> list[Point | None]:
        """Each position as it stands in the database now, with its division and task; None: outside every task.

        Raises    tracks.overloaded
        """
        if self._count + len(points) > MOST_WAITING:
            raise Refused("tracks.overloaded")
        kept: asyncio.Future[list[Point | None]] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(points, kept))
        self._count += len(points)
        self._has_some.set()
        return await kept

    async def run(self) -> None:
        """Write until cancelled. What waits while the database is away is written when it is back."""
        try:
            while True:
                await self._has_some.wait()
                batch = self._next()
                try:
                    await self._write(batch)
                except OUT_OF_REACH as error:
                    log.warning("positions wait for the database: %s", error)
                    await self._give_back(batch)
                except Exception as error:
                    log.exception("a batch of positions could not be kept")
                    await self._hang_up()
                    _fail(batch, error)
        finally:
            await self._hang_up()

    def _next(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        size = 0
        while self._waiting and (not batch or size + len(self._waiting[0].points) <= MOST_AT_ONCE):
            batch.append(self._waiting.pop(0))
            size += len(batch[-1].points)
        self._count -= size
        if not self._waiting:
            self._has_some.clear()
        return batch

    async def _give_back(self, batch: list[_Waiting]) -> None:
        await self._hang_up()
        self._waiting[:0] = batch
        self._count += sum(len(one.points) for one in batch)
        self._has_some.set()
        await asyncio.sleep(AGAIN_SECONDS)

    async def _write(self, batch: list[_Waiting]) -> None:
        points = [point for one in batch for point in one.points]
        line = await self._connected()
        standing: list[Point | None] = [None] * len(points)
        async with line.transaction():
            rows = await (await line.execute(KEEP, _columns(points), prepare=True)).fetchall()
            for place, area_code, task_id in rows:
                standing[place] = _placed(points[place], area_code, task_id)
            await keep_views(line, _held(standing))
            notices = self._tells([point for point in standing if point is not None]) if self._tells else None
            if notices is not None and notices.messages:
                await line.execute(NOTIFY, notices._asdict(), prepare=True)
        begin = 0
        for one in batch:
            if not one.kept.done():
                one.kept.set_result(standing[begin : begin + len(one.points)])
            begin += len(one.points)

    async def _connected(self) -> AsyncConnection[Any]:
        if self._line is None or self._line.closed:
            self._line = await psycopg.AsyncConnection.connect(self._db.conninfo(Role.tracks), autocommit=True)
        return self._line

    async def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            await line.close()


def _fail(batch: list[_Waiting], error: Exception) -> None:
    for one in batch:
        if not one.kept.done():
            one.kept.set_exception(error)


def _placed(point: Point, area_code: str, task_id: UUID | None) -> Point:
    if point.area_code == area_code and point.task_id == task_id:
        return point
    return msgspec.structs.replace(point, area_code=area_code, task_id=task_id)


def _held(points: Iterable[Point | None]) -> Iterator[Held]:
    for point in points:
        if point is not None and point.aim is not None:
            yield Held(point.carrier_id, point.area_code, point.happened_at, point.lon, point.lat, point.aim)


def _columns(points: Sequence[Point]) -> dict[str, Any]:
    """The points as arrays. Written out here because the driver looks for quotes in every single number."""
    columns: dict[str, Any] = {name: _array([getattr(point, name) for point in points]) for name in _PLAIN}
    for name in ("carrier_id", "task_id"):
        ids = [getattr(point, name) for point in points]
        columns[name] = _array([None if one is None else one.hex for one in ids])
    for name in ("kind", "area_code"):
        words = [getattr(point, name) for point in points]
        quoted = {word: _quoted(word) if word else None for word in set(words)}
        columns[name] = _array([quoted[word] for word in words])
    return {**columns, "place": _array(range(len(points))), "received_at": now()}


_PLAIN = ("at_ms", "lon", "lat", "accuracy_m", "altitude_m", "course_deg", "speed_mps")


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _array(values: Iterable[float | str | None]) -> str:
    """An array literal of numbers, hexadecimal digits and words that are quoted already."""
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"
