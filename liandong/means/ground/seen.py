"""Which ground a camera saw: its pyramid of sight cut with the ground, as far as anything can be made out there.

The ground is taken as flat, at the height of the place that the aircraft took off from: over hills it is an
approximation. What is coarser than COARSEST_M a pixel, or beyond FARTHEST_M, does not count as seen, so a view of
the horizon has an end.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from liandong.kernel.geo import EARTH_RADIUS_M
from liandong.means.ground.aims import Aim

Ring = tuple[tuple[float, float], ...]
"""Corners (lon, lat) of a convex shape, anticlockwise, the first not said again at the end."""
Flat = tuple[float, float]
"""Metres east and north of the aircraft."""
Arrow = tuple[float, float, float]
"""East, north, up."""

LIVE_WIDTH_PX = 1280
COARSEST_M = 0.5
"""Metres of ground in a pixel of the live picture: a lorry is then a dozen pixels long."""
FARTHEST_M = 2_000.0
"""However much it zooms: beyond, haze and what stands in the way decide, and nobody says what they let through."""
LEAST_HEIGHT_M = 5.0
"""Lower it stands, or lands: it shows the place it stands on."""
ROUND_CORNERS = 24
LEAST_M2 = 1.0


class Axes(NamedTuple):
    """Where a camera looks, what is right in its picture, and what is up."""

    ahead: Arrow
    right: Arrow
    up: Arrow


def ground_seen(lon: float, lat: float, aim: Aim) -> Ring | None:
    """The ground that is in the picture and can be made out; None when none is."""
    corners = _disc(_reach_m(aim))
    for side in _sides(aim):
        corners = _cut(corners, side, aim.height_m)
    if _area_m2(corners) < LEAST_M2:
        return None
    return tuple(_degrees(lon, lat, corner) for corner in corners)


def ground_aimed_at(lon: float, lat: float, aim: Aim) -> tuple[float, float] | None:
    """The place (lon, lat) in the middle of the picture; None when it is too far to make anything out, or sky."""
    ahead = _axes(aim).ahead
    reach_m = _reach_m(aim)
    if reach_m == 0 or ahead[2] >= 0:
        return None
    scale = aim.height_m / -ahead[2]
    place = (ahead[0] * scale, ahead[1] * scale)
    return _degrees(lon, lat, place) if math.hypot(*place) <= reach_m else None


def _reach_m(aim: Aim) -> float:
    """How far from the place below the aircraft things can be made out; 0: nowhere."""
    slant_m = min(FARTHEST_M, COARSEST_M * LIVE_WIDTH_PX / aim.across)
    if aim.height_m < LEAST_HEIGHT_M or slant_m <= aim.height_m:
        return 0.0
    return math.sqrt(slant_m**2 - aim.height_m**2)


def _axes(aim: Aim) -> Axes:
    yaw, pitch, roll = (math.radians(angle) for angle in (aim.yaw_deg, aim.pitch_deg, aim.roll_deg))
    ahead = (math.sin(yaw) * math.cos(pitch), math.cos(yaw) * math.cos(pitch), math.sin(pitch))
    level = (math.cos(yaw), -math.sin(yaw), 0.0)
    above = _across(level, ahead)
    return Axes(ahead, _mixed(level, math.cos(roll), above, -math.sin(roll)),
                _mixed(above, math.cos(roll), level, math.sin(roll)))  # fmt: skip


def _sides(aim: Aim) -> list[Arrow]:
    """The four planes through the camera that bound the picture; each arrow points inwards."""
    ahead, right, up = _axes(aim)
    wide, high = aim.across / 2, aim.upright / 2
    return [
        _mixed(ahead, half, aside, sign) for half, aside in ((wide, right), (high, up)) for sign in (1.0, -1.0)
    ]  # fmt: skip


def _disc(radius_m: float) -> list[Flat]:
    if radius_m == 0:
        return []
    angles = [2 * math.pi * number / ROUND_CORNERS for number in range(ROUND_CORNERS)]
    return [(radius_m * math.cos(angle), radius_m * math.sin(angle)) for angle in angles]


def _cut(corners: Sequence[Flat], side: Arrow, height_m: float) -> list[Flat]:
    """What of a convex shape on the ground is on the inner side of a plane through the camera."""
    depths = [side[0] * east + side[1] * north - side[2] * height_m for east, north in corners]
    kept: list[Flat] = []
    for place, (corner, depth) in enumerate(zip(corners, depths, strict=True)):
        before, depth_before = corners[place - 1], depths[place - 1]
        if (depth < 0) != (depth_before < 0):
            share = depth_before / (depth_before - depth)
            kept.append((before[0] + share * (corner[0] - before[0]), before[1] + share * (corner[1] - before[1])))
        if depth >= 0:
            kept.append(corner)
    return kept


def _area_m2(corners: Sequence[Flat]) -> float:
    turns = (
        corners[place - 1][0] * corner[1] - corner[0] * corners[place - 1][1] for place, corner in enumerate(corners)
    )
    return sum(turns) / 2


def _degrees(lon: float, lat: float, place: Flat) -> tuple[float, float]:
    """On a plane that touches the earth at the aircraft: over a kilometre true to a metre."""
    north_m = math.radians(1) * EARTH_RADIUS_M
    east_m = north_m * max(math.cos(math.radians(lat)), 0.01)
    return lon + place[0] / east_m, lat + place[1] / north_m


def _across(one: Arrow, other: Arrow) -> Arrow:
    return (
        one[1] * other[2] - one[2] * other[1],
        one[2] * other[0] - one[0] * other[2],
        one[0] * other[1] - one[1] * other[0],
    )


def _mixed(one: Arrow, much: float, other: Arrow, little: float) -> Arrow:
    return (
        one[0] * much + other[0] * little,
        one[1] * much + other[1] * little,
        one[2] * much + other[2] * little,
    )
