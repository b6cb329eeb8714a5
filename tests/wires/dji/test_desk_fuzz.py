"""A dock that says nonsense harms nothing: what is spoilt is read or refused and counted, and the next good word is taken."""

from __future__ import annotations

import asyncio
import copy
import json
import random
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import select

from liandong.kernel.db import Database, Role
from liandong.kernel.health import until_stopped
from liandong.means.evidence.tables import Evidence
from liandong.wires.dji import frame
from liandong.wires.dji.desk import Desk
from liandong.work.docks.files import Received, note_received
from tests.conftest import As
from tests.seat import digest
from tests.wires.dji.test_docks import EAST, EAST_AIRCRAFT
from tests.work.drones.test_missions import AIRCRAFT
from tests.world import World

NOW_MS = 1_780_000_000_000
WORDS: dict[str, Any] = {"tid": "t", "bid": "b", "timestamp": NOW_MS, "gateway": EAST}
FLYING = {"latitude": 36.6527, "longitude": 116.9001, "height": 130.2, "attitude_head": 90, "horizontal_speed": 9.8}
CAPACITY = {
    "device_list": [
        {"sn": EAST_AIRCRAFT, "camera_list": [{"camera_index": "81-0-0", "video_list": [{"video_index": "normal-0"}]}]}
    ]
}
PROGRESS = {
    "result": 0,
    "output": {
        "status": "in_progress",
        "progress": {"current_step": 24, "percent": 43},
        "ext": {"flight_id": "5f0d6c1e-0000-4000-8000-000000000000", "current_waypoint_index": 3},
    },
}
UPLOADED: dict[str, Any] = {
    "file": {
        "object_key": f"{EAST}/flight/DJI_0001.jpeg",
        "name": "DJI_0001.jpeg",
        "ext": {"flight_id": "5f0d6c1e-0000-4000-8000-000000000000", "is_original": True},
        "metadata": {
            "absolute_altitude": 56.3,
            "gimbal_yaw_degree": "-91.40",
            "create_time": "2026-05-08 16:04:20",
            "shoot_position": {"lat": 36.65, "lng": 116.9},
        },
    },
    "flight_task": {"expected_file_count": 14, "flight_type": 0, "uploaded_file_count": 12},
}
SAID: list[tuple[str, dict[str, Any]]] = [
    (
        f"sys/product/{EAST}/status",
        {**WORDS, "method": "update_topo", "data": {"sub_devices": [{"sn": EAST_AIRCRAFT}]}},
    ),
    (f"thing/product/{EAST_AIRCRAFT}/osd", {**WORDS, "data": FLYING}),
    (f"thing/product/{EAST}/state", {**WORDS, "data": {"live_capacity": CAPACITY}}),
    (f"thing/product/{EAST}/state", {**WORDS, "data": {"live_status": [{"video_id": "v", "status": 1}]}}),
    (f"thing/product/{EAST}/services_reply", {**WORDS, "method": "return_home", "data": {"result": 0}}),
    (f"thing/product/{EAST}/events", {**WORDS, "need_reply": 1, "method": "flighttask_progress", "data": PROGRESS}),
    (
        f"thing/product/{EAST}/events",
        {**WORDS, "need_reply": 1, "method": "hms", "data": {"list": [{"code": "0x16100083"}]}},
    ),
    (
        f"thing/product/{EAST}/events",
        {**WORDS, "need_reply": 1, "method": "file_upload_callback", "data": UPLOADED},
    ),
    (f"thing/product/{EAST}/requests", {**WORDS, "method": "airport_bind_status", "data": {"devices": [{"sn": EAST}]}}),
    (
        f"thing/product/{EAST}/requests",
        {**WORDS, "method": "airport_organization_get", "data": {"device_binding_code": "c"}},
    ),
    (f"thing/product/{EAST}/requests", {**WORDS, "method": "storage_config_get", "data": {"module": 0}}),
    (f"thing/product/{EAST}/requests", {**WORDS, "method": "config", "data": {"config_type": "json"}}),
]
ODD: list[Any] = [
    None, True, -1, 0.5, 2**63, -(2**70), 1e308, "", "0", "NaN", "\x00", "x" * 5000, "空", [], {}, [[]], [{}], {"": None},
    NOW_MS + 10**12, -NOW_MS, 91.0, 181.0, [1] * 300,
]  # fmt: skip
ROUNDS = 500


