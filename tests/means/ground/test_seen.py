"""The ground that a camera saw, held against what can be worked out another way."""

from __future__ import annotations

import math
from contextlib import suppress

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import Polygon

from liandong.kernel.errors import Invalid
from liandong.means.ground.aims import LIVE_RATIO, Aim, aim_of
from liandong.means.ground.seen import COARSEST_M, FARTHEST_M, LIVE_WIDTH_PX, Ring, ground_aimed_at, ground_seen

LON, LAT = 117.12, 36.66
WIDE = 1.408
"""A metre away the wide camera of the docks' aircraft shows 1.408 m across."""
EARTH = Geod(ellps="WGS84")

aims = st.builds(
    aim_of,
    yaw_deg=st.floats(-360, 360),
    pitch_deg=st.floats(-120, 60),
    roll_deg=st.floats(-45, 45),
    height_m=st.floats(5, 400),
    across=st.floats(0.05, 3),
    zoom=st.floats(1, 20),
)


def metres(place: tuple[float, float]) -> tuple[float, float]:
    """East and north of the aircraft, on the ellipsoid."""
    bearing, _, length = EARTH.inv(LON, LAT, *place)
    return length * math.sin(math.radians(bearing)), length * math.cos(math.radians(bearing))


def extent(ring: Ring) -> tuple[float, float, float, float]:
    """West, south, east, north, in metres from the aircraft."""
    return Polygon([metres(corner) for corner in ring]).bounds


def test_straight_down_it_is_what_the_lens_shows_at_that_height() -> None:
    """140.8 m across at 100 m is what the planning of missions reckons with for the same camera."""
    seen = ground_seen(LON, LAT, aim_of(0, -90, 0, 100, WIDE))
    assert seen is not None
    assert extent(seen) == pytest.approx((-70.4, -39.6, 70.4, 39.6), abs=0.4)
    turned = ground_seen(LON, LAT, aim_of(90, -90, 0, 100, WIDE))
    assert turned is not None
    assert extent(turned) == pytest.approx((-39.6, -70.4, 39.6, 70.4), abs=0.4)


def test_slanting_it_lies_ahead_and_widens_with_the_distance() -> None:
    seen = ground_seen(LON, LAT, aim_of(90, -45, 0, 60, WIDE))
    assert seen is not None
    west, south, east, north = extent(seen)
    half = math.degrees(math.atan(WIDE * LIVE_RATIO / 2))
    assert west == pytest.approx(60 * math.tan(math.radians(45 - half)), rel=0.01)
    assert east == pytest.approx(60 * math.tan(math.radians(45 + half)), rel=0.01)
    assert -south == pytest.approx(north, rel=0.01)


@pytest.mark.parametrize("pitch", [-10, 0, 5])
def test_towards_the_horizon_it_ends_where_nothing_can_be_made_out(pitch: float) -> None:
    seen = ground_seen(LON, LAT, aim_of(0, pitch, 0, 100, WIDE))
    assert seen is not None
    assert extent(seen)[3] == pytest.approx(math.sqrt((COARSEST_M * LIVE_WIDTH_PX / WIDE) ** 2 - 100**2), rel=0.02)


def test_zoom_narrows_it_and_reaches_farther() -> None:
    wide, narrow = (ground_seen(LON, LAT, aim_of(0, -8, 0, 100, WIDE, zoom)) for zoom in (1, 7))
    assert wide is not None and narrow is not None
    assert extent(narrow)[2] < extent(wide)[2]
    assert extent(narrow)[3] > extent(wide)[3]
    assert aim_of(0, -90, 0, 100, WIDE, 0.5) == aim_of(0, -90, 0, 100, WIDE), "a zoom below one widens nothing"


@pytest.mark.parametrize(
    "aim",
    [
        pytest.param(aim_of(0, 60, 0, 100, WIDE), id="at the sky"),
        pytest.param(aim_of(0, -90, 0, 0.4, WIDE), id="on the ground"),
        pytest.param(aim_of(0, -90, 0, -20, WIDE), id="below its place of take-off"),
        pytest.param(aim_of(0, -90, 0, 3_000, WIDE), id="too high to make anything out"),
    ],
)
def test_nothing_is_seen(aim: Aim) -> None:
    assert ground_seen(LON, LAT, aim) is None
    assert ground_aimed_at(LON, LAT, aim) is None


def test_the_middle_of_the_picture() -> None:
    at = ground_aimed_at(LON, LAT, aim_of(180, -45, 0, 100, WIDE))
    assert at is not None
    assert metres(at) == pytest.approx((0, -100), abs=0.6)
    assert ground_aimed_at(LON, LAT, aim_of(180, -2, 0, 100, WIDE)) is None


@settings(deadline=None)
@given(aims)
def test_every_corner_is_in_the_picture_and_the_middle_is_inside(aim: Aim) -> None:
    seen, middle = ground_seen(LON, LAT, aim), ground_aimed_at(LON, LAT, aim)
    assert (middle is None) or (seen is not None) or aim.height_m * aim.across < 2
    assume(seen is not None)
    assert seen is not None
    shape = Polygon([metres(corner) for corner in seen])
    assert shape.is_valid
    assert shape.exterior.is_ccw
    assert shape.equals(shape.convex_hull) or shape.convex_hull.area == pytest.approx(shape.area, rel=1e-3)
    reach = min(FARTHEST_M, COARSEST_M * LIVE_WIDTH_PX / aim.across)
    assert all(math.hypot(*corner, aim.height_m) <= reach * 1.01 for corner in shape.exterior.coords)
    for corner in shape.exterior.coords:
        across, upright = in_picture(aim, (corner[0], corner[1]))
        assert abs(across) <= aim.across / 2 + 0.02 and abs(upright) <= aim.upright / 2 + 0.02
    if middle is not None:
        assert shape.buffer(shape.length / 50).contains(Polygon([metres(middle)] * 4).centroid)


def in_picture(aim: Aim, place: tuple[float, float]) -> tuple[float, float]:
    """Where a place on the ground is in the picture, by turning the world instead of the camera."""
    east, north, up = place[0], place[1], -aim.height_m
    yaw, pitch, roll = (math.radians(angle) for angle in (aim.yaw_deg, aim.pitch_deg, aim.roll_deg))
    right, ahead = east * math.cos(yaw) - north * math.sin(yaw), east * math.sin(yaw) + north * math.cos(yaw)
    depth, above = ahead * math.cos(pitch) + up * math.sin(pitch), up * math.cos(pitch) - ahead * math.sin(pitch)
    level, risen = right * math.cos(roll) - above * math.sin(roll), above * math.cos(roll) + right * math.sin(roll)
    assert depth > 0
    return level / depth, risen / depth


@settings(deadline=None)
@given(st.floats(), st.floats(), st.floats(), st.floats(), st.floats(), st.floats())
def test_whatever_a_device_says_is_an_aim_or_refused(
    yaw: float, pitch: float, roll: float, height: float, across: float, zoom: float
) -> None:
    aim = None
    with suppress(Invalid):
        aim = aim_of(yaw, pitch, roll, height, across, zoom)
    for lat in (0.0, 90.0, -90.0) if aim else ():
        seen = ground_seen(180.0, lat, aim)
        assert seen is None or all(map(math.isfinite, (value for corner in seen for value in corner)))
