"""From a wish on the map to flights on the map: what is asked in degrees is planned in metres and told in degrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely import LineString, MultiPoint, Point, Polygon
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from liandong.kernel.errors import Invalid
from liandong.kernel.geo import check_position
from liandong.work.drones.planning.plane import Plane
from liandong.work.drones.planning.plans import plan_area, plan_corridor, plan_places
from liandong.work.drones.planning.shapes import Flying, Ground, Plan

KINDS: dict[str, type[BaseGeometry]] = {"area": Polygon, "corridor": LineString, "places": MultiPoint}
MOST_CORNERS = 500
FARTHEST_M = 30_000
"""From home: beyond it a plane of metres is no longer true enough, and no battery reaches."""


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


def work_out(wish: Wish, flying: Flying, zones: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The plan as it is kept: `{flights: [{steps: [[lon, lat]], is_at_work, length_m, minutes}], seen: GeoJSON,
    covered_percent, length_m, minutes}`, steps to seven places of a degree (a centimetre).

    Raises    drones.shape_unreadable, drones.shape_too_large, drones.too_far, and whatever the planning refuses
    """
    wanted = read_shape(wish.wanted, KINDS[wish.kind])
    plane = Plane(*check_position(*wish.home))
    home, there = Point(0, 0), plane.metres(wanted)
    if there.hausdorff_distance(home) > FARTHEST_M:
        raise Invalid("drones.too_far", kilometres=FARTHEST_M // 1000)
    ground = Ground(home, tuple(plane.metres(_polygon(zone)) for zone in zones))
    return _told(_planned(wish, there, ground, flying), plane)


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


def _told(plan: Plan, plane: Plane) -> dict[str, Any]:
    flights = [
        {
            "steps": [_rounded(plane.degrees(Point(step))) for step in flight.steps],
            "is_at_work": list(flight.is_at_work),
            "length_m": round(flight.length_m, 1),
            "minutes": round(flight.minutes, 2),
        }
        for flight in plan.flights
    ]
    seen = shapely.set_precision(plane.degrees(plan.seen.simplify(2.0)), 1e-6)
    return {
        "flights": flights,
        "seen": mapping(seen),
        "covered_percent": plan.covered_percent,
        "length_m": round(plan.length_m, 1),
        "minutes": round(sum(flight.minutes for flight in plan.flights), 2),
    }


def _rounded(place: Point) -> list[float]:
    return [round(place.x, 7), round(place.y, 7)]
