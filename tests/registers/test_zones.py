"""The zone on both sides of a border: who lies in it, measured against the sphere and against all pairs."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liandong.kernel.geo import EARTH_RADIUS_M, Position, haversine_m
from liandong.registers.jurisdictions.zones import Placed, Stretch, Zone, districts_of, in_zones, stretches_between
from tests.world import BORDER_POINT, square

METRE_DEG = math.degrees(1 / EARTH_RADIUS_M)
MERIDIAN = Stretch("a", "b", (BORDER_POINT, (BORDER_POINT[0], BORDER_POINT[1] + 0.1)), 11_000)


@settings(deadline=None)
@given(metres=st.floats(-3000, 3000), north=st.floats(0.02, 0.08), band=st.integers(1, 2500))
def test_a_place_is_in_the_zone_exactly_within_its_band(metres: float, north: float, band: int) -> None:
    """The border runs along a meridian: what the plane says is what the sphere says."""
    lat = BORDER_POINT[1] + north
    lon = BORDER_POINT[0] + metres * METRE_DEG / math.cos(math.radians(lat))
    true = haversine_m(lon, lat, BORDER_POINT[0], lat)
    found = in_zones([Zone(MERIDIAN, band)], [Placed("it", "b", (lon, lat))])
    if abs(true - band) < 0.002 * band + 0.1:
        return
    assert ("it" in found) == (true < band)
    if found:
        assert found["it"].distance_m == pytest.approx(true, rel=2e-3, abs=0.1)
    assert in_zones([Zone(MERIDIAN, band)], [Placed("it", "c", (lon, lat))]) == {}


PLACES = st.tuples(st.floats(116.9, 117.1), st.floats(36.5, 36.7))
STRETCHES = st.builds(
    lambda sides, line: Stretch(sides[0], sides[1], tuple(line), 0),
    st.sampled_from([("a", "b"), ("b", "c"), ("a", "c")]), st.lists(PLACES, min_size=2, max_size=4, unique=True),
)  # fmt: skip


@settings(deadline=None)
@given(
    zones=st.lists(st.builds(Zone, STRETCHES, st.floats(10, 9000)), max_size=5),
    places=st.lists(st.tuples(st.sampled_from("abcd"), PLACES), max_size=20),
)
def test_the_nearest_of_ones_own_borders_counts(zones: list[Zone], places: list[tuple[str, Position]]) -> None:
    """The same as measuring every place against every border of its district, one by one."""
    asked = [Placed(number, *place) for number, place in enumerate(places)]
    found = in_zones(zones, asked)
    for place in asked:
        alone = [
            (near.distance_m, number)
            for number, zone in enumerate(zones)
            for near in in_zones([zone], [place]).values()
        ]
        expected = min(alone, default=None)
        assert (place.key in found) == (expected is not None)
        if expected is not None:
            assert found[place.key].distance_m == pytest.approx(expected[0])
            assert place.district in zones[found[place.key].zone].stretch.sides


def test_a_board_of_one_district_has_all_its_borders() -> None:
    known = {"990101": square(117.0, 36.6), "990102": square(117.0, 36.5), "990109": square(119.0, 36.5)}
    assert [(one.one, one.other) for one in stretches_between(["990101"], known)] == [("990101", "990102")]
    assert stretches_between(["990101", "990109"], known) == []
    assert stretches_between([], known) == []


def test_an_area_lies_in_the_narrowest_district_that_holds_it() -> None:
    codes = ["990101", "990101003", "990102", "990200", "980101"]
    assert districts_of(codes, ["990100", "990101"]) == {
        "990101": "990101", "990101003": "990101", "990102": "990100",
    }  # fmt: skip
