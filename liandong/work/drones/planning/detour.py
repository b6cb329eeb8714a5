"""Ways around no-fly zones: the shortest chain of straight legs between the corners of zones grown by the clearance."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Sequence
from functools import cached_property

import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from liandong.kernel.errors import Refused
from liandong.work.drones.planning.shapes import Ground, Step

ROOM_M = 1.0
"""Corners lie so far outside the clearance, so that a leg from corner to corner does not graze it."""


class Detours:
    """The ways between any two places over one ground."""

    def __init__(self, ground: Ground) -> None:
        self.closed: BaseGeometry = shapely.union_all([zone.outline.buffer(zone.clearance_m) for zone in ground.no_fly])
        self.kept_out = self.closed.buffer(ROOM_M)
        """Where no lane may lie: a lane that ends on the edge of what is closed touches it."""
        shapely.prepare(self.closed)
        corners = self.closed.buffer(2 * ROOM_M, quad_segs=2).simplify(ROOM_M / 2)
        self._grown = [part for part in shapely.get_parts(corners).tolist() if isinstance(part, Polygon)]

    def is_free(self, start: Step, end: Step) -> bool:
        """Whether the straight leg keeps its distance from every zone."""
        return not self.closed.intersects(LineString([start, end]) if start != end else Point(start))

    def way(self, start: Step, end: Step) -> list[Step]:
        """The steps after `start` up to and with `end`.

        Raises    drones.place_in_no_fly, drones.no_way_around
        """
        if start == end:
            return []
        if self.is_free(start, end):
            return [end]
        for place in (start, end):
            if not self.is_free(place, place):
                raise Refused("drones.place_in_no_fly")
        return self._around(start, end)

    @cached_property
    def _corners(self) -> list[Step]:
        outside = [(x, y) for part in self._grown for x, y in part.exterior.coords[:-1]]
        return [corner for corner in outside if self.is_free(corner, corner)]

    @cached_property
    def _between_corners(self) -> dict[Step, list[Step]]:
        seen: dict[Step, list[Step]] = {corner: [] for corner in self._corners}
        for one, other in itertools.combinations(self._corners, 2):
            if self.is_free(one, other):
                seen[one].append(other)
                seen[other].append(one)
        return seen

    def _around(self, start: Step, end: Step) -> list[Step]:
        from_start = [corner for corner in self._corners if self.is_free(start, corner)]
        to_end = {corner for corner in self._corners if self.is_free(corner, end)}
        queue: list[tuple[float, Step, tuple[Step, ...]]] = [(math.dist(start, one), one, (one,)) for one in from_start]
        heapq.heapify(queue)
        done: set[Step] = set()
        while queue:
            length, here, steps = heapq.heappop(queue)
            if here == end:
                return list(steps)
            if here in done:
                continue
            done.add(here)
            onward: Sequence[Step] = [*self._between_corners.get(here, ()), *([end] if here in to_end else [])]
            for following in onward:
                heapq.heappush(queue, (length + math.dist(here, following), following, (*steps, following)))
        raise Refused("drones.no_way_around")
