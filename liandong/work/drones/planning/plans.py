"""The plan for what is asked: an area, a border corridor, or a list of places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import shapely
from shapely import LineString, MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry

from liandong.kernel.errors import Broken, Refused
from liandong.work.drones.planning import lanes
from liandong.work.drones.planning.detour import Detours
from liandong.work.drones.planning.flights import share_out
from liandong.work.drones.planning.shapes import Flight, Flying, Ground, Lane, LeftOut, Plan

LEAST_LEFT_OUT_M2 = 1.0
"""Less than this is how shapes are cut, not what an aircraft misses."""


def plan_area(area: Polygon, ground: Ground, flying: Flying) -> Plan:
    """Lanes to and fro until the camera has seen the area, no-fly zones with their clearance left out.

    Raises    drones.nothing_to_see, drones.battery_too_small, drones.place_in_no_fly, drones.no_way_around
    """
    detours = Detours(ground)
    free = area.difference(detours.kept_out)
    return _plan(lanes.over_area(free, detours.kept_out, flying, ground.home), area, ground, flying, detours)


def plan_corridor(line: LineString, width_m: float, ground: Ground, flying: Flying) -> Plan:
    """Passes along a line until the camera has seen the corridor of this width about it.

    Raises    as `plan_area`
    """
    detours = Detours(ground)
    corridor = line.buffer(width_m / 2, cap_style="flat")
    free = corridor.buffer(flying.swath_m).difference(detours.kept_out)
    return _plan(lanes.along_line(line, width_m, free, flying), corridor, ground, flying, detours)


def plan_places(places: Sequence[Point], ground: Ground, flying: Flying) -> Plan:
    """Over each place once. A place inside a no-fly zone is refused: leaving it out would not be said loud enough.

    Raises    as `plan_area`
    """
    return _plan(lanes.over_places(places, ground.home), MultiPoint(places), ground, flying, Detours(ground))


def _plan(flown: list[Lane], wanted: BaseGeometry, ground: Ground, flying: Flying, detours: Detours) -> Plan:
    if not flown:
        raise Refused("drones.nothing_to_see")
    home = (ground.home.x, ground.home.y)
    flights = share_out(flown, home, detours, flying)
    _require_clear(flights, detours)
    seen = _seen(flights, flying)
    left_out = tuple(_left_out(wanted, seen, detours.kept_out))
    return Plan(tuple(flights), seen, covered_percent(wanted, seen), left_out, detours.closed)


def _left_out(wanted: BaseGeometry, seen: BaseGeometry, kept_out: BaseGeometry) -> Iterator[LeftOut]:
    """What of an area is not seen, zones first. Places are all seen, or the plan was refused."""
    missed = wanted.difference(seen)
    for why, shape in (("no_fly", missed.intersection(kept_out)), ("unseen", missed.difference(kept_out))):
        if shape.area >= LEAST_LEFT_OUT_M2:
            yield LeftOut(why, shape)


def _require_clear(flights: Sequence[Flight], detours: Detours) -> None:
    """The promise of this package, asked of the finished plan."""
    for flight in flights:
        if any(not detours.is_free(one, two) for one, two in zip(flight.steps, flight.steps[1:], strict=False)):
            raise Broken("drones.route_over_no_fly")


def _seen(flights: Sequence[Flight], flying: Flying) -> BaseGeometry:
    """The strips under all lanes; the camera looks straight down and sees as far ahead as aside, no farther."""
    legs = [
        LineString([one, two]) if one != two else Point(one)
        for flight in flights
        for one, two, at_work in zip(flight.steps, flight.steps[1:], flight.is_at_work, strict=False)
        if at_work
    ]
    return shapely.union_all([leg.buffer(flying.swath_m / 2, quad_segs=8) for leg in legs])


def covered_percent(wanted: BaseGeometry, seen: BaseGeometry) -> float:
    """How much of what is wanted is seen: of an area by its size, of places by their number. Both on one plane of metres."""
    if wanted.area > 0:
        return round(100 * float(wanted.intersection(seen).area / wanted.area), 1)
    places = shapely.get_parts(wanted).tolist()
    visited = sum(bool(seen.buffer(1e-6).covers(place)) for place in places)
    return round(100 * visited / len(places), 1)
