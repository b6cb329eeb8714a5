"""Routes: whatever is asked, no leg touches a no-fly zone, no battery is flown empty, and what was asked for is seen."""

from __future__ import annotations

import dataclasses
import itertools
import math

import pytest
import shapely
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPoint, Point, Polygon

from liandong.kernel.errors import Refused
from liandong.work.drones.planning.plane import Plane
from liandong.work.drones.planning.plans import plan_area, plan_corridor, plan_places
from liandong.work.drones.planning.shapes import Flying, Ground, NoFly, Plan

FLYING = Flying(swath_m=140.8, overlap=0.2, speed_m_s=10.0, usable_min=40.0)
"""A camera that sees 140.8 m across from 100 m, twenty per cent overlap."""
HOME = Point(0, -2500)


@st.composite
def areas(draw: st.DrawFn) -> Polygon:
    """A star-shaped area about the origin, some hundred metres to two kilometres across, hollows and all."""
    count = draw(st.integers(4, 10))
    reach = [draw(st.floats(250, 1200)) for _ in range(count)]
    turns = [2 * math.pi * number / count for number in range(count)]
    return Polygon([(r * math.cos(turn), r * math.sin(turn)) for r, turn in zip(reach, turns, strict=True)])


@st.composite
def zones(draw: st.DrawFn) -> tuple[NoFly, ...]:
    """Up to three round zones anywhere about, some over each other, each with a clearance of its own, none over home."""
    found = []
    for _ in range(draw(st.integers(0, 3))):
        middle = Point(draw(st.floats(-1500, 1500)), draw(st.floats(-1500, 1500)))
        found.append(NoFly(middle.buffer(draw(st.floats(20, 400))), draw(st.floats(10, 100))))
    return tuple(found)


def legs(plan: Plan) -> list[LineString]:
    return [
        LineString(pair) for flight in plan.flights for pair in itertools.pairwise(flight.steps) if pair[0] != pair[1]
    ]


def assert_can_be_flown(plan: Plan, ground: Ground) -> None:
    """Kept clear of every zone, home at both ends, within the battery, and the lengths are what the steps say."""
    for zone in ground.no_fly:
        assert all(leg.distance(zone.outline) > zone.clearance_m - 0.5 for leg in legs(plan))
    for flight in plan.flights:
        assert flight.steps[0] == flight.steps[-1] == (ground.home.x, ground.home.y)
        assert flight.minutes <= FLYING.usable_min + 1e-6
        flown = sum(math.dist(*pair) for pair in itertools.pairwise(flight.steps))
        assert flight.length_m == pytest.approx(flown, rel=1e-6)
        assert flight.minutes == pytest.approx(flown / FLYING.speed_m_s / 60, rel=1e-6)
        assert len(flight.is_at_work) == len(flight.steps) - 1


@settings(max_examples=60, deadline=None)
@given(areas(), zones())
def test_an_area_is_seen_and_zones_are_left_alone(area: Polygon, no_fly: tuple[NoFly, ...]) -> None:
    ground = Ground(HOME, no_fly)
    reachable = area.difference(_grown(ground))
    if reachable.area < 100:  # the zones leave nothing over
        return
    plan = plan_area(area, ground, FLYING)
    assert_can_be_flown(plan, ground)
    missed = reachable.difference(plan.seen).area / reachable.area if reachable.area else 0
    assert missed < 0.1, f"{missed:.1%} of what may be seen is not"


def _grown(ground: Ground) -> Polygon:
    whole: Polygon = Polygon()
    for zone in ground.no_fly:
        whole = whole.union(zone.outline.buffer(zone.clearance_m + 1.5))
    return whole


@st.composite
def convex_areas(draw: st.DrawFn) -> Polygon:
    """A convex area from sixty metres to two kilometres across, slanted in every direction."""
    size, count = draw(st.floats(60, 1500)), draw(st.integers(3, 9))
    # to the micrometre: no coordinate that people or devices write is finer
    corners = [tuple(round(draw(st.floats(-1, 1)) * size, 6) for _ in "xy") for _ in range(count)]
    hull = MultiPoint(corners).convex_hull
    assume(isinstance(hull, Polygon) and hull.area > 500 and shapely.minimum_clearance(hull) > 1)
    return hull


@settings(max_examples=100, deadline=None)
@given(convex_areas(), st.sampled_from([0.0, 0.2, 0.7]))
def test_a_convex_area_is_seen_whole(area: Polygon, overlap: float) -> None:
    flying = dataclasses.replace(FLYING, overlap=overlap)
    plan = plan_area(area, Ground(HOME), flying)
    assert area.difference(plan.seen).area / area.area < 0.001
    assert plan.covered_percent >= 99.9
    assert plan.left_out == () or sum(one.shape.area for one in plan.left_out) < 0.001 * area.area


