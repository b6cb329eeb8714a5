"""Coordinates: WGS-84 in store; the shifted systems of Chinese map services only at the edge.

Angles are decimal degrees, longitude first; lengths are metres. Everything here is pure: outlines come in as input.
CGCS2000 differs from WGS-84 by centimetres and is taken as the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from liandong.kernel.errors import FieldError, Invalid

Position = tuple[float, float]
"""(lon, lat) in degrees."""

EARTH_RADIUS_M = 6_371_008.8  # mean radius (IUGG)

# GCJ-02 is computed on the Krasovsky 1940 ellipsoid; outside this box map services do not shift.
_AXIS_M = 6_378_245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_SHIFTED_LON = (72.004, 137.8347)
_SHIFTED_LAT = (0.8293, 55.8271)
_BD_ANGLE = math.pi * 3000.0 / 180.0
_INVERSE_STEPS = 30
_INVERSE_TOLERANCE = 1e-10


def whole_position(lon: float | None, lat: float | None) -> Position | None:
    """(lon, lat) if it is a place on earth, None if neither is given.

    Raises    kernel.position_incomplete, kernel.position_out_of_range
    """
    if lon is None and lat is None:
        return None
    if lon is None or lat is None:
        raise Invalid("kernel.position_incomplete")
    return check_position(lon, lat)


def check_position(lon: float, lat: float) -> Position:
    """(lon, lat) if it is a place on earth.

    Raises    kernel.position_out_of_range, field by field; not-a-number is out of range
    """
    wrong = [
        FieldError(name, "kernel.position_out_of_range", {"value": value, "limit": limit})
        for name, value, limit in (("lon", lon, 180), ("lat", lat, 90))
        if not -limit <= value <= limit
    ]
    if wrong:
        raise Invalid("kernel.position_out_of_range", field_errors=wrong, **wrong[0].values)
    return lon, lat


def wgs84_to_gcj02(lon: float, lat: float) -> Position:
    """A WGS-84 position as GCJ-02 (国测局坐标) maps show it; unchanged outside China's box."""
    check_position(lon, lat)
    if not _is_shifted(lon, lat):
        return lon, lat
    east, north = lon - 105.0, lat - 35.0
    north_shift = _north_shift(east, north)
    east_shift = _east_shift(east, north)
    angle = math.radians(lat)
    bend = 1 - _ECCENTRICITY_SQUARED * math.sin(angle) ** 2
    meridian_m = _AXIS_M * (1 - _ECCENTRICITY_SQUARED) / bend**1.5
    parallel_m = _AXIS_M / math.sqrt(bend) * math.cos(angle)
    return lon + math.degrees(east_shift / parallel_m), lat + math.degrees(north_shift / meridian_m)


def gcj02_to_wgs84(lon: float, lat: float) -> Position:
    """A GCJ-02 position back in WGS-84, by iteration, to better than 1e-6 degree."""
    return _invert(wgs84_to_gcj02, lon, lat)


def gcj02_to_bd09(lon: float, lat: float) -> Position:
    """A GCJ-02 position as BD-09 (百度坐标) maps show it."""
    check_position(lon, lat)
    if not _is_shifted(lon, lat):
        return lon, lat
    reach = math.hypot(lon, lat) + 0.00002 * math.sin(lat * _BD_ANGLE)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * _BD_ANGLE)
    return reach * math.cos(angle) + 0.0065, reach * math.sin(angle) + 0.006


def bd09_to_gcj02(lon: float, lat: float) -> Position:
    """A BD-09 position back in GCJ-02, by iteration, to better than 1e-6 degree."""
    return _invert(gcj02_to_bd09, lon, lat)