def spoilt(body: dict[str, Any], chance: random.Random) -> bytes:
    """The message with something in it replaced, left out, doubled, or cut off."""
    broken = copy.deepcopy(body)
    for _ in range(chance.choice((1, 1, 2, 4))):
        holder, key = chance.choice(list(_places(broken)))
        deed = chance.random()
        if deed < 0.7:
            holder[key] = copy.deepcopy(chance.choice(ODD))
        elif deed < 0.85:
            del holder[key]
        elif isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
    said = json.dumps(broken).encode()
    if chance.random() < 0.1:
        said = said[: chance.randrange(len(said))]
    if chance.random() < 0.05:
        at = chance.randrange(len(said) or 1)
        said = said[:at] + chance.randbytes(3) + said[at + 1 :]
    return said


def _places(holder: Any) -> Any:
    """Everything in a message that can be changed: what holds it, and under which key."""
    pairs = holder.items() if isinstance(holder, dict) else enumerate(holder)
    for key, value in list(pairs):
        yield holder, key
        if isinstance(value, (dict, list)):
            yield from _places(value)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_whatever_a_dock_says_the_next_good_word_is_taken(seed: int, as_: As, db: Database, world: World) -> None:
    aircraft = await as_(world.east.dispatcher).post("/aircraft", {**AIRCRAFT, "serial_no": EAST_AIRCRAFT})
    place = {"title": "示例机场", "serial_no": EAST, "lon": 116.9, "lat": 36.65, "aircraft_id": aircraft["id"]}
    dock = UUID((await as_(world.east.dispatcher).post("/docks", place))["id"])
    chance, clock = random.Random(seed), NOW_MS  # noqa: S311 -- the same spoils every time
    desk = Desk(db, lambda: clock)
    for round_ in range(ROUNDS):
        if round_ % 5 == 0:
            content = str(round_).encode()
            file = Received(UPLOADED["file"]["object_key"], digest(content), len(content), "0" * 32, content)
            async with db.transaction(Role.worker) as session:
                await note_received(session, dock, file)
        topic, body = chance.choice(SAID)
        before = desk.taken.total() + desk.refused.total()
        outcome = await desk.take(topic, spoilt(body, chance))
        assert desk.taken.total() + desk.refused.total() > before, "what comes is taken, or counted with its reason"
        if outcome.answer is not None:
            json.dumps(outcome.answer.body)
        if round_ % 50 == 0:
            clock += 61_000  # whoever announced the aircraft by mistake is silent by now
            await desk.take(*_said(0))
            good = (await desk.take(*_said(1))).point
            assert good is not None and (good.lon, good.lat) == (116.9001, 36.6527)
    assert desk.refused["dji.unreadable"] > 20
    async with db.transaction(Role.worker) as session:
        sealed = (await session.scalars(select(Evidence))).all()
    assert len(sealed) > 5, "files whose report is partly nonsense are evidence all the same"
    too_large = json.dumps({**WORDS, "data": {"x": "y" * 300_000}}).encode()
    await desk.take(SAID[2][0], too_large)
    assert desk.refused["dji.too_large"] == 1


async def test_a_database_that_is_away_costs_the_message_and_not_the_listener(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(db, lambda: NOW_MS)
    with monkeypatch.context() as away:

        def gone(*_: object) -> None:
            raise psycopg.OperationalError("the connection is lost")

        away.setattr(db, "transaction", gone)
        for place in (1, 5, 8):
            assert await desk.take(*_said(place)) == (None, None)
    assert desk.refused["kernel.database_unavailable"] == 3
    assert (await desk.take(*_said(8))).answer is not None


@pytest.mark.parametrize("index", [2**31, 2**40, -1, 65_536])
def test_a_waypoint_that_no_route_has_is_unsaid(index: int) -> None:
    said = copy.deepcopy(SAID[5][1])
    said["data"]["output"]["ext"]["current_waypoint_index"] = index
    assert frame.progress(frame.read(SAID[5][0], json.dumps(said).encode())).waypoint is None


async def test_work_that_breaks_ends_its_process() -> None:
    async def broken() -> None:
        raise RuntimeError("示例")

    with pytest.raises(RuntimeError, match="示例"):
        await until_stopped(asyncio.Event(), asyncio.create_task(broken()))
    stop, work = asyncio.Event(), asyncio.create_task(asyncio.sleep(60))
    stop.set()
    await until_stopped(stop, work)
    work.cancel()


def _said(place: int) -> tuple[str, bytes]:
    topic, body = SAID[place]
    return topic, json.dumps(body).encode()
