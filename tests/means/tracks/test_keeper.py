"""Positions into the database: what is kept, and that nothing is lost while it is away."""

from __future__ import annotations

import asyncio
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from liandong.kernel.clock import now
from liandong.kernel.db import Database, Role
from liandong.kernel.errors import Refused
from liandong.kernel.ids import new_id
from liandong.means.tracks import keeper
from liandong.means.tracks.keeper import Keeper
from liandong.means.tracks.points import KINDS, Kind, Point, milliseconds
from liandong.means.tracks.tables import Position, TrackPoint


def vehicle(at_ms: int, lon: float = 117.0, who: UUID | None = None) -> Point:
    return Point(who or new_id(), Kind.vehicle, "990101", None, at_ms, lon, 36.6)


async def trail(db: Database) -> list[float]:
    async with db.transaction(Role.tracks) as session:
        return list(await session.scalars(select(TrackPoint.lon).order_by(TrackPoint.happened_at)))


async def test_a_vehicle_needs_no_task_and_an_officer_does(kept_by: Keeper, db: Database) -> None:
    at_ms = milliseconds(now())
    officer = Point(new_id(), Kind.officer, "990101", None, at_ms, 117.0, 36.6)
    one = vehicle(at_ms)
    assert await kept_by.keep([officer, one]) == [None, one]
    assert await trail(db) == [117.0]


async def test_the_last_position_is_the_newest_in_whatever_order_they_come(kept_by: Keeper, db: Database) -> None:
    who, at_ms = new_id(), milliseconds(now()) - 10_000
    for batch in ([3, 1], [5, 4, 5], [2], [5]):
        await kept_by.keep([vehicle(at_ms + step, 117 + step / 10, who) for step in batch])
    assert await trail(db) == [117.1, 117.2, 117.3, 117.4, 117.5]
    async with db.transaction(Role.tracks) as session:
        assert list(await session.scalars(select(Position.lon))) == [117.5]


async def test_what_comes_while_the_database_is_away_is_kept_when_it_is_back(
    kept_by: Keeper, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "AGAIN_SECONDS", 0.01)
    at_ms = milliseconds(now()) - 10_000
    await kept_by.keep([vehicle(at_ms, 117.0)])
    monkeypatch.setattr(Database, "conninfo", lambda self, role: "host=127.0.0.1 port=1 connect_timeout=1")
    owner = db.url.set(drivername="postgresql").render_as_string(hide_password=False)
    async with await psycopg.AsyncConnection.connect(owner, autocommit=True) as admin:
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s AND datname = current_database()",
            [Role.tracks],
        )
    tried, give_back = asyncio.Semaphore(0), kept_by._give_back

    async def counted(batch: list[keeper._Waiting]) -> None:
        tried.release()
        await give_back(batch)

    monkeypatch.setattr(kept_by, "_give_back", counted)
    waiting = [asyncio.create_task(kept_by.keep([vehicle(at_ms + step, 117 + step / 10)])) for step in (1, 2, 3)]
    async with asyncio.timeout(10):
        await tried.acquire()
        await tried.acquire()  # and tried again
    assert not any(task.done() for task in waiting)
    monkeypatch.undo()
    async with asyncio.timeout(10):
        await asyncio.gather(*waiting)
    assert await trail(db) == [117.0, 117.1, 117.2, 117.3]


async def test_more_than_the_memory_should_hold_is_refused(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "MOST_WAITING", 3)
    full = Keeper(db)  # nobody writes
    first = asyncio.create_task(full.keep([vehicle(1), vehicle(2)]))
    await asyncio.sleep(0)
    with pytest.raises(Refused) as refused:
        await full.keep([vehicle(3), vehicle(4)])
    assert (refused.value.code, refused.value.status) == ("tracks.overloaded", 429)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_every_number_and_word_stands_as_it_was_sent(kept_by: Keeper, db: Database, data: st.DataObject) -> None:
    measure = st.none() | st.floats(allow_nan=False, allow_infinity=False)
    points = [
        Point(
            new_id(), data.draw(st.sampled_from(list(KINDS[1:]))), data.draw(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=6)), None,
            data.draw(st.integers(0, 4_000_000_000_000)), data.draw(st.floats(-180, 180)), data.draw(st.floats(-90, 90)),
            *(data.draw(measure) for _ in range(4)),
        )
        for _ in range(data.draw(st.integers(1, 5)))
    ]  # fmt: skip
    assert await kept_by.keep(points) == points
    async with db.transaction(Role.tracks) as session:
        rows = {row.carrier_id: row for row in await session.scalars(select(TrackPoint))}
    for point in points:
        row = rows[point.carrier_id]
        stands = Point(
            row.carrier_id, row.kind, row.area_code, row.task_id, milliseconds(row.happened_at), row.lon, row.lat,
            row.accuracy_m, row.altitude_m, row.course_deg, row.speed_mps,
        )  # fmt: skip
        assert stands == point
