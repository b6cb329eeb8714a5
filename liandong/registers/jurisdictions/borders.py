"""The borders between districts, as lines to go along. Pure: outlines come in as GeoJSON in degrees WGS-84."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely import LineString, STRtree
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from liandong.kernel.geo import Position, haversine_m

GAP_DEG = 0.0005
"""Outlines of two districts were drawn one by one: about 50 m between them are still the same border."""
SIMPLER_DEG = 0.00005
LEAST_M = 200.0


@dataclass(frozen=True)
class Border:
    """An unbroken part of the border with another area: its line (lon, lat) and its length."""

    area_code: str
    line: tuple[Position, ...]
    length_m: float


def borders_of(area_code: str, outlines: Mapping[str, dict[str, Any]]) -> list[Border]:
    """The borders of an area with every other that has an outline, the longest first; touching in a point is none."""
    return borders_among([area_code], outlines)[area_code]


def borders_among(area_codes: Iterable[str], outlines: Mapping[str, dict[str, Any]]) -> dict[str, list[Border]]:
    """The borders of each of these areas, as `borders_of` has them. Grows with the pairs that touch, not with all pairs."""
    codes = list(outlines)
    shapes = [shape(outlines[code]) for code in codes]
    near, wide = STRtree(shapes), [None] * len(shapes)
    found = {}
    for area_code in area_codes:
        edge = shapes[codes.index(area_code)].boundary
        lines: list[Border] = []
        for at in near.query(edge, predicate="dwithin", distance=GAP_DEG).tolist():
            if codes[at] == area_code or _holds(codes[at], area_code):
                continue
            wide[at] = wide[at] or shapes[at].buffer(GAP_DEG)
            lines += [Border(codes[at], line, _length_m(line)) for line in _lines(edge.intersection(wide[at]))]
        found[area_code] = sorted((one for one in lines if one.length_m >= LEAST_M), key=lambda one: -one.length_m)
    return found


def _holds(one: str, other: str) -> bool:
    """Whether one area lies in the other by its code (GB/T 2260): these have an edge in common, but no border."""
    upper, lower = sorted((one.rstrip("0"), other.rstrip("0")), key=len)
    return lower.startswith(upper)


def _lines(common: BaseGeometry) -> list[tuple[Position, ...]]:
    parts = [part for part in shapely.get_parts(common).tolist() if isinstance(part, LineString)]
    whole = shapely.get_parts(shapely.line_merge(shapely.union_all(parts))).tolist()
    return [tuple((lon, lat) for lon, lat in line.simplify(SIMPLER_DEG).coords) for line in whole]


def _length_m(line: Sequence[Position]) -> float:
    return sum(haversine_m(*one, *other) for one, other in itertools.pairwise(line))
