"""Coordinates: shifted systems come back, positions find their area, borders their distance."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liandong.kernel import geo
from liandong.kernel.errors import Invalid

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[117.0, 36.0], [117.1, 36.0], [117.1, 36.1], [117.0, 36.1], [117.0, 36.0]]],
}
EAST_OF_IT = {
    "type": "Polygon",
    "coordinates": [[[117.1, 36.0], [117.2, 36.0], [117.2, 36.1], [117.1, 36.1], [117.1, 36.0]]],
}
OUTLINES = {"999902": EAST_OF_IT, "999901": SQUARE}
JINAN = Path(__file__).parents[3] / "shared" / "data" / "geo" / "jinan.geojson"

INSIDE_LON = st.floats(73.0, 137.0)
INSIDE_LAT = st.floats(2.0, 55.0)


@pytest.mark.parametrize(
    ("convert", "expected"),
    [  # published with the npm package coordtransform
        (geo.wgs84_to_gcj02, (116.41024449916938, 39.91640428150164)),
        (geo.gcj02_to_bd09, (116.41036949371029, 39.92133699351021)),
    ],
)
def test_published_values(convert: Any, expected: tuple[float, float]) -> None:
    assert convert(116.404, 39.915) == pytest.approx(expected, abs=1e-9)


@given(INSIDE_LON, INSIDE_LAT)
def test_shifted_positions_come_back(lon: float, lat: float) -> None:
    assert geo.gcj02_to_wgs84(*geo.wgs84_to_gcj02(lon, lat)) == pytest.approx((lon, lat), abs=1e-6)
    assert geo.bd09_to_wgs84(*geo.wgs84_to_bd09(lon, lat)) == pytest.approx((lon, lat), abs=1e-6)


@given(INSIDE_LON, INSIDE_LAT)
def test_the_shift_is_real_but_small(lon: float, lat: float) -> None:
    shifted = geo.wgs84_to_gcj02(lon, lat)
    assert 0 < geo.haversine_m(lon, lat, *shifted) < 2_000


@given(st.one_of(st.floats(-180, 71), st.floats(139, 180)), st.floats(-90, 90))
def test_outside_china_nothing_moves(lon: float, lat: float) -> None:
    for convert in (geo.wgs84_to_gcj02, geo.gcj02_to_wgs84, geo.wgs84_to_bd09, geo.bd09_to_wgs84):
        assert convert(lon, lat) == (lon, lat)


@pytest.mark.parametrize(
    ("lon", "lat"), [(180.1, 0), (-181, 0), (0, 90.5), (36.6, 117.0), (math.nan, 0), (0, math.inf)]
)
def test_no_place_on_earth(lon: float, lat: float) -> None:
    with pytest.raises(Invalid) as wrong:
        geo.check_position(lon, lat)
    assert wrong.value.code == "kernel.position_out_of_range"
    assert [error.field for error in wrong.value.field_errors]


def test_each_wrong_coordinate_is_named() -> None:
    with pytest.raises(Invalid) as wrong:
        geo.AreaIndex(OUTLINES).locate(200.0, 100.0)
    assert [error.field for error in wrong.value.field_errors] == ["lon", "lat"]


def test_haversine_of_a_degree_of_latitude() -> None:
    assert geo.haversine_m(117, 36, 117, 37) == pytest.approx(math.radians(1) * geo.EARTH_RADIUS_M)
    assert geo.haversine_m(117, 36, 117, 36) == 0


def test_a_position_finds_its_area() -> None:
    index = geo.AreaIndex(OUTLINES)
    assert index.locate(117.05, 36.05) == "999901"
    assert index.locate(117.15, 36.05) == "999902"
    assert index.locate(117.25, 36.05) is None
    assert index.locate_many([117.15, 118.0, 117.05], [36.05, 36.05, 36.05]) == ["999902", None, "999901"]


def test_a_common_border_belongs_to_the_lower_code_whatever_the_order() -> None:
    for outlines in (OUTLINES, dict(reversed(OUTLINES.items()))):
        assert geo.AreaIndex(outlines).locate(117.1, 36.05) == "999901"


def test_contains_counts_the_border_in() -> None:
    index = geo.AreaIndex(OUTLINES)
    assert index.contains("999902", 117.1, 36.05)
    assert not index.contains("999902", 117.05, 36.05)


def test_distance_to_the_border_from_both_sides() -> None:
    index = geo.AreaIndex(OUTLINES)
    expected = geo.haversine_m(117.05, 36.02, 117.05, 36.0)
    assert index.distance_to_border_m("999901", 117.05, 36.02) == pytest.approx(expected, rel=1e-6)
    assert index.distance_to_border_m("999901", 117.05, 35.98) == pytest.approx(expected, rel=1e-6)
    with pytest.raises(KeyError):
        index.distance_to_border_m("000000", 117.0, 36.0)


@pytest.fixture(scope="module")
def jinan() -> geo.AreaIndex:
    if not JINAN.exists():
        pytest.skip("the outlines of Jinan are not at hand")
    features = json.loads(JINAN.read_text(encoding="utf-8"))["features"]
    return geo.AreaIndex({one["properties"]["area_code"]: one["geometry"] for one in features})


@pytest.mark.parametrize(("lon", "lat"), [(116.9, 36.6), (117.0, 36.65), (117.8, 37.2), (116.5, 36.0)])
def test_on_real_outlines_the_distance_is_that_to_the_nearest_sampled_border_point(
    jinan: geo.AreaIndex, lon: float, lat: float
) -> None:
    for code in jinan.area_codes:
        border = jinan._outlines[code].boundary
        samples = [border.interpolate(step / 5000, normalized=True) for step in range(5001)]
        nearest = min(geo.haversine_m(lon, lat, point.x, point.y) for point in samples)
        assert jinan.distance_to_border_m(code, lon, lat) == pytest.approx(nearest, rel=0.01, abs=50)


def test_bearings_are_counted_from_north_by_east() -> None:
    for place, expected in (((117.0, 37.0), 0), ((117.1, 36.6), 90), ((117.0, 36.0), 180), ((116.9, 36.6), 270)):
        assert geo.bearing_deg(117.0, 36.6, *place) == pytest.approx(expected, abs=0.1)
