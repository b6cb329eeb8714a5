"""Where somebody or something was near the borders: which side of which segment, on which day. No person leaves here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import shapely
from shapely.geometry import shape
from sqlalchemy import Date, Float, Integer, cast, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.clock import beijing_day
from liandong.kernel.geo import AreaIndex, Position
from liandong.kernel.thinning import first_of_every
from liandong.means.ground.aims import Aim
from liandong.means.ground.seen import ground_seen
from liandong.means.ground.tables import GroundView
from liandong.means.tracks.tables import TrackPoint
from liandong.registers.jurisdictions.borders import GAP_DEG
from liandong.registers.jurisdictions.zones import Placed, Zone, in_zones
from liandong.registers.officers.tables import Officer

CELL_A_DEGREE = 5000
"""Points are taken together in cells of some twenty metres: a band is hundreds wide."""
VIEW_EVERY_S = 10
AREA_DEG = 0.05


class Trace(NamedTuple):
    """Somebody of an agency, or the camera of an aircraft, was here on this day."""

    agency: Any
    on: date
    position: Position


@dataclass(frozen=True)
class Box:
    """What lies round all borders, in degrees."""

    west: float
    south: float
    east: float
    north: float


def box_round(zones: Iterable[Zone]) -> Box:
    """A box that holds every zone."""
    west, south, east, north = shapely.total_bounds([shapely.linestrings(zone.stretch.line) for zone in zones]).tolist()
    return Box(west - AREA_DEG, south - AREA_DEG, east + AREA_DEG, north + AREA_DEG)


async def officer_traces(session: AsyncSession, box: Box, since: datetime) -> list[Trace]:
    """Where officers inside a task were since then, a cell and a day once for each officer's agency."""
    x = cast(func.floor(TrackPoint.lon * CELL_A_DEGREE), Integer)
    y = cast(func.floor(TrackPoint.lat * CELL_A_DEGREE), Integer)
    on = cast(func.timezone(literal("Asia/Shanghai"), TrackPoint.happened_at), Date)
    # past the gate: the worker counts for all, and hands on no more than sums
    rows = (
        select(Officer.agency_id, on, cast(x, Float), cast(y, Float))
        .join(Officer, Officer.id == TrackPoint.carrier_id)
        .where(
            TrackPoint.kind == "officer", TrackPoint.happened_at >= since,
            TrackPoint.lon.between(box.west, box.east), TrackPoint.lat.between(box.south, box.north),
        )
        .distinct()
    )  # fmt: skip
    return [
        Trace(agency, day, ((x + 0.5) / CELL_A_DEGREE, (y + 0.5) / CELL_A_DEGREE))
        for agency, day, x, y in await session.execute(rows)
    ]


async def camera_traces(session: AsyncSession, box: Box, since: datetime) -> list[Trace]:
    """The ground that aircraft saw since then, by its corners and its middle, one moment in ten seconds."""
    # past the gate: the worker counts for all, and hands on no more than sums
    views = select(GroundView).where(
        GroundView.happened_at >= since,
        GroundView.lon.between(box.west, box.east), GroundView.lat.between(box.south, box.north),
    )  # fmt: skip
    thinned = first_of_every(views, VIEW_EVERY_S, of=GroundView.carrier_id, at=GroundView.happened_at)
    found = []
    for view in await session.scalars(thinned):
        aim = Aim(view.yaw_deg, view.pitch_deg, view.roll_deg, view.height_m, view.across, view.upright)
        ring = ground_seen(view.lon, view.lat, aim)
        if ring is not None:
            middle = shapely.Polygon(ring).representative_point()
            on = beijing_day(view.happened_at)
            found += [Trace(None, on, (lon, lat)) for lon, lat in (*ring, (middle.x, middle.y))]
    return found


def sides_of(
    traces: Sequence[Trace], zones: Sequence[Zone], outlines: Mapping[str, dict[str, Any]]
) -> dict[tuple[int, str], list[Trace]]:
    """The traces by segment and side: the side is the district they lie in, or lie within a gap of its outline."""
    districts = _districts([trace.position for trace in traces], outlines)
    places = [
        Placed(number, district, traces[number].position)
        for number, district in enumerate(districts)
        if district is not None
    ]
    found: dict[tuple[int, str], list[Trace]] = {}
    near = in_zones(zones, places)
    for place in places:
        if place.key in near:
            found.setdefault((near[place.key].zone, place.district), []).append(traces[place.key])
    return found


def _districts(positions: Sequence[Position], outlines: Mapping[str, dict[str, Any]]) -> list[str | None]:
    """The district of each position; between two outlines, the nearest within the gap that they may leave."""
    if not positions or not outlines:
        return [None] * len(positions)
    found = AreaIndex(outlines).locate_many(*zip(*positions, strict=True))
    between = [number for number, district in enumerate(found) if district is None]
    if not between:
        return found
    codes = sorted(outlines)
    tree = shapely.STRtree([shape(outlines[code]) for code in codes])
    points = shapely.points([positions[number] for number in between])
    place, area = tree.query_nearest(points, max_distance=GAP_DEG, all_matches=False)
    for number, at in zip(place.tolist(), area.tolist(), strict=True):
        found[between[number]] = codes[at]
    return found
