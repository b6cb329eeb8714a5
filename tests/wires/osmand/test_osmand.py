"""Requests as OsmAnd and Traccar Client send them, taken from real clients' forms; and what is not one."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import httpx
import msgspec
import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from liandong.kernel.clock import now
from liandong.kernel.db import Database, Role
from liandong.means.tracks.tables import Position, TrackPoint
from liandong.wires.osmand.frame import KNOT_MPS, Fix, UnreadableError, read_report
from tests.conftest import As
from tests.phone import Phone
from tests.seat import Body
from tests.world import World

AT = datetime(2026, 11, 20, 1, 2, 3, tzinfo=UTC)
CLIENT_8 = f"id=K&timestamp={int(AT.timestamp())}&lat=36.6&lon=117.0&speed=10.0&bearing=270.5&altitude=31.0&accuracy=8.0&batt=77.0"
CLIENT_9: Body = {
    "location": {
        "timestamp": "2026-11-20T01:02:03.500Z",
        "coords": {"latitude": 36.6, "longitude": 117.0, "accuracy": 8, "speed": 5.1, "heading": -1, "altitude": 31},
        "is_moving": True, "odometer": 1200, "event": "motionchange", "battery": {"level": 0.77, "is_charging": False},
        "activity": {"type": "in_vehicle"}, "extras": {},
    },
    "device_id": "K",
}  # fmt: skip


def test_traccar_client_before_9() -> None:
    report = read_report(CLIENT_8, "", b"")
    assert report.key == "K"
    assert report.fixes == [Fix(117.0, 36.6, AT, 8.0, 31.0, 270.5, 10 * KNOT_MPS)]
    assert read_report("", "application/x-www-form-urlencoded", CLIENT_8.encode()) == report


def test_traccar_client_from_9_knows_no_heading() -> None:
    report = read_report("", "application/json; charset=utf-8", msgspec.json.encode(CLIENT_9))
    at = AT + timedelta(milliseconds=500)
    assert report.fixes == [Fix(117.0, 36.6, at, 8.0, 31.0, None, 5.1)]


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("1763600523", datetime(2025, 11, 20, 1, 2, 3, tzinfo=UTC)),
        ("1763600523000", datetime(2025, 11, 20, 1, 2, 3, tzinfo=UTC)),
        ("2025-11-20T09:02:03+08:00", datetime(2025, 11, 20, 1, 2, 3, tzinfo=UTC)),
        ("2025-11-20 01:02:03", datetime(2025, 11, 20, 1, 2, 3, tzinfo=UTC)),
    ],
)
def test_times_of_all_forms(said: str, at: datetime) -> None:
    report = read_report(urlencode({"deviceid": "K", "location": "36.6,117.0", "timestamp": said}), "", b"")
    assert report.fixes == [Fix(117.0, 36.6, at)]


@pytest.mark.parametrize(
    "query",
    ["", "id=K", "lat=1&lon=2", "id=K&lat=x&lon=2", "id=K&lat=1&lon=2&timestamp=yesterday", "id=K&location=1", "&" * 70,
     "id=K&lat=1&lon=2&timestamp=1e300", "id=K&lat=1&lon=2&timestamp=nan"],
)  # fmt: skip
def test_what_is_no_report(query: str) -> None:
    with pytest.raises(UnreadableError):
        read_report(query, "", b"")


@settings(deadline=None, max_examples=300)
@given(query=st.text(max_size=200), media_type=st.sampled_from(["", "application/json"]), body=st.binary(max_size=300))
def test_garbage_is_a_report_or_unreadable(query: str, media_type: str, body: bytes) -> None:
    with suppress(UnreadableError):
        assert read_report(query, media_type, body).fixes


@settings(deadline=None, max_examples=100)
@given(data=st.data())
def test_a_truncated_or_changed_report_is_one_or_unreadable(data: st.DataObject) -> None:
    body = bytearray(msgspec.json.encode(CLIENT_9))
    place = data.draw(st.integers(0, len(body) - 1))
    body[place] = data.draw(st.integers(0, 255))
    with suppress(UnreadableError):
        assert read_report("", "application/json", bytes(body[: data.draw(st.integers(0, len(body)))])).fixes


# --- at the door -----------------------------------------------------------------------------------------------------


@pytest.fixture
async def car(as_: As, world: World) -> Body:
    found: Body = await as_(world.east.dispatcher).post("/trackers", {"kind": "vehicle", "title": "示例执法车"})
    return found


def query(key: str, at: datetime, lon: float = 117.01, lat: float = 36.61) -> str:
    return urlencode({"id": key, "lat": lat, "lon": lon, "timestamp": int(at.timestamp()), "speed": 10, "bearing": 90})


async def places(db: Database, table: type) -> list[tuple[float, float]]:
    async with db.transaction(Role.worker) as session:
        # past the gate: what stands in the table
        rows = await session.scalars(select(table).order_by(table.happened_at))
        return [(round(row.lon, 6), row.lat) for row in rows]


async def test_a_car_is_where_its_device_says(client: httpx.AsyncClient, car: Body, db: Database) -> None:
    at = now()
    for seconds, lon in ((60, 117.02), (120, 117.01), (0, 117.03)):  # the second fills a gap of the trail
        answer = await client.post(f"/api/osmand?{query(car['key'], at - timedelta(seconds=seconds), lon)}")
        assert (answer.status_code, answer.json()) == (200, {"kept": 1, "refused": []})
    assert await places(db, TrackPoint) == [(117.01, 36.61), (117.02, 36.61), (117.03, 36.61)]
    assert await places(db, Position) == [(117.03, 36.61)]


async def test_what_cannot_be_is_told_and_the_device_goes_on(
    client: httpx.AsyncClient, car: Body, app: FastAPI, db: Database
) -> None:
    ahead = await client.get(f"/api/osmand?{query(car['key'], now() + timedelta(hours=1))}")
    off_earth = await client.get(f"/api/osmand?{query(car['key'], now(), 117.0, 95.0)}")
    not_a_number = await client.get(f"/api/osmand?{query(car['key'], now(), float('nan'), 36.6)}")
    assert (ahead.status_code, ahead.json()["refused"]) == (200, ["tracks.clock_ahead"])
    assert (off_earth.status_code, off_earth.json()["refused"]) == (200, ["kernel.position_out_of_range"])
    assert (not_a_number.status_code, not_a_number.json()["refused"]) == (200, ["kernel.position_out_of_range"])
    assert app.state.telemetry.refused == {"tracks.clock_ahead": 1, "kernel.position_out_of_range": 2}
    assert await places(db, TrackPoint) == []


async def test_a_stranger_is_told_to_keep_it(client: httpx.AsyncClient, db: Database, world: World) -> None:
    answer = await client.post(f"/api/osmand?{query('nobody', now())}")
    assert (answer.status_code, answer.json()["code"]) == (401, "trackers.unknown_key")
    unreadable = await client.post("/api/osmand", content=b"\xff\x00", headers={"content-type": "text/plain"})
    assert (unreadable.status_code, unreadable.json()["code"]) == (422, "trackers.unreadable")


async def test_an_officers_own_tracker_is_followed_inside_a_task_only(
    client: httpx.AsyncClient, as_: As, world: World, db: Database
) -> None:
    luo, desk = as_(world.south.luo), as_(world.east.dispatcher)
    key = (await luo.post("/trackers/own", {"title": "示例平板"}))["key"]
    before = await client.post(f"/api/osmand?{query(key, now())}")
    assert before.json() == {"kept": 0, "refused": ["tracks.outside_task"]}
    task = await desk.draft_task(source_id=str(world.factory), mode="joint")
    await desk.assign(task, world.east.lin, world.south.luo)
    phone = Phone(luo, task)
    phone.accept()
    await phone.did(*phone.outbox)
    inside = await client.post(f"/api/osmand?{query(key, now() + timedelta(seconds=1))}")
    assert inside.json() == {"kept": 1, "refused": []}
    seen = await desk.post(f"/tasks/{task['id']}/trail", {})
    assert [point["lon"] for trail in seen for point in trail["points"]] == [117.01]


async def test_a_desk_that_is_no_officer_only_hears(client: httpx.AsyncClient, as_: As, world: World) -> None:
    key = (await as_(world.chief).post("/trackers/own", {"title": "示例平板"}))["key"]
    answer = await client.post(f"/api/osmand?{query(key, now())}")
    assert answer.json() == {"kept": 0, "refused": ["trackers.only_hears"]}
