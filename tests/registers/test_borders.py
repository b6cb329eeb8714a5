"""Borders between districts: found where two outlines run side by side, whoever drew them."""

from __future__ import annotations

from typing import Any

import pytest

from liandong.demo.places import DISTRICTS, outlines_of_city
from liandong.registers.jurisdictions.borders import GAP_DEG, borders_of
from tests.conftest import As
from tests.seat import refused
from tests.world import BORDER_POINT, World

KM_A_DEGREE_NORTH = 111.195


def rectangle(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def test_a_border_is_what_two_areas_share() -> None:
    found = borders_of(
        "990101",
        {
            "990101": rectangle(117.0, 36.0, 117.1, 36.1),
            "990102": rectangle(117.1002, 36.05, 117.2, 36.2),  # some 18 m between them, and half as long
            "990103": rectangle(117.1, 36.1, 117.2, 36.2),  # touches in a point
            "990104": rectangle(118.0, 36.0, 118.1, 36.1),
        },
    )
    assert [one.area_code for one in found] == ["990102"]
    assert found[0].length_m == pytest.approx(0.05 * KM_A_DEGREE_NORTH * 1000, abs=150)
    assert all(lon == pytest.approx(117.1, abs=GAP_DEG) for lon, _ in found[0].line)
    assert sum(lon == 117.1 for lon, _ in found[0].line) >= 2


def test_an_area_has_no_border_with_what_holds_it() -> None:
    inner, outer = rectangle(117.0, 36.0, 117.1, 36.1), rectangle(117.0, 36.0, 117.2, 36.2)
    assert borders_of("990101", {"990101": inner, "990100": outer}) == []


def test_the_packaged_outlines_have_their_borders_from_both_sides() -> None:
    outlines, _ = outlines_of_city()
    lengths = {
        (code, other): sum(one.length_m for one in borders_of(code, outlines) if one.area_code == other)
        for code in DISTRICTS
        for other in DISTRICTS
        if code != other
    }
    assert sum(length > 0 for length in lengths.values()) >= 6
    for (code, other), length in lengths.items():
        assert length == pytest.approx(lengths[other, code], rel=0.1, abs=400)


async def test_the_borders_of_a_district_are_told_with_their_names(as_: As, world: World) -> None:
    desk = as_(world.east.dispatcher)
    borders = await desk.get(f"/areas/{world.east.area_code}/borders")
    assert borders
    names = {area["area_code"]: area["name"] for area in await desk.get("/areas")}
    assert {one["area_code"] for one in borders} <= {district.area_code for district in world.districts}
    assert all(one["name"] == names[one["area_code"]] for one in borders)
    ends = [end for one in borders for end in (one["line"][0], one["line"][-1])]
    assert any(end == pytest.approx(BORDER_POINT, abs=0.001) for end in ends)
    with refused("kernel.not_found", 404):
        await desk.get("/areas/000000/borders")
