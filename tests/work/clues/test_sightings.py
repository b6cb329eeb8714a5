"""What is seen on a live picture is a clue with its snapshot, its place and its film."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from liandong.kernel.clock import now
from liandong.kernel.db import Database, Role
from liandong.kernel.geo import haversine_m
from liandong.means.ground.aims import Aim, aim_of
from liandong.means.tracks.keeper import Keeper
from liandong.means.tracks.points import Kind, Point, milliseconds
from liandong.means.video.reports import Picture, stream_went_live
from tests.conftest import As
from tests.phone import Phone
from tests.seat import Body, Seat, refused
from tests.wires.phone.test_positions import fix
from tests.work.drones.test_missions import AIRCRAFT
from tests.world import BORDER_POINT, World

JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000") + b"\xff\xd9"
SEEN = {"description": "示例：白色泡沫带", "element": "water"}


async def on_site(as_: As, world: World, desk: Seat, db: Database) -> tuple[Phone, Body]:
    """An officer of the east who goes live from a task, and his stream."""
    task = await desk.assign(await desk.draft_task(), world.east.lin, world.east.luo)
    phone = Phone(as_(world.east.lin), task)
    await phone.did(phone.accept())
    await phone.seat.post(f"/tasks/{task['id']}/site_ticket")
    (stream,) = await desk.get("/streams")
    return phone, stream


async def snapshot(desk: Seat, stream: Body, db: Database, at: datetime) -> str:
    """A sealed picture of this stream."""
    async with db.transaction(Role.worker) as session:
        await stream_went_live(session, stream["id"], Picture("avc1.42c01f", 320, 180))
    files = {"file": ("示例.jpg", JPEG, "image/jpeg")}
    filed = await desk._said(
        "POST", f"/streams/{stream['id']}/snapshots", data={"shown_at": at.isoformat()}, files=files
    )
    return str(filed["evidence_id"])


async def test_a_sighting_lies_where_the_carrier_was_unless_it_is_pointed_out(
    as_: As, world: World, db: Database
) -> None:
    desk = as_(world.east.dispatcher)
    phone, stream = await on_site(as_, world, desk, db)
    picture = await snapshot(desk, stream, db, now())
    at = now()
    fixes = [fix(at - timedelta(seconds=9), 116.80, 36.60), fix(at - timedelta(seconds=2), *BORDER_POINT)]
    await phone.seat.post("/positions", {"task_id": phone.task_id, "fixes": fixes})
    asked = {**SEEN, "shown_at": at.isoformat(), "snapshot_id": picture}

    clue = await desk.post(f"/streams/{stream['id']}/sightings", asked)
    assert (clue["kind"], clue["place_from"], clue["snapshot_id"]) == ("sighting", "carrier", picture)
    assert (clue["lon"], clue["lat"]) == pytest.approx(BORDER_POINT, abs=1e-6)
    assert clue["stream_id"] == stream["id"] and clue["handle_by_on"]

    pointed = await desk.post(f"/streams/{stream['id']}/sightings", {**asked, "lon": 116.81, "lat": 36.61})
    assert (pointed["place_from"], pointed["lon"]) == ("pointed", 116.81)

    long_ago = {**asked, "shown_at": (at - timedelta(minutes=5)).isoformat()}
    unplaced = await desk.post(f"/streams/{stream['id']}/sightings", long_ago)
    assert (unplaced["place_from"], unplaced["lon"], unplaced["area_code"]) == (None, None, stream["area_code"])


async def test_what_an_aircraft_shows_lies_where_its_camera_looked(
    as_: As,
    world: World,
    db: Database,
    kept_by: Keeper,
) -> None:
    desk = as_(world.east.dispatcher)
    stream = await desk.post("/streams", {"kind": "drone", "title": "示例无人机"})
    aircraft = await desk.post("/aircraft", AIRCRAFT)
    dock = {"title": "示例机场", "serial_no": "7CTDSAMPLE1", "lon": BORDER_POINT[0], "lat": BORDER_POINT[1]}
    await desk.post("/docks", dock | {"aircraft_id": aircraft["id"], "stream_id": stream["id"]})
    picture, at = await snapshot(desk, stream, db, now()), now()

    def there(seconds_ago: int, aim: Aim | None) -> Point:
        at_ms = milliseconds(at) - seconds_ago * 1000
        return Point(UUID(aircraft["id"]), Kind.aircraft, "990101", None, at_ms, *BORDER_POINT, aim=aim)

    ahead, sky = aim_of(90, -45, 0, 100, 1.4), aim_of(90, 30, 0, 100, 1.4)
    await kept_by.keep([there(40, ahead), there(20, sky), there(0, None)])

    async def sighted(seconds_ago: int) -> Body:
        shown = {"shown_at": (at - timedelta(seconds=seconds_ago)).isoformat(), "snapshot_id": picture}
        return dict(await desk.post(f"/streams/{stream['id']}/sightings", SEEN | shown))

    seen = await sighted(41)
    assert seen["place_from"] == "camera"
    assert haversine_m(*BORDER_POINT, seen["lon"], seen["lat"]) == pytest.approx(100, abs=1), "ahead, not below"
    for seconds_ago in (20, 1):
        assert (await sighted(seconds_ago))["place_from"] == "carrier", "the sky is no place; unsaid is unknown"


async def test_a_clip_hangs_on_its_clue_once(as_: As, world: World, db: Database) -> None:
    desk = as_(world.east.dispatcher)
    _, stream = await on_site(as_, world, desk, db)
    picture, other = await snapshot(desk, stream, db, now()), await snapshot(desk, stream, db, now())
    asked = {**SEEN, "shown_at": now().isoformat(), "snapshot_id": picture}
    clue = await desk.post(f"/streams/{stream['id']}/sightings", asked)
    for _ in range(2):  # asked again, because the answer was lost
        assert (await desk.post(f"/clues/{clue['id']}/clip", {"evidence_id": other}))["clip_id"] == other
    with refused("clues.clip_attached", 409):
        await desk.post(f"/clues/{clue['id']}/clip", {"evidence_id": picture})
    facts = await desk.get("/ledger", subject_id=clue["id"])
    assert [one["name"] for one in facts].count("ClueClipAttached") == 1
    plain = await desk.post("/clues", {"kind": "patrol", "description": "示例"})
    with refused("clues.no_sighting", 409):
        await desk.post(f"/clues/{plain['id']}/clip", {"evidence_id": other})


async def test_a_picture_that_is_not_ones_own_to_see_makes_no_clue(as_: As, world: World, db: Database) -> None:
    desk, south = as_(world.east.dispatcher), as_(world.south.dispatcher)
    _, stream = await on_site(as_, world, desk, db)
    picture = await snapshot(desk, stream, db, now())
    asked = {**SEEN, "shown_at": now().isoformat(), "snapshot_id": picture}
    with refused("kernel.not_found", 404):
        await south.post(f"/streams/{stream['id']}/sightings", asked)
    theirs = await south.post("/streams", {"kind": "drone", "title": "示例无人机"})
    with refused("evidence.unknown", 404):
        await south.post(f"/streams/{theirs['id']}/sightings", asked)
    with refused("kernel.position_incomplete", 422):
        await desk.post(f"/streams/{stream['id']}/sightings", {**asked, "lon": 116.8})
