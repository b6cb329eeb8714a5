"""Lanes over what is to be seen: to and fro over a polygon, along a border, or around each of some places."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

import shapely
from shapely import LineString, Point, Polygon, affinity
from shapely.geometry.base import BaseGeometry

from liandong.work.drones.planning.rows import rows_over
from liandong.work.drones.planning.shapes import Flying, Lane, Step


def over_area(area: BaseGeometry, kept_out: BaseGeometry, flying: Flying, home: Point) -> list[Lane]:
    """To and fro over every part of an area, in the direction that needs the fewest lanes, cell after cell.

    A cell is what can be flown without going around anything; the cell that begins nearest is next. Lanes reach past
    the edge where the strip would miss a slanted corner otherwise, but never into what is `kept_out`.
    """
    left = [cell for part in _polygons(area) for cell in _cells(part, kept_out, flying)]
    here, lanes = (home.x, home.y), list[Lane]()
    while left:
        ways = [(way, cell) for cell in left for way in _ways_to_fly(cell)]
        way, chosen = min(ways, key=lambda one: math.dist(here, one[0][0].start))
        left.remove(chosen)
        lanes += way
        here = way[-1].end
    return lanes


def along_line(line: LineString, width_m: float, free: BaseGeometry, flying: Flying) -> list[Lane]:
    """As many passes along a line as its corridor needs, each in the direction in which the one before ended.

    `free` is where lanes may lie.
    """
    passes = max(1, math.ceil((width_m - flying.swath_m) / flying.spacing_m) + 1)
    offsets = [(number - (passes - 1) / 2) * flying.spacing_m for number in range(passes)]
    lanes: list[Lane] = []
    for number, offset in enumerate(offsets):
        aside = line if offset == 0 else line.offset_curve(offset, join_style="round", quad_segs=4)
        stretches = [lane for part in _lines(aside.simplify(1.0).intersection(free)) for lane in _legs(part)]
        lanes += stretches if number % 2 == 0 else [Lane(one.end, one.start) for one in reversed(stretches)]
    return lanes


def over_places(places: Sequence[Point], home: Point) -> list[Lane]:
    """A lane of no length over each place, in a short order from home: the nearest next, then untangled."""
    left, here, order = list(places), home, []
    while left:
        nearest = min(left, key=here.distance)
        left.remove(nearest)
        order.append(nearest)
        here = nearest
    return [Lane((one.x, one.y), (one.x, one.y)) for one in _untangled(order, home)]


def _cells(part: Polygon, kept_out: BaseGeometry, flying: Flying) -> list[list[Lane]]:
    """The rows of a part, cut into cells where a row has another number of stretches than the one before."""
    angle = _best_angle(part)
    turned, shut = affinity.rotate(part, -angle, origin=(0, 0)), affinity.rotate(kept_out, -angle, origin=(0, 0))
    cells: list[list[LineString]] = []
    before: list[tuple[LineString, list[LineString]]] = []
    for row in rows_over(turned, shut, flying):
        now = []
        for stretch in row:
            above = [(one, cell) for one, cell in before if _overlap(one, stretch)]
            if len(above) == 1 and sum(_overlap(above[0][0], other) for other in row) == 1:
                cell = above[0][1]
            else:
                cell = []
                cells.append(cell)
            cell.append(stretch)
            now.append((stretch, cell))
        before = now
    return [[_turned_back(stretch, angle) for stretch in cell] for cell in cells]


def _overlap(one: LineString, other: LineString) -> bool:
    (from_x, _, to_x, _), (other_from, _, other_to, _) = one.bounds, other.bounds
    return bool(from_x < other_to and other_from < to_x)


def _turned_back(stretch: LineString, angle: float) -> Lane:
    ends = sorted(stretch.coords)
    back = affinity.rotate(LineString([ends[0], ends[-1]]), angle, origin=(0, 0))
    return Lane(_step(back.coords[0]), _step(back.coords[-1]))


def _ways_to_fly(cell: list[Lane]) -> Iterator[list[Lane]]:
    """From each of its four corners."""
    for rows in (cell, cell[::-1]):
        for parity in (0, 1):
            yield [lane if number % 2 == parity else Lane(lane.end, lane.start) for number, lane in enumerate(rows)]


def _best_angle(part: Polygon) -> float:
    """Degrees by which the area is longest: along it there are the fewest turns."""
    box = shapely.minimum_rotated_rectangle(part)
    if not isinstance(box, Polygon):
        return 0.0
    corners = list(box.exterior.coords)
    longest = max(itertools.pairwise(corners), key=lambda pair: math.dist(*pair))
    return math.degrees(math.atan2(longest[1][1] - longest[0][1], longest[1][0] - longest[0][0]))


def _legs(line: LineString) -> list[Lane]:
    steps = list(line.coords)
    return [Lane(_step(start), _step(end)) for start, end in itertools.pairwise(steps) if start != end]


def _step(place: tuple[float, ...]) -> Step:
    return place[0], place[1]


def _lines(shape: BaseGeometry) -> list[LineString]:
    return [part for part in shapely.get_parts(shape).tolist() if isinstance(part, LineString) and part.length > 0]


def _polygons(shape: BaseGeometry) -> list[Polygon]:
    return [part for part in shapely.get_parts(shape).tolist() if isinstance(part, Polygon) and part.area > 0]


def _untangled(order: list[Point], home: Point) -> list[Point]:
    """The same places; no two legs can be exchanged for shorter ones (2-opt)."""
    tour, is_better = [home, *order, home], True
    while is_better:
        is_better = False
        for start in range(1, len(tour) - 2):
            for end in range(start + 1, len(tour) - 1):
                before = tour[start - 1].distance(tour[start]) + tour[end].distance(tour[end + 1])
                after = tour[start - 1].distance(tour[end]) + tour[start].distance(tour[end + 1])
                if after < before - 1e-6:
                    tour[start : end + 1] = tour[start : end + 1][::-1]
                    is_better = True
    return tour[1:-1]
