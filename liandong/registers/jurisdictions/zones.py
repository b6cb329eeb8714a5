"""交界区域: which places lie within so many metres of a border between districts, and whose border it is. Pure.

Borders come from the outlines on record and are as schematic as they are.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import shapely

from liandong.kernel.geo import EARTH_RADIUS_M, Position
from liandong.registers.jurisdictions.borders import borders_among
from liandong.registers.jurisdictions.divisions import prefix_of


@dataclass(frozen=True)
class Stretch:
    """An unbroken part of the border between two districts."""

    one: str
    other: str
    line: tuple[Position, ...]
    length_m: float

    @property
    def sides(self) -> frozenset[str]:
        """The two districts."""
        return frozenset((self.one, self.other))


@dataclass(frozen=True)
class Zone:
    """The ground within `band_m` metres of a stretch, on both sides of it."""

    stretch: Stretch
    band_m: float


class Near(NamedTuple):
    """How far a place is from the nearest border of its own district, and which zone that is."""

    distance_m: float
    zone: int


class Placed(NamedTuple):
    """Something in a district, at (lon, lat) in degrees WGS-84."""

    key: Any
    district: str
    position: Position


def stretches_between(board: Iterable[str], outlines: Mapping[str, dict[str, Any]]) -> list[Stretch]:
    """Every border between two districts of the board, once; of a board of one, all that it has."""
    districts = sorted(board)
    of_each = borders_among(districts, outlines)
    if len(districts) == 1:
        [code] = districts
        return [Stretch(code, one.area_code, one.line, one.length_m) for one in of_each[code]]
    return [
        Stretch(one, other, border.line, border.length_m)
        for one, other in itertools.combinations(districts, 2)
        for border in of_each[one]
        if border.area_code == other
    ]


def districts_of(area_codes: Iterable[str], sides: Iterable[str]) -> dict[str, str]:
    """The one of these districts in which each area lies, by its code (GB/T 2260); an area outside of them is left out."""
    begins = sorted(((prefix_of(side), side) for side in sides), key=lambda one: -len(one[0]))
    found = {}
    for code in set(area_codes):
        side = next((side for prefix, side in begins if code.startswith(prefix)), None)
        if side is not None:
            found[code] = side
    return found


def in_zones(zones: Sequence[Zone], places: Sequence[Placed]) -> dict[Any, Near]:
    """The places that lie in a zone of their own district, by key, each with the nearest.

    Time grows with the places of a district times the borders it has, not with all places times all borders.
    """
    best_m, best_zone = np.full(len(places), np.inf), np.full(len(places), -1)
    at = np.array([place.position for place in places], dtype=float).reshape(-1, 2)
    of_district = _by_district(places)
    for number, zone in enumerate(zones):
        for side in sorted(zone.stretch.sides & of_district.keys()):
            index, metres = _within(zone, at, of_district[side])
            closer = metres < best_m[index]
            best_m[index[closer]], best_zone[index[closer]] = metres[closer], number
    return {
        places[index].key: Near(float(best_m[index]), int(best_zone[index]))
        for index in np.flatnonzero(best_zone >= 0).tolist()
    }


def _by_district(places: Sequence[Placed]) -> dict[str, Any]:
    grouped: dict[str, list[int]] = {}
    for index, place in enumerate(places):
        grouped.setdefault(place.district, []).append(index)
    return {district: np.array(indices) for district, indices in grouped.items()}


def _within(zone: Zone, at: Any, among: Any) -> tuple[Any, Any]:
    """(indices, metres) of the places within the band; what lies outside its box is never measured."""
    line = np.array(zone.stretch.line)
    middle = zone.stretch.line[len(line) // 2][1]
    flat = _in_metres(line, middle)
    low, high = flat.min(axis=0) - zone.band_m, flat.max(axis=0) + zone.band_m
    points = _in_metres(at[among], middle)
    boxed = np.all((points >= low) & (points <= high), axis=1)
    metres = shapely.distance(shapely.points(points[boxed]), shapely.linestrings(flat))
    inside = metres <= zone.band_m
    return among[boxed][inside], metres[inside]


def _in_metres(degrees: Any, lat: float) -> Any:
    """Within the band of one border the earth is flat enough: less than a thousandth is wrong."""
    return np.radians(degrees) * EARTH_RADIUS_M * np.array([math.cos(math.radians(lat)), 1.0])
