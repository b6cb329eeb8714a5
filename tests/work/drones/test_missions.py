"""Missions: an aircraft is put on record, a mission is planned around the no-fly zones, released, flown, and written as a file."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as Tree

import pytest
from shapely.geometry import LineString, shape

from liandong.kernel.clock import beijing_today
from liandong.kernel.states import StateTable
from liandong.wires.dji.wpml import KML, WPML
from liandong.work.drones.planning.plane import Plane
from liandong.work.drones.states import MISSION_STATES, MissionState
from tests.conftest import As
from tests.seat import Body, Refusal, refused
from tests.world import BORDER_POINT, World

LON, LAT = BORDER_POINT
AIRCRAFT = {
    "title": "示例一号机",
    "model": "M3TD（示例）",
    "serial_no": "示例-0001",
    "registration_no": "UAS示例00001",
    "swath_per_height": 1.408,
    "speed_m_s": 10,
    "usable_min": 30,
    "wpml_keys": {"drone": 91, "drone_sub": 1, "payload": 81},
}


def square(half_deg: float, lon: float = LON, lat: float = LAT) -> Body:
    ring = [[lon + x * half_deg, lat + y * half_deg] for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))]
    return {"type": "Polygon", "coordinates": [ring]}


def wish(aircraft: Body, **more: Any) -> Body:
    """An area about the border point, a kilometre and a half across, flown from its south."""
    asked = {"title": "示例水源地巡飞", "kind": "area", "aircraft_id": aircraft["id"], "home": [LON, LAT - 0.012]}
    return asked | {"wanted": square(0.008)} | more


@pytest.fixture
async def aircraft(as_: As, world: World) -> Body:
    found: Body = await as_(world.east.dispatcher).post("/aircraft", AIRCRAFT)
    return found


async def test_a_mission_is_planned_around_what_must_not_be_flown_over(as_: As, world: World, aircraft: Body) -> None:
    desk, elsewhere = as_(world.east.dispatcher), as_(world.south.dispatcher)
    zone = square(0.001)
    await elsewhere.post("/no-fly-zones", {"title": "示例禁飞区", "outline": zone})  # a neighbour's binds too
    mission = await desk.post("/missions", wish(aircraft))
    assert (mission["state"], mission["aircraft_title"]) == ("drafted", "示例一号机")
    assert mission["number"].startswith("HX")
    assert len(mission["asked"]["zones"]) == 1
    flights = mission["plan"]["flights"]
    assert flights
    for flight in flights:
        assert not LineString(flight["steps"]).intersects(shape(zone))
        assert flight["steps"][0] == flight["steps"][-1] == pytest.approx([LON, LAT - 0.012], abs=1e-6)
        assert flight["minutes"] <= AIRCRAFT["usable_min"]  # type: ignore[operator]
    assert 90 < mission["plan"]["covered_percent"] < 100  # what lies in the zone is not seen
    assert shape(mission["plan"]["seen"]).is_valid


async def test_it_is_flown_by_an_officer_with_a_certificate_after_its_release(
    as_: As, world: World, aircraft: Body
) -> None:
    desk, pilot = as_(world.east.dispatcher), world.east.lin
    mission = await desk.post("/missions", wish(aircraft))
    where = f"/missions/{mission['id']}"
    assert mission["verbs"] == ["release", "cancel"]
    assert (await as_(pilot).get(where))["verbs"] == []
    with refused("drones.wrong_state", 409):
        await desk.post(f"{where}/report_flown")
    with refused("access.verb_missing", 403):
        await as_(pilot).post(f"{where}/release", {"pilot_officer_id": str(pilot.officer)})
    released = await desk.post(f"{where}/release", {"pilot_officer_id": str(pilot.officer)})
    assert (released["state"], released["height_rule"]["status"]) == ("released", "unconfirmed")
    assert released["pilot_name"] == pilot.name
    assert (await as_(pilot).get(where))["verbs"] == ["report_flown", "order"]
    assert (await as_(pilot).post(f"{where}/report_flown"))["state"] == "flown"
    with refused("drones.wrong_state", 409):
        await desk.post(f"{where}/cancel", {"reason": "示例"})


async def test_high_flights_need_a_permit_and_every_flight_a_registered_aircraft(
    as_: As, world: World, aircraft: Body
) -> None:
    desk, pilot = as_(world.east.dispatcher), {"pilot_officer_id": str(world.east.lin.officer)}
    high = await desk.post("/missions", wish(aircraft, height_m=121))
    with refused("drones.permit_missing", 409) as caught:
        await desk.post(f"/missions/{high['id']}/release", pilot)
    assert caught[0].body["rule"]["key"] == "flight.open_height"
    allowed = await desk.post(f"/missions/{high['id']}/release", pilot | {"permit_no": "示例空域〔2026〕1号"})
    assert allowed["permit_no"] == "示例空域〔2026〕1号"
    unknown = await desk.post("/aircraft", AIRCRAFT | {"serial_no": "示例-0002", "registration_no": None})
    mission = await desk.post("/missions", wish(unknown))
    with refused("drones.unregistered", 409):
        await desk.post(f"/missions/{mission['id']}/release", pilot)


async def test_a_serial_number_is_on_record_once_whoever_has_it(as_: As, world: World, aircraft: Body) -> None:
    with refused("drones.already_registered", 409):
        await as_(world.south.dispatcher).post("/aircraft", AIRCRAFT)


async def test_a_border_and_the_places_of_sources(as_: As, world: World, aircraft: Body) -> None:
    desk = as_(world.east.dispatcher)
    line = {"type": "LineString", "coordinates": [[LON - 0.01, LAT], [LON, LAT + 0.002], [LON + 0.01, LAT]]}
    border = await desk.post("/missions", wish(aircraft, kind="corridor", wanted=line, width_m=300))
    assert border["plan"]["covered_percent"] > 97
    places = await desk.post("/missions", wish(aircraft, kind="places", wanted=None, source_ids=[str(world.factory)]))
    [flight] = places["plan"]["flights"]
    assert flight["steps"][1] == pytest.approx(BORDER_POINT, abs=1e-6)
    assert (await desk.get("/missions"))["total"] == 2


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"wanted": {"type": "Polygon"}}, "drones.shape_unreadable"),
        ({"wanted": {"type": "Point", "coordinates": [LON, LAT]}}, "drones.shape_unreadable"),
        ({"wanted": {"type": "Polygon", "coordinates": [[[LON, LAT], [LON + 1, LAT + 1], [LON + 1, LAT], [LON, LAT + 1], [LON, LAT]]]}}, "drones.shape_unreadable"),
        ({"wanted": {"type": "Polygon", "coordinates": "示例"}}, "drones.shape_unreadable"),
        ({"wanted": square(0.4)}, "drones.too_far"),
        ({"wanted": square(0.15)}, "drones.battery_too_small"),
        ({"wanted": square(0.008, 200.0)}, "kernel.position_out_of_range"),
        ({"width_m": 100}, "kernel.invalid_input"),
        ({"kind": "places"}, "kernel.invalid_input"),
    ],
)  # fmt: skip
async def test_what_cannot_be_flown_says_why(as_: As, world: World, aircraft: Body, more: Body, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        await as_(world.east.dispatcher).post("/missions", wish(aircraft, **more))
    assert refusal.value.code == code, refusal.value


async def test_a_zone_that_was_set_since_forbids_the_release(as_: As, world: World, aircraft: Body) -> None:
    desk, elsewhere = as_(world.east.dispatcher), as_(world.south.dispatcher)
    mission = await desk.post("/missions", wish(aircraft))
    zone = await elsewhere.post("/no-fly-zones", {"title": "示例后设禁飞区", "outline": square(0.001)})
    pilot = {"pilot_officer_id": str(world.east.lin.officer)}
    with refused("drones.zone_since", 409):
        await desk.post(f"/missions/{mission['id']}/release", pilot)
    around = await desk.post("/missions", wish(aircraft))
    assert (await desk.post(f"/missions/{around['id']}/release", pilot))["state"] == "released", "planned around it"
    with refused("drones.zone_of_others", 403):
        await desk.post(f"/no-fly-zones/{zone['id']}/lift", {"reason": "示例"})
    await elsewhere.post(f"/no-fly-zones/{zone['id']}/lift", {"reason": "示例：通告已撤销"})
    assert await desk.get("/no-fly-zones") == []
    assert (await desk.post(f"/missions/{mission['id']}/release", pilot))["state"] == "released"
    with refused("kernel.not_found", 404):
        await elsewhere.post(f"/no-fly-zones/{zone['id']}/lift", {"reason": "示例"})


async def test_a_zone_binds_until_its_last_day_and_keeps_its_own_distance(
    as_: As, world: World, aircraft: Body
) -> None:
    desk, today = as_(world.east.dispatcher), beijing_today()
    for title, more in (
        ("示例已过期", {"valid_to_on": str(today - timedelta(days=1))}),
        ("示例今日止", {"valid_to_on": str(today), "clearance_m": 200, "basis": "示例通告"}),
    ):
        await desk.post("/no-fly-zones", {"title": title, "outline": square(0.001)} | more)
    await desk.post(
        "/no-fly-zones",
        {
            "title": "示例未起",
            "outline": square(0.001, LON, LAT + 0.1),
            "valid_from_on": str(today + timedelta(days=3)),
        },
    )
    shown = await desk.get("/no-fly-zones")
    assert [(zone["title"], zone["clearance_m"], zone["is_own"]) for zone in shown] == [
        ("示例今日止", 200, True), ("示例未起", 30, True),
    ]  # fmt: skip
    mission = await desk.post("/missions", wish(aircraft))
    plane = Plane(LON, LAT)
    zone = plane.metres(shape(square(0.001)))
    for flight in mission["plan"]["flights"]:
        assert plane.metres(LineString(flight["steps"])).distance(zone) > 199.5
    [left_out] = [one for one in mission["plan"]["left_out"] if one["why"] == "no_fly"]
    grown = plane.metres(shape(mission["plan"]["closed"]))
    assert plane.metres(shape(left_out["outline"])).within(grown.buffer(5))
    with refused("kernel.invalid_input", 422):
        backwards = {"valid_from_on": str(today), "valid_to_on": str(today - timedelta(days=1))}
        await desk.post("/no-fly-zones", {"title": "示例", "outline": square(0.001)} | backwards)


async def test_the_rule_about_height_says_how_sure_it_is(as_: As, world: World) -> None:
    rule = await as_(world.east.dispatcher).get("/flight-height-rule")
    assert (rule["key"], rule["value"], rule["status"]) == ("flight.open_height", 120, "unconfirmed")


async def test_a_place_is_photographed_once_and_a_waypoint_once(as_: As, world: World, aircraft: Body) -> None:
    desk = as_(world.east.dispatcher)
    sources = [str(world.factory), str(world.east.workshop)]
    mission = await desk.post("/missions", wish(aircraft, kind="places", wanted=None, source_ids=sources))
    assert (mission["plan"]["photos"], mission["plan"]["filmed_m"]) == (2, 0)
    for number, flight in enumerate(mission["plan"]["flights"], 1):
        answer = await desk.ask("GET", f"/missions/{mission['id']}/flights/{number}.kmz")
        packed = zipfile.ZipFile(io.BytesIO(answer.content))
        flown = Tree.fromstring(packed.read("wpmz/waylines.wpml"))  # noqa: S314  our own words
        points = [one.text for one in flown.iter(f"{{{KML}}}coordinates")]
        assert len(points) == flight["waypoints"] == len(set(points))
        done = [one.text for one in flown.iter(f"{{{WPML}}}actionActuatorFunc")]
        assert done.count("takePhoto") == flight["photos"]
        assert "startRecord" not in done


async def test_a_place_in_a_zone_is_refused(as_: As, world: World, aircraft: Body) -> None:
    desk = as_(world.east.dispatcher)
    await desk.post("/no-fly-zones", {"title": "示例禁飞区", "outline": square(0.002, LON, LAT - 0.012)})
    with refused("drones.place_in_no_fly", 409):
        await desk.post("/missions", wish(aircraft))


async def test_a_flight_is_written_for_the_aircraft(as_: As, world: World, aircraft: Body) -> None:
    desk = as_(world.east.dispatcher)
    mission = await desk.post("/missions", wish(aircraft, height_m=100))
    where = f"/missions/{mission['id']}/flights"
    answer = await desk.ask("GET", f"{where}/1.kmz")
    assert answer.headers["content-disposition"].endswith(f'{mission["number"]}-1.kmz"')
    again = await desk.ask("GET", f"{where}/1.kmz")
    assert answer.content == again.content, "what a dock downloads must have the digest that it was told"
    packed = zipfile.ZipFile(io.BytesIO(answer.content))
    assert sorted(packed.namelist()) == ["wpmz/template.kml", "wpmz/waylines.wpml"]
    flown = Tree.fromstring(packed.read("wpmz/waylines.wpml"))  # noqa: S314  our own words
    steps = mission["plan"]["flights"][0]["steps"][1:-1]
    points = [one.text or "" for one in flown.iter(f"{{{KML}}}coordinates")]
    assert [[float(part) for part in point.split(",")] for point in points] == [
        pytest.approx(one, abs=1e-7) for one in steps
    ]
    assert [one.text for one in flown.iter(f"{{{WPML}}}index")] == [str(place) for place in range(len(steps))]
    assert {one.text for one in flown.iter(f"{{{WPML}}}executeHeight")} == {"100"}
    record = [one.text for one in flown.iter(f"{{{WPML}}}actionActuatorFunc") if "Record" in (one.text or "")]
    assert record == ["startRecord", "stopRecord"] * (len(record) // 2)
    assert record, "the camera is at work on lanes, and off between them"
    template = Tree.fromstring(packed.read("wpmz/template.kml"))  # noqa: S314
    assert len(list(template.iter(f"{{{KML}}}Placemark"))) == len(steps)
    assert mission["plan"]["flights"][0]["waypoints"] == len(steps)
    with refused("drones.no_such_flight", 404):
        await desk.get(f"{where}/99.kmz")
    plain = await desk.post("/aircraft", AIRCRAFT | {"serial_no": "示例-0003", "wpml_keys": None})
    unwritten = await desk.post("/missions", wish(plain))
    with refused("drones.no_wpml_keys", 409):
        await desk.get(f"/missions/{unwritten['id']}/flights/1.kmz")


def test_every_move_of_a_mission_is_allowed_or_not() -> None:
    table: StateTable[MissionState] = MISSION_STATES
    allowed = {(before.value, verb, after.value) for before, verb, after in table.pairs() if after}
    assert allowed == {
        ("drafted", "release", "released"),
        ("drafted", "cancel", "cancelled"),
        ("released", "report_flown", "flown"),
        ("released", "cancel", "cancelled"),
    }
