"""Positions as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liandong.kernel.errors import Invalid
from liandong.kernel.geo import haversine_m, wgs84_to_bd09, wgs84_to_gcj02
from liandong.registers.sources.places import read_position, split_pair

HERE = (106.3, 38.475)


@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        ("106.3", "38.475"),
        (" 106.3 ", "３８.475"),
        ("106°18′0″", "38°28'30\""),
        ("东经106度18分", "北纬38度28分30秒"),
        ("E106.3", "38.475N"),
        ("38.475", "106.3"),
        ("106°18", "38°28.5′"),
    ],
)
def test_a_position_has_many_spellings(lon: str, lat: str) -> None:
    assert read_position(lon, lat) == pytest.approx(HERE, abs=1e-7)


@pytest.mark.parametrize(
    "text",
    [
        "106.3,38.475",
        "106.3，38.475",
        "106.3 38.475",
        "(106.3;38.475)",
        "E106°18′0″N38°28′30″",
        "东经106°18′ 北纬38°28′30″",
    ],
)
def test_a_position_may_stand_in_one_cell(text: str) -> None:
    assert read_position(*split_pair(text)) == pytest.approx(HERE, abs=1e-7)


@pytest.mark.parametrize(("lon", "lat"), [("", ""), ("-", "无"), ("0", "0"), ("0.0", "0")])
def test_no_position_is_none(lon: str, lat: str) -> None:
    assert read_position(lon, lat) is None


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        ("106.3", "", "kernel.position_incomplete"),
        ("河边", "38", "import.number_unreadable"),
        ("106°61′", "38", "import.number_unreadable"),
        ("206.3", "38", "kernel.position_out_of_range"),
        ("106.3", "95", "kernel.position_out_of_range"),
    ],
)
def test_what_is_no_position_is_refused(lon: str, lat: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_position(lon, lat)
    assert refused.value.code == code


@given(st.floats(75, 130), st.floats(20, 50))
def test_another_datum_is_taken_back_only_when_it_is_said(lon: float, lat: float) -> None:
    for datum, shift in (("gcj02", wgs84_to_gcj02), ("bd09", wgs84_to_bd09)):
        shown = shift(lon, lat)
        found = read_position(repr(shown[0]), repr(shown[1]), datum)
        assert found is not None
        assert haversine_m(*found, lon, lat) < 0.5
        assert read_position(repr(shown[0]), repr(shown[1])) == shown
