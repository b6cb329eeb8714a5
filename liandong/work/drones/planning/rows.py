"""The rows in which a part of an area is flown, each as long as its strip needs to be to see the edge whole."""

from __future__ import annotations

import math
from collections.abc import Iterator

import shapely
from shapely import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

from liandong.work.drones.planning.shapes import Flying

LEAST_LANE_M = 1.0
CORNER_SHARE = 0.98
"""Of the round end of a strip this much is counted on: the circle is kept as a polygon that lies a little inside."""


def rows_over(part: Polygon, kept_out: BaseGeometry, flying: Flying) -> Iterator[list[LineString]]:
    """Row by row from the lowest y, the stretches to fly, all parallel to the x axis, each at least a metre long.

    A row answers for a band as high as the rows are apart. Without `kept_out` its strip sees all of the part that lies
    in this band, so that together they see the part.
    """
    low_x, low_y, high_x, high_y = part.bounds
    count = max(1, math.ceil((high_y - low_y) / flying.spacing_m))
    first = (low_y + high_y) / 2 - (count - 1) / 2 * flying.spacing_m
    for number in range(count):
        height = first + number * flying.spacing_m
        half = flying.spacing_m / 2 + 1e-6
        band = part.intersection(box(low_x - 1, height - half, high_x + 1, height + half))
        spans = _joined([_span(piece, height, flying.swath_m / 2) for piece in _polygons(band)])
        yield [stretch for span in spans for stretch in _free(span, height, kept_out)]


def _span(piece: Polygon, height: float, reach_m: float) -> tuple[float, float]:
    """From where to where one has to fly at this height, so that every corner of the piece is seen.

    Between two corners the edge is straight and the end of a strip bulges outwards: who sees both sees what is between.
    """
    starts, ends = list[float](), list[float]()
    for x, y in shapely.get_coordinates(piece).tolist():
        ahead = math.sqrt(max(0.0, (CORNER_SHARE * reach_m) ** 2 - (y - height) ** 2))
        starts.append(x + ahead)
        ends.append(x - ahead)
    start, end = min(starts), max(ends)
    crossed = piece.intersection(LineString([(piece.bounds[0] - 1, height), (piece.bounds[2] + 1, height)]))
    if not crossed.is_empty:  # never shorter than the area is here
        start, end = min(start, crossed.bounds[0]), max(end, crossed.bounds[2])
    if end - start < LEAST_LANE_M:
        middle = (start + end) / 2
        return middle - LEAST_LANE_M / 2, middle + LEAST_LANE_M / 2
    return start, end


def _joined(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The same spans, those that touch made one, from left to right."""
    joined: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _free(span: tuple[float, float], height: float, kept_out: BaseGeometry) -> Iterator[LineString]:
    stretch = LineString([(span[0], height), (span[1], height)]).difference(kept_out)
    for part in shapely.get_parts(stretch).tolist():
        if isinstance(part, LineString) and part.length >= LEAST_LANE_M - 1e-6:
            yield part


def _polygons(shape: BaseGeometry) -> list[Polygon]:
    return [part for part in shapely.get_parts(shape).tolist() if isinstance(part, Polygon) and part.area > 0]
