"""盲区图: synthetic tracks with known gaps; what the map calls blind is what was left out, no more and no less."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from liandong.kernel.clock import beijing_today, now
from liandong.kernel.db import Database, Role
from liandong.kernel.geo import EARTH_RADIUS_M
from liandong.kernel.ids import new_id
from liandong.kernel.jobs import Worker
from liandong.means.ground.tables import GroundView
from liandong.means.tracks.tables import TrackPoint
from liandong.oversight.border.tables import BorderSegment
from liandong.oversight.border.traces import Trace, sides_of
from liandong.oversight.border.watching import call_blind_spots, keep_border_watch
from liandong.registers.jurisdictions.segments import cut, side_id
from liandong.registers.jurisdictions.zones import Stretch, Zone, stretches_between
from liandong.work.dispatch.tables import Task
from tests.allies import in_force
from tests.conftest import As
from tests.world import BORDER_POINT, SIDE, Person, World, square

METRE_DEG = math.degrees(1 / EARTH_RADIUS_M)
LON, LAT = BORDER_POINT
EAST_METRE = METRE_DEG / math.cos(math.radians(LAT))
"""A metre to the east, in degrees. The border of east and south runs from the border point to the east."""
KNOWN = {"990101": square(LON, LAT), "990102": square(LON, LAT - SIDE)}
MONDAY = date(2026, 3, 9)
WATCHES = ("nobody", "one_side", "both_sides")


def traces_on(sides: dict[str, set[int]], pieces: list[Stretch], off_m: float, step_m: float) -> list[Trace]:
    """Somebody walked every piece of these numbers, so far from the border on each side, with a point every so many metres."""
    found = []
    for side, numbers in sides.items():
        north = 1 if side == "990101" else -1
        for number in numbers:
            west, east = sorted(point[0] for point in (pieces[number].line[0], pieces[number].line[-1]))
            steps = max(1, int((east - west) / EAST_METRE / step_m))
            for step in range(steps):
                lon = west + (east - west) * (step + 0.5) / steps
                found.append(Trace("示例", beijing_today(), (lon, LAT + north * off_m * METRE_DEG)))
    return found


STRAIGHT = Stretch("990101", "990102", ((LON, LAT), (LON + SIDE, LAT)), SIDE / EAST_METRE)
PIECES = cut([STRAIGHT], 1000)


def test_a_border_is_cut_in_equal_pieces_that_are_known_again() -> None:
    assert len(PIECES) == 9  # 8.9 km
    assert max(piece.length_m for piece in PIECES) - min(piece.length_m for piece in PIECES) < 2
    assert max(piece.length_m for piece in PIECES) <= 1000
    again = cut([STRAIGHT], 1000)
    ids = [side_id(piece, side) for piece in PIECES for side in sorted(piece.sides)]
    assert ids == [side_id(piece, side) for piece in again for side in sorted(piece.sides)]
    assert len(set(ids)) == 18
    drawn = [cut(stretches_between(KNOWN, known), 1000) for known in (KNOWN, dict(reversed(KNOWN.items())))]
    assert drawn[0] == drawn[1]


@settings(deadline=None)
@given(
    walked=st.fixed_dictionaries({side: st.sets(st.integers(0, 8)) for side in KNOWN}),
    off_m=st.floats(5, 990), step_m=st.floats(20, 400),
)  # fmt: skip
def test_the_gaps_that_are_found_are_the_gaps_that_were_left(
    walked: dict[str, set[int]], off_m: float, step_m: float
) -> None:
    """Recall and precision of the gaps are both 1, side by side, wherever within the band people walked."""
    zones = [Zone(piece, 1000) for piece in PIECES]
    found = sides_of(traces_on(walked, PIECES, off_m, step_m), zones, KNOWN)
    assert set(found) == {(number, side) for side, numbers in walked.items() for number in numbers}


@given(off_m=st.floats(1010, 5000))
def test_whoever_walks_beyond_the_band_does_not_watch_the_border(off_m: float) -> None:
    everywhere = {side: set(range(9)) for side in KNOWN}
    assert sides_of(traces_on(everywhere, PIECES, off_m, 200), [Zone(piece, 1000) for piece in PIECES], KNOWN) == {}


async def walk(db: Database, person: Person, metres_east: range, north_m: float, days_ago: int = 0) -> None:
    """This officer's trail, a point at each of these distances east of the border point, so far north of the border."""
    at = now() - timedelta(days=days_ago)
    async with db.transaction(Role.worker) as session:
        session.add_all(
            TrackPoint(
                carrier_id=person.officer, happened_at=at + timedelta(seconds=number), kind="officer",
                lon=LON + metres * EAST_METRE, lat=LAT + north_m * METRE_DEG, received_at=at, area_code=person.area_code,
            )
            for number, metres in enumerate(metres_east)
        )  # fmt: skip


async def look_down(db: Database, metres_east: float, north_m: float) -> None:
    """An aircraft looked straight down here from 100 m."""
    async with db.transaction(Role.worker) as session:
        session.add(
            GroundView(
                carrier_id=new_id(), happened_at=now(), lon=LON + metres_east * EAST_METRE, lat=LAT + north_m * METRE_DEG,
                yaw_deg=0, pitch_deg=-90, roll_deg=0, height_m=100, across=1.2, upright=0.9, area_code="990101",
            )
        )  # fmt: skip


async def keep(db: Database) -> None:
    async with db.transaction(Role.worker) as session:
        await keep_border_watch(session)