def wgs84_to_bd09(lon: float, lat: float) -> Position:
    """A WGS-84 position as BD-09 maps show it."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def bd09_to_wgs84(lon: float, lat: float) -> Position:
    """A BD-09 position back in WGS-84, to better than 1e-6 degree."""
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))


def haversine_m(from_lon: float, from_lat: float, to_lon: float, to_lat: float) -> float:
    """The great-circle distance between two positions, in metres, on the mean sphere (within 0.6 % of the ellipsoid)."""
    check_position(from_lon, from_lat)
    check_position(to_lon, to_lat)
    half_north = math.radians(to_lat - from_lat) / 2
    half_east = math.radians(to_lon - from_lon) / 2
    chord = (
        math.sin(half_north) ** 2
        + math.cos(math.radians(from_lat)) * math.cos(math.radians(to_lat)) * math.sin(half_east) ** 2
    )
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, chord)))


def bearing_deg(from_lon: float, from_lat: float, to_lon: float, to_lat: float) -> float:
    """The direction in which one sets out from the first place to the second: 0 is north, 90 east; below 360."""
    turn = math.radians(to_lon - from_lon)
    here, there = math.radians(from_lat), math.radians(to_lat)
    east = math.sin(turn) * math.cos(there)
    north = math.cos(here) * math.sin(there) - math.sin(here) * math.cos(there) * math.cos(turn)
    return math.degrees(math.atan2(east, north)) % 360


class AreaIndex:
    """Outlines of areas of one level, to ask in which one a position lies and how far its border is.

    `outlines` maps an area code to a GeoJSON polygon or multipolygon in WGS-84 (or a shapely geometry).
    """

    def __init__(self, outlines: Mapping[str, Mapping[str, Any] | BaseGeometry]) -> None:
        # Sorted, so that a point on a common border belongs to the same area whatever order the outlines came in.
        self._codes = sorted(outlines)
        self._outlines = {code: _as_geometry(outlines[code]) for code in self._codes}
        for outline in self._outlines.values():
            shapely.prepare(outline)
        self._tree = shapely.STRtree([self._outlines[code] for code in self._codes])

    @property
    def area_codes(self) -> list[str]:
        """The codes of all areas held, sorted."""
        return list(self._codes)

    def locate(self, lon: float, lat: float) -> str | None:
        """The code of the area in which the position lies; on a common border the lower code; None outside all.

        Raises    kernel.position_out_of_range
        """
        check_position(lon, lat)
        return self.locate_many([lon], [lat])[0]

    def locate_many(self, lons: Sequence[float], lats: Sequence[float]) -> list[str | None]:
        """`locate` for many positions at once, in their order; positions that are no place on earth give None."""
        found: list[str | None] = [None] * len(lons)
        which, area = self._tree.query(shapely.points(lons, lats), predicate="intersects")
        for point, hit in sorted(zip(which.tolist(), area.tolist(), strict=True), reverse=True):
            found[point] = self._codes[hit]
        return found

    def contains(self, area_code: str, lon: float, lat: float) -> bool:
        """Whether the position lies in the area or on its border.

        Raises    KeyError for an area that has no outline here, kernel.position_out_of_range
        """
        check_position(lon, lat)
        return bool(self._outlines[area_code].intersects(shapely.Point(lon, lat)))

    def distance_to_border_m(self, area_code: str, lon: float, lat: float) -> float:
        """Metres from the position to the nearest point of the area's border, from either side.

        Measured on a plane that touches the earth at the position: within 1 % up to 100 km.

        Raises    KeyError for an area that has no outline here, kernel.position_out_of_range
        """
        check_position(lon, lat)
        border = self._outlines[area_code].boundary
        north_m = math.radians(1) * EARTH_RADIUS_M
        east_m = north_m * math.cos(math.radians(lat))
        flat = shapely.transform(border, lambda points: (points - (lon, lat)) * (east_m, north_m))
        return float(shapely.distance(flat, shapely.Point(0, 0)))


def _as_geometry(outline: Mapping[str, Any] | BaseGeometry) -> BaseGeometry:
    return outline if isinstance(outline, BaseGeometry) else shape(dict(outline))


def _is_shifted(lon: float, lat: float) -> bool:
    return _SHIFTED_LON[0] <= lon <= _SHIFTED_LON[1] and _SHIFTED_LAT[0] <= lat <= _SHIFTED_LAT[1]


def _invert(shift: Callable[[float, float], Position], lon: float, lat: float) -> Position:
    """The position that `shift` moves to (lon, lat); the shift is smooth and small, so a fixed point converges."""
    check_position(lon, lat)
    if not _is_shifted(lon, lat):
        return lon, lat
    guess_lon, guess_lat = lon, lat
    for _ in range(_INVERSE_STEPS):
        seen_lon, seen_lat = shift(guess_lon, guess_lat)
        off_lon, off_lat = seen_lon - lon, seen_lat - lat
        guess_lon, guess_lat = guess_lon - off_lon, guess_lat - off_lat
        if max(abs(off_lon), abs(off_lat)) < _INVERSE_TOLERANCE:
            break
    return guess_lon, guess_lat


def _wave(value: float, *terms: tuple[float, float]) -> float:
    """Σ amplitude · sin(value · π · frequency) · 2/3, the ripple of the GCJ-02 shift."""
    return sum(amplitude * math.sin(value * math.pi * frequency) for amplitude, frequency in terms) * 2.0 / 3.0


def _north_shift(east: float, north: float) -> float:
    level = -100.0 + 2.0 * east + 3.0 * north + 0.2 * north * north + 0.1 * east * north
    return (
        level
        + 0.2 * math.sqrt(abs(east))
        + _wave(east, (20.0, 6.0), (20.0, 2.0))
        + _wave(north, (20.0, 1.0), (40.0, 1 / 3), (160.0, 1 / 12), (320.0, 1 / 30))
    )


def _east_shift(east: float, north: float) -> float:
    level = 300.0 + east + 2.0 * north + 0.1 * east * east + 0.1 * east * north
    return (
        level
        + 0.1 * math.sqrt(abs(east))
        + _wave(east, (20.0, 6.0), (20.0, 2.0), (20.0, 1.0), (40.0, 1 / 3), (150.0, 1 / 12), (300.0, 1 / 30))
    )