def test_what_is_left_out_is_shown_with_its_reason() -> None:
    area = Point(0, 0).buffer(600)
    zone = NoFly(Point(0, 0).buffer(200), 50)
    plan = plan_area(area, Ground(HOME, (zone,)), FLYING)
    assert plan.closed.equals(zone.outline.buffer(50))
    missed = {one.why: one.shape for one in plan.left_out}
    assert missed["no_fly"].within(plan.closed.buffer(2))
    assert sum(shape.area for shape in missed.values()) == pytest.approx(area.difference(plan.seen).area, abs=2)
    told = 100 - 100 * sum(shape.area for shape in missed.values()) / area.area
    assert plan.covered_percent == pytest.approx(told, abs=0.1)


def test_without_zones_nothing_is_missed_and_little_is_flown_twice() -> None:
    area = Polygon([(0, 0), (2000, -300), (2600, 900), (1200, 1500), (-200, 1000)])
    plan = plan_area(area, Ground(Point(1000, 500)), FLYING)
    assert plan.covered_percent > 99.9
    at_work = sum(
        math.dist(*pair)
        for flight in plan.flights
        for pair, works in zip(itertools.pairwise(flight.steps), flight.is_at_work, strict=True)
        if works
    )
    assert at_work < 1.1 * area.area / FLYING.spacing_m


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-500, 500), min_size=2, max_size=8), st.floats(50, 600), zones())
@example([0.0, 0.0], 50.0, (NoFly(Point(-1144, 0).buffer(256), 100.0),))  # a zone shuts the whole line
def test_a_border_is_seen_as_wide_as_asked(bends: list[float], width_m: float, no_fly: tuple[NoFly, ...]) -> None:
    line = LineString([(number * 600 - 1500, bend) for number, bend in enumerate(bends)])
    ground = Ground(HOME, no_fly)
    corridor = line.buffer(width_m / 2, cap_style="flat").difference(_grown(ground))
    try:
        plan = plan_corridor(line, width_m, ground, FLYING)
    except Refused as refused:
        if refused.code == "drones.nothing_to_see" and corridor.area < 0.02 * width_m * line.length:
            return  # the zones leave nothing over but corners
        raise
    assert_can_be_flown(plan, ground)
    if corridor.area:
        assert corridor.intersection(plan.seen).area / corridor.area > 0.9
    if not no_fly:
        assert plan.covered_percent > 97


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(-2000, 2000), st.floats(-2000, 2000)), min_size=1, max_size=12), zones())
def test_every_place_is_visited_or_the_plan_refused(
    places: list[tuple[float, float]], no_fly: tuple[NoFly, ...]
) -> None:
    ground, points = Ground(HOME, no_fly), [Point(place) for place in places]
    inside = any(zone.outline.distance(point) <= zone.clearance_m for zone in no_fly for point in points)
    if inside:
        with pytest.raises(Refused, match="place_in_no_fly"):
            plan_places(points, ground, FLYING)
        return
    plan = plan_places(points, ground, FLYING)
    assert_can_be_flown(plan, ground)
    steps = {step for flight in plan.flights for step in flight.steps}
    assert all((point.x, point.y) in steps for point in points)
    assert plan.covered_percent == 100.0


def test_what_no_battery_reaches_is_refused() -> None:
    with pytest.raises(Refused, match="battery_too_small"):
        plan_places([Point(0, 20_000)], Ground(HOME), FLYING)


def test_where_there_is_no_way_out_it_is_said() -> None:
    ring = Point(0, 0).buffer(900).difference(Point(0, 0).buffer(500))
    with pytest.raises(Refused, match="no_way_around"):
        plan_places([Point(0, 0)], Ground(HOME, (NoFly(ring),)), FLYING)


@settings(deadline=None)
@given(st.floats(116, 118), st.floats(36, 38.5), st.floats(-20_000, 20_000), st.floats(-20_000, 20_000))
def test_the_plane_leads_there_and_back(lon: float, lat: float, east: float, north: float) -> None:
    plane = Plane(lon, lat)
    place = plane.degrees(Point(east, north))
    again = plane.metres(place)
    assert math.dist((again.x, again.y), (east, north)) < 0.001
    origin = plane.metres(Point(lon, lat))
    assert math.dist((origin.x, origin.y), (0, 0)) < 0.001
