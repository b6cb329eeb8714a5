"""The border cut in pieces of about one length, each known again as long as the outlines stay. Pure."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from uuid import UUID, uuid5

from shapely import LineString
from shapely.ops import substring

from liandong.kernel.geo import haversine_m
from liandong.registers.jurisdictions.zones import Stretch

NAMESPACE = UUID("6b0f3e0c-6f3d-5d0e-9a55-4c49414e444f")


def cut(stretches: Iterable[Stretch], piece_m: float) -> list[Stretch]:
    """Every stretch in pieces of one length, as near to `piece_m` metres as goes up, in their order."""
    return [piece for stretch in stretches for piece in _pieces(stretch, piece_m)]


def _pieces(stretch: Stretch, piece_m: float) -> list[Stretch]:
    count = max(1, math.ceil(stretch.length_m / piece_m))
    line, found = LineString(stretch.line), []
    for number in range(count):
        part = substring(line, number / count, (number + 1) / count, normalized=True)
        points = tuple((round(lon, 6), round(lat, 6)) for lon, lat in part.coords)
        length_m = sum(haversine_m(*one, *other) for one, other in itertools.pairwise(points))
        found.append(Stretch(stretch.one, stretch.other, points, length_m))
    return found


def side_id(segment: Stretch, side: str) -> UUID:
    """One side of a segment, by where it lies: the same as long as the outlines and the length of a piece are."""
    begin, end = segment.line[0], segment.line[-1]
    return uuid5(NAMESPACE, f"{side} {segment.one} {segment.other} {begin} {end}")