async def border_of(as_: As, person: Person, one: str = "990101", other: str = "990102") -> list[dict[str, Any]]:
    """The pieces of a border from west to east."""
    items = (await as_(person).get("/border-watch"))["items"]
    mine = [item for item in items if (item["one"], item["other"]) == (one, other)]
    return sorted(mine, key=lambda item: min(item["line"]["coordinates"]))


def walked_on(pieces: list[dict[str, Any]], *metres_east: range) -> set[int]:
    """The pieces that have a point at one of these distances, by their longitudes alone."""
    places = [LON + metres * EAST_METRE for spans in metres_east for metres in spans]
    spans = [sorted(lon for lon, _ in piece["line"]["coordinates"]) for piece in pieces]
    return {number for number, lons in enumerate(spans) if any(lons[0] <= at <= lons[-1] for at in places)}


async def test_the_map_says_who_watched_which_piece(db: Database, as_: As, world: World, worker: Worker) -> None:
    await in_force(as_, world.east, world.south, band_m=1000)
    await worker.drain()
    assert {piece["watch"] for piece in await border_of(as_, world.east.lin)} == {"nobody"}
    north_side, south_side = range(20, 2900, 50), range(2020, 3900, 50)
    await walk(db, world.east.lin, north_side, 100)
    await walk(db, world.south.lin, south_side, -100)
    await walk(db, world.south.luo, range(5000, 6000, 50), -100, days_ago=31)  # too long ago
    await walk(db, world.east.luo, range(7000, 8000, 50), 1500)  # not near enough
    await look_down(db, 8500, 60)
    await keep(db)
    for person in (world.east.lin, world.south.dispatcher, world.joint):
        found = await border_of(as_, person)
        told = {watch: {k for k, piece in enumerate(found) if piece["watch"] == watch} for watch in WATCHES}
        north, south = walked_on(found, north_side, range(8490, 8510)), walked_on(found, south_side)
        assert told["both_sides"] == north & south != set()
        assert told["one_side"] == north ^ south
        assert told["nobody"] == set(range(len(found))) - north - south  # every gap, and nothing but gaps
        assert len(told["nobody"]) >= 4
    [both] = [piece for piece in found if piece["watch"] == "both_sides"][:1]
    north_row, south_row = both["sides"]
    assert (north_row["watchers"], north_row["track_days"]) == (["东区分局"], 1)
    assert north_row["last_track_on"] == str(beijing_today())
    assert (south_row["area_code"], south_row["watchers"]) == ("990102", ["南区分局"])
    assert (found[-1]["sides"][0]["seen_days"], found[-1]["sides"][0]["track_days"]) == (1, 0)
    assert found[0]["sides"][0]["sources"] == 1  # the factory on the border point, which nobody visited
    assert found[0]["sides"][0]["never_visited"] == 1
    whole = await as_(world.joint).get("/border-watch")
    assert (whole["window"]["value"], whole["window"]["status"]) == (30, "unconfirmed")
    assert whole["blind_m"] == sum(piece["length_m"] for piece in whole["items"] if piece["watch"] == "nobody")


async def test_nobody_reads_of_persons_or_of_others_borders(
    db: Database, as_: As, world: World, worker: Worker
) -> None:
    await in_force(as_, world.east, world.south, band_m=1000)
    await walk(db, world.east.lin, range(0, 2900, 50), 100)
    await worker.drain()
    answer = await as_(world.south.dispatcher).ask("GET", "/border-watch")
    assert world.east.lin.name not in answer.text
    assert str(world.east.lin.officer) not in answer.text
    for stranger in (world.west.dispatcher, world.foreign.dispatcher):
        assert (await as_(stranger).get("/border-watch"))["items"] == []
    async with db.transaction(Role.worker) as session:
        await session.execute(text("UPDATE ally_grant SET ended_at = now()"))
    # what the south itself did stays the south's to see
    assert {side["area_code"] for piece in await border_of(as_, world.south.lin) for side in piece["sides"]} == {
        "990102"
    }


async def test_on_a_monday_somebody_is_sent_where_nobody_went(
    db: Database, as_: As, world: World, worker: Worker
) -> None:
    await in_force(as_, world.east, world.south, band_m=1000)
    await walk(db, world.south.lin, range(0, 9000, 50), -100)  # its side is watched from end to end
    await worker.drain()
    for day in (MONDAY, MONDAY, MONDAY + timedelta(days=1)):
        async with db.transaction(Role.worker) as session:
            await call_blind_spots(session, day)
        await worker.drain()
    async with db.transaction(Role.worker) as session:
        tasks = (await session.scalars(select(Task).where(Task.title == "交界盲区巡查"))).all()
        assert [(task.area_code, task.kind) for task in tasks] == [("990101", "routine")]
        assert tasks[0].lon == pytest.approx(LON + 500 * EAST_METRE, abs=700 * EAST_METRE)  # where the factory is
        await call_blind_spots(session, MONDAY + timedelta(days=7))
    await worker.drain()
    async with db.transaction(Role.worker) as session:
        assert len((await session.scalars(select(Task).where(Task.title == "交界盲区巡查"))).all()) == 2


async def test_keeping_the_watch_again_changes_nothing(db: Database, as_: As, world: World, worker: Worker) -> None:
    await in_force(as_, world.east, world.south, band_m=1000)
    await walk(db, world.east.lin, range(0, 2900, 50), 100)
    await worker.drain()
    kept = []
    for _ in range(2):
        await keep(db)
        async with db.transaction(Role.worker) as session:
            rows = (await session.scalars(select(BorderSegment).order_by(BorderSegment.side_id))).all()
            kept.append([(row.id, row.side_id, row.track_days, row.watchers) for row in rows])
    assert kept[0] == kept[1]
    assert len({row[1] for row in kept[0]}) == len(kept[0]) >= 18
