"""边界污染源清单 of a province: finding who lies near a border, keeping what allies share, and reading it.

The peers, in the same run on the same machine: for the borders, every pair of counties tried in turn, as one would first
write it; for the zones, one query of shapely's index for all places and all borders; for keeping, a bare COPY of as many rows
into the same table; for reading, one SELECT of the sources that are
read through; for the map of blind spots, one SELECT of the sources and one of the trails.
Finding grows with the sources of a county times the borders it has; keeping with the sources of the members; reading with those in sight.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import shapely
from shapely.geometry import shape
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from benchmarks.bench_ledger import throwaway
from benchmarks.made_province import Province, make_province, sign_memorandum, write_province
from benchmarks.report import last_line, machine, table
from liandong.kernel.bulk import merge
from liandong.kernel.clock import now
from liandong.kernel.db import Database, Role
from liandong.kernel.ids import new_id
from liandong.means.tracks.tables import TrackPoint
from liandong.oversight.border.keeping import keep_border_lists
from liandong.oversight.border.queries import border_list
from liandong.oversight.border.watch import border_watch
from liandong.oversight.border.watching import keep_border_watch
from liandong.registers.access.actor import Actor
from liandong.registers.access.vocabulary import Role as Office
from liandong.registers.jurisdictions.borders import GAP_DEG
from liandong.registers.jurisdictions.queries import forget
from liandong.registers.jurisdictions.tables import Agency
from liandong.registers.jurisdictions.zones import Placed, Stretch, Zone, in_zones, stretches_between
from liandong.registers.officers.tables import Officer
from liandong.registers.sources.tables import Source

COUNTIES = int(os.environ.get("BENCH_COUNTIES", "170"))
POINTS = int(os.environ.get("BENCH_POINTS", "300000"))
SOURCES = int(os.environ.get("BENCH_SOURCES", "300000"))
BAND_M = 1000.0
RUNS = 3


def best(what: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of the fastest of a few runs, and what it gave."""
    times, given = [], None
    for _ in range(RUNS):
        began = time.perf_counter()
        given = what()
        times.append(time.perf_counter() - began)
    return min(times), given


async def took(deed: Callable[[], Awaitable[Any]]) -> tuple[float, Any]:
    """Seconds of one run, and what it gave."""
    began = time.perf_counter()
    given = await deed()
    return time.perf_counter() - began, given


def pair_by_pair(outlines: dict[str, dict[str, Any]]) -> int:
    """How many pairs of counties touch, each pair tried in turn."""
    shapes = [shape(one) for one in outlines.values()]
    touching = 0
    for one, other in itertools.combinations(shapes, 2):
        if one.distance(other) < GAP_DEG:
            touching += not one.boundary.intersection(other.buffer(GAP_DEG)).is_empty
    return touching


def by_one_query(stretches: list[Stretch], at: Any) -> int:
    """How many places lie within the band of any border, by one query of the library's index, in degrees of the middle."""
    degrees = BAND_M / 111_195
    lines = [shapely.linestrings(np.array(one.line) * (0.8, 1.0)) for one in stretches]
    points = shapely.points(at * (0.8, 1.0))
    found = shapely.STRtree(lines).query_nearest(points, max_distance=degrees, all_matches=False)
    return len(set(found[0].tolist()))


def geometry(province: Province) -> dict[str, Any]:
    """Borders and zones without a database."""
    ours_borders, stretches = best(lambda: stretches_between(province.outlines, province.outlines))
    peer_borders, touching = best(lambda: pair_by_pair(province.outlines))
    zones = [Zone(one, BAND_M) for one in stretches]
    places = [
        Placed(number, county, (lon, lat))
        for number, (county, (lon, lat)) in enumerate(zip(province.county, province.at.tolist(), strict=True))
    ]
    ours_zones, near = best(lambda: in_zones(zones, places))
    peer_zones, nearest = best(lambda: by_one_query(stretches, province.at))
    return {
        "counties": len(province.outlines), "sources": len(places), "borders": len(stretches), "touching": touching,
        "borders_s": ours_borders, "borders_pair_by_pair_s": peer_borders, "near": len(near), "nearest": nearest,
        "zones_s": ours_zones, "zones_one_query_s": peer_zones,
    }  # fmt: skip


async def keep(db: Database, about: list[UUID] | None = None) -> None:
    """One keeping, by the worker."""
    forget()
    async with db.transaction(Role.worker) as session:
        await keep_border_lists(session, about)


async def copied(db: Database) -> int:
    """As many rows as the sheet has, copied into it again under a memorandum of their own and taken back."""
    async with db.transaction(Role.worker) as session:
        held = await session.execute(text("SELECT * FROM border_entry"))
        columns, rows = list(held.keys()), [list(row) for row in held]
        [memorandum] = (await session.execute(text("SELECT id FROM memorandum LIMIT 1"))).scalars()
        await session.execute(text("DELETE FROM border_entry"))
        for row in rows:
            row[columns.index("id")], row[columns.index("memorandum_id")] = new_id(), memorandum
        await merge(session, "border_entry", columns, rows, key=["memorandum_id", "source_id"])
    return len(rows)


def sight(areas: list[str], memorandum_id: UUID) -> Actor:
    """A dispatcher of the first of these areas who sees them all."""
    granted = frozenset({("border_list", memorandum_id), ("border_watch", memorandum_id)})
    return Actor(
        uuid4(),
        "示例",
        uuid4(),
        "示例",
        areas[0],
        frozenset({Office.dispatcher}),
        areas=frozenset(areas),
        granted=granted,
    )


async def read(db: Database, actor: Actor) -> int:
    """How many rows the list has for this person."""
    async with db.transaction(Role.app, actor.scope()) as session:
        return (await border_list(session, actor)).total


