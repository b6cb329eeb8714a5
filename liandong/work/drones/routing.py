"""From a wish on the map to flights on the map: what is asked in degrees is planned in metres and told in degrees."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely import LineString, MultiPoint, Point, Polygon
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from liandong.kernel.errors import Invalid
from liandong.kernel.geo import Position, check_position
from liandong.work.drones.planning.plane import Plane
from liandong.work.drones.planning.plans import plan_area, plan_corridor, plan_places
from liandong.work.drones.planning.shapes import Flight, Flying, Ground, NoFly, Plan

KINDS: dict[str, type[BaseGeometry]] = {"area": Polygon, "corridor": LineString, "places": MultiPoint}
MOST_CORNERS = 500
FARTHEST_M = 30_000
"""From home: beyond it a plane of metres is no longer true enough, and no battery reaches."""
TOUCH_M = 0.5
"""Steps are kept to a centimetre, a zone's clearance as a polygon: so much nearer is not nearer."""
SHOWN_AROUND_M = 2000.0


@dataclass(frozen=True)
class Wish:
    """What is to be seen. `wanted` is GeoJSON, `home` lon and lat, all in degrees WGS-84; `width_m` of a corridor."""

    kind: str
    wanted: dict[str, Any]
    home: tuple[float, float]
    width_m: float | None = None


def read_shape(told: dict[str, Any], kind: type[BaseGeometry]) -> BaseGeometry:
    """A GeoJSON geometry of this kind, whole and on this earth.

    Raises    drones.shape_unreadable, kernel.position_out_of_range
    """
    try:
        found = shape(told)
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise Invalid("drones.shape_unreadable") from error
    if not isinstance(found, kind) or found.is_empty or not found.is_valid or found.has_z:
        raise Invalid("drones.shape_unreadable")
    corners = shapely.get_coordinates(found)
    if len(corners) > MOST_CORNERS:
        raise Invalid("drones.shape_too_large", count=len(corners), most=MOST_CORNERS)
    for lon, lat in corners.tolist():
        check_position(lon, lat)
    return found


@dataclass(frozen=True)
class Forbidden:
    """A no-fly zone as it is kept: its outline as a GeoJSON Polygon, and how many metres are kept from it."""

    outline: dict[str, Any]
    clearance_m: float


def work_out(wish: Wish, flying: Flying, zones: Sequence[Forbidden]) -> dict[str, Any]:
    """The plan as it is kept: `{flights: [{steps: [[lon, lat]], is_at_work, length_m, minutes, filmed_m, photos,
    waypoints}], seen: GeoJSON, closed: GeoJSON, left_out: [{why, area_m2, outline: GeoJSON}], covered_percent,
    length_m, minutes, filmed_m, photos}`, steps to seven places of a degree (a centimetre). `closed` are the zones with
    their clearance as far as they lie about this mission.

    Raises    drones.shape_unreadable, drones.shape_too_large, drones.too_far, and whatever the planning refuses
    """
    wanted = read_shape(wish.wanted, KINDS[wish.kind])
    plane = Plane(*check_position(*wish.home))
    home, there = Point(0, 0), plane.metres(wanted)
    if there.hausdorff_distance(home) > FARTHEST_M:
        raise Invalid("drones.too_far", kilometres=FARTHEST_M // 1000)
    ground = Ground(home, _no_fly(zones, plane))
    return _told(_planned(wish, there, ground, flying), there, plane)


def leads_over(flights: Sequence[Sequence[Sequence[float]]], home: Position, zones: Sequence[Forbidden]) -> list[bool]:
    """For each zone, whether a leg of these flights (steps lon, lat) comes nearer to it than its clearance."""
    plane = Plane(*home)
    legs = shapely.union_all([plane.metres(LineString(steps)) for steps in flights])
    return [bool(legs.distance(one.outline) < one.clearance_m - TOUCH_M) for one in _no_fly(zones, plane)]


def _no_fly(zones: Sequence[Forbidden], plane: Plane) -> tuple[NoFly, ...]:
    return tuple(NoFly(plane.metres(_polygon(zone.outline)), zone.clearance_m) for zone in zones)


def _planned(wish: Wish, there: BaseGeometry, ground: Ground, flying: Flying) -> Plan:
    if isinstance(there, Polygon):
        return plan_area(there, ground, flying)
    if isinstance(there, LineString):
        return plan_corridor(there, wish.width_m or flying.swath_m, ground, flying)
    return plan_places(shapely.get_parts(there).tolist(), ground, flying)


def _polygon(told: dict[str, Any]) -> Polygon:
    found = shape(told)
    assert isinstance(found, Polygon), "zones are checked when they are set"
    return found


def _told(plan: Plan, wanted: BaseGeometry, plane: Plane) -> dict[str, Any]:
    flights = [_flight(flight, plane) for flight in plan.flights]
    left_out = [
        {"why": one.why, "area_m2": round(one.shape.area), "outline": _outline(one.shape, plane)}
        for one in plan.left_out
    ]
    about = shapely.union_all([wanted, *(LineString(flight.steps) for flight in plan.flights)]).envelope
    return {
        "flights": flights,
        "seen": _outline(plan.seen, plane),
        "closed": _outline(plan.closed.intersection(about.buffer(SHOWN_AROUND_M, join_style="mitre")), plane),
        "left_out": left_out,
        "covered_percent": plan.covered_percent,
        "length_m": round(plan.length_m, 1),
        "minutes": round(sum(flight.minutes for flight in plan.flights), 2),
        "filmed_m": round(sum(flight["filmed_m"] for flight in flights), 1),
        "photos": sum(flight["photos"] for flight in flights),
    }


def _flight(flight: Flight, plane: Plane) -> dict[str, Any]:
    """A leg at work that has no length is one photograph; the others are filmed."""
    steps = [_rounded(plane.degrees(Point(step))) for step in flight.steps]
    legs = list(zip(flight.steps, flight.steps[1:], flight.is_at_work, strict=False))
    return {
        "steps": steps,
        "is_at_work": list(flight.is_at_work),
        "length_m": round(flight.length_m, 1),
        "minutes": round(flight.minutes, 2),
        "filmed_m": round(sum(math.dist(one, other) for one, other, at_work in legs if at_work), 1),
        "photos": sum(at_work and one == other for one, other, at_work in legs),
        "waypoints": sum(one != other for one, other in itertools.pairwise(steps[1:-1])) + 1,
    }


def _outline(found: BaseGeometry, plane: Plane) -> dict[str, Any]:
    told: dict[str, Any] = mapping(shapely.set_precision(plane.degrees(found.simplify(2.0)), 1e-6))
    return told


def _rounded(place: Point) -> list[float]:
    return [round(place.x, 7), round(place.y, 7)]