async def walk(db: Database, province: Province) -> None:
    """Officers were near the borders on many days: so many points of trails, one officer a county."""
    stretches = stretches_between(province.outlines, province.outlines)
    chance = np.random.default_rng(POINTS)
    async with db.transaction(Role.worker) as session:
        officers = await add_officers(session)
        rows, at = [], now()
        for number in range(POINTS):
            stretch = stretches[int(chance.integers(len(stretches)))]
            lon, lat = stretch.line[int(chance.integers(len(stretch.line)))]
            aside = chance.normal(0, 0.005, 2)
            happened_at = at - timedelta(days=float(chance.random() * 29), microseconds=number)
            rows.append(
                (officers[stretch.one], happened_at, "officer", lon + aside[0], lat + aside[1], at, stretch.one)
            )
        columns = ("carrier_id", "happened_at", "kind", "lon", "lat", "received_at", "area_code")
        await merge(session, "track_point", columns, rows, key=["carrier_id", "happened_at"])


async def add_officers(session: AsyncSession) -> dict[str, UUID]:
    """One officer a county, by its code."""
    agencies = (await session.scalars(select(Agency).where(Agency.tier == "branch"))).all()
    officers = {one.area_code: new_id() for one in agencies}
    session.add_all(
        Officer(id=officers[one.area_code], name="示例", agency_id=one.id, area_code=one.area_code) for one in agencies
    )
    await session.flush()
    return officers


async def watch(db: Database) -> None:
    """The watch of all borders kept once."""
    async with db.transaction(Role.worker) as session:
        await keep_border_watch(session)


async def read_watch(db: Database, actor: Actor) -> int:
    """How many pieces this person sees."""
    async with db.transaction(Role.app, actor.scope()) as session:
        return len((await border_watch(session, actor)).pieces)


async def bare_trails(db: Database) -> int:
    """Every point of every trail, fetched."""
    async with db.transaction(Role.worker) as session:
        rows = select(TrackPoint.carrier_id, TrackPoint.happened_at, TrackPoint.lon, TrackPoint.lat)
        return len((await session.execute(rows)).all())


async def bare_read(session: AsyncSession) -> int:
    """Every placed source, fetched."""
    rows = select(Source.id, Source.area_code, Source.lon, Source.lat).where(Source.lon.is_not(None))
    return len((await session.execute(rows)).all())


async def in_database(province: Province) -> dict[str, Any]:
    """Keeping and reading the list of all counties, which are one memorandum, and of four of them."""
    async with throwaway() as db:
        counties = list(province.outlines)
        async with db.transaction(Role.worker) as session:
            await write_province(session, province)
            memorandum_id = await sign_memorandum(session, counties, BAND_M)
        first_s, _ = await took(lambda: keep(db))
        again_s, _ = await took(lambda: keep(db))
        async with db.transaction(Role.worker) as session:
            one = (await session.scalars(text("SELECT source_id FROM border_entry LIMIT 1"))).one()
        await keep(db, [one])
        one_s = min([(await took(lambda: _keep_warm(db, [one])))[0] for _ in range(RUNS)])
        copy_s, rows = await took(lambda: copied(db))
        whole_s, listed = await took(lambda: read(db, sight(counties, memorandum_id)))
        warm_s, _ = await took(lambda: read(db, sight(counties, memorandum_id)))
        county_s, shown = await took(lambda: read(db, sight(counties[:1], memorandum_id)))
        async with db.transaction(Role.worker) as session:
            bare_s, _ = await took(lambda: bare_read(session))
        await walk(db, province)
        watch_s, _ = await took(lambda: watch(db))
        watch_again_s, _ = await took(lambda: watch(db))
        map_s, pieces = await took(lambda: read_watch(db, sight(counties, memorandum_id)))
        trails_s, points = await took(lambda: bare_trails(db))
    return {
        "rows": rows, "keep_first_s": first_s, "keep_again_s": again_s, "keep_one_s": one_s, "copy_s": copy_s,
        "read_province_s": whole_s, "read_province_warm_s": warm_s, "listed": listed, "read_county_s": county_s, "shown": shown,
        "bare_select_s": bare_s, "pieces": pieces, "trail_points": points, "watch_first_s": watch_s,
        "watch_again_s": watch_again_s, "read_map_s": map_s, "bare_trails_s": trails_s,
    }  # fmt: skip


async def _keep_warm(db: Database, about: list[UUID]) -> None:
    async with db.transaction(Role.worker) as session:
        await keep_border_lists(session, about)


def main() -> None:
    """Measure and print."""
    ran_on, province = machine(), make_province(COUNTIES, SOURCES)
    found = geometry(province) | asyncio.run(in_database(province))
    figures = {name: round(value, 4) if isinstance(value, float) else value for name, value in found.items()}
    figures["ratios"] = {
        "borders": round(found["borders_pair_by_pair_s"] / found["borders_s"], 2),
        "zones": round(found["zones_one_query_s"] / found["zones_s"], 2),
        "keep_first_to_copy": round(found["keep_first_s"] / found["copy_s"], 2),
        "watch_again_to_selects": round(found["watch_again_s"] / (found["bare_select_s"] + found["bare_trails_s"]), 2),
        "read_province_to_select": round(found["read_province_warm_s"] / found["bare_select_s"], 2),
    }
    units = {name: "s" if name.endswith("_s") else "" for name in figures if name != "ratios"}
    table("the border list of a province", [(name, figures[name], unit) for name, unit in units.items()])
    table("ratios", [(name, value, "×") for name, value in figures["ratios"].items()])
    last_line({"border": {"ran_on": ran_on, **figures}})


if __name__ == "__main__":
    main()
