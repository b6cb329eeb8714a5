"""What a dock brings home: put into the store over a real connection, reported over a real broker, and evidence at last."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from liandong.demo.dock.photos import Photo
from liandong.demo.dock.simulator import SimulatedDock
from liandong.kernel.clock import BEIJING, now
from liandong.kernel.db import Database, Role
from liandong.kernel.jobs import Worker
from liandong.wires.dji.server import Listener
from liandong.work.docks.filing import FIRST_DAY, file_unreported, usable_time
from liandong.work.docks.tables import DockFile
from tests.seat import Body, Seat
from tests.wires.dji.test_flights import at, desk, dock, ended, listener, mission, order, served, stream, until
from tests.world import BORDER_POINT

_FIXTURES = (at, desk, dock, listener, mission, served, stream)
HAND = [Photo("DJI_0001_V.jpeg", *BORDER_POINT), Photo("DJI_0002_V.jpeg", 0, 0)]


async def media_of(desk: Seat, mission: Body, count: int) -> list[Body]:
    async def found() -> list[Body] | None:
        media: list[Body] = (await desk.get(f"/missions/{mission['id']}/media"))["media"]
        return media if len(media) == count else None

    listed: list[Body] = await until(found)
    return listed


async def by_hand(desk: Seat) -> list[Body]:
    [shown] = await desk.get("/docks")
    found: list[Body] = await desk.get(f"/docks/{shown['id']}/media")
    return found


async def test_the_photographs_of_an_ordered_flight_are_evidence_of_its_mission(
    desk: Seat, dock: SimulatedDock, listener: Listener, mission: Body, worker: Worker
) -> None:
    await dock.begin()
    given = await order(desk, mission)
    await ended(desk, mission)
    media = await media_of(desk, mission, mission["plan"]["photos"])
    assert len(media) == 2
    steps = [pytest.approx(step, abs=1e-6) for step in mission["plan"]["flights"][0]["steps"][1:-1]]
    for one in media:
        sealed = one["evidence"]
        assert (one["order_id"], one["is_reported"], sealed["kind"]) == (given["id"], True, "flight_photo")
        assert [sealed["lon"], sealed["lat"]] in steps
        assert sealed["taker_name"] == "示例一号机"
        assert sealed["purpose"] == f"航拍照片：示例一号机（{mission['number']} 第 1 架次）"
        assert (sealed["details"]["time_from"], sealed["details"]["dock"]["title"]) == ("device", "示例机场")
        assert sealed["details"]["metadata"]["gimbal_yaw_degree"] == -91.4
        said = datetime.strptime(sealed["details"]["metadata"]["create_time"], "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007
        assert datetime.fromisoformat(sealed["taken_at"]) == said.replace(tzinfo=BEIJING), "said without a zone"
        answer = await desk.ask("GET", f"/evidence/{sealed['id']}/file")
        assert hashlib.sha256(answer.content).hexdigest() == sealed["sha256"]
        assert answer.headers["content-type"] == "image/jpeg"
    [counts] = (await desk.get(f"/missions/{mission['id']}/media"))["flights"]
    assert counts == {"order_id": given["id"], "filed": 2, "expected": 2, "uploaded": 2}
    assert not listener.desk.refused, listener.desk.refused
    await worker.drain()
    told = [fact["words"] for fact in await desk.get("/ledger", subject_id=mission["id"])]
    assert f"{mission['number']} 第 1 架次影像已全部归档，共 2 件" in told


async def test_what_was_flown_by_hand_is_filed_with_the_dock(
    desk: Seat, dock: SimulatedDock, listener: Listener, mission: Body, db: Database
) -> None:
    await dock.begin()
    assert await dock.bring("", HAND) == [0, 0]
    assert await dock.bring(mission["id"], HAND[:1]) == [0], "a flight that was not ordered here"
    media = await by_hand(desk)
    assert [(one["order_id"], one["is_reported"]) for one in media] == [(None, True)] * 3
    places = [(one["evidence"]["lon"], one["evidence"]["lat"]) for one in media]
    assert places.count((None, None)) == 1, "0, 0 is no place"
    assert places.count(pytest.approx(BORDER_POINT)) == 2  # type: ignore[arg-type]
    assert {one["evidence"]["purpose"] for one in media} == {"航拍照片：示例一号机（手动飞行）"}
    assert listener.desk.refused == {"dji.flight_unknown": 1}
    again = dock.uploaded("", f"{dock.serial_no}/manual/{HAND[0].name}", HAND[0], 1, 2)
    assert await dock.ask("events", "file_upload_callback", again) == {"result": 0}
    assert len(await by_hand(desk)) == 3, "a report that is repeated changes nothing"
    async with db.transaction(Role.worker) as session:
        assert len((await session.scalars(select(DockFile))).all()) == 3


async def test_nothing_is_lost_whatever_of_file_and_report_is_late(
    desk: Seat, dock: SimulatedDock, listener: Listener, mission: Body, db: Database
) -> None:
    first, second = (f"DJI_{number:04}_V.jpeg" for number in (1, 2))
    dock.wishes.swallows = {first, f"-{second}"}
    await dock.begin()
    given = await order(desk, mission)
    await ended(desk, mission)

    async def is_refused() -> bool:
        return listener.desk.refused["docks.file_missing"] >= 2  # it said so again with the next

    await until(is_refused)
    assert await desk.get(f"/missions/{mission['id']}/media") == {"flights": [], "media": []}
    async with db.transaction(Role.worker) as session:
        await file_unreported(session)  # it came a moment ago: its report may be on the way
    assert await by_hand(desk) == []
    async with db.transaction(Role.worker) as session:
        await file_unreported(session, now() + timedelta(hours=2))
        await file_unreported(session, now() + timedelta(hours=2))
    [unreported] = await by_hand(desk)
    sealed = unreported["evidence"]
    assert (unreported["is_reported"], sealed["caption"], sealed["details"]["time_from"]) == (False, second, "received")
    late = dock.uploaded(given["id"], sealed["details"]["object_key"], Photo(second, *BORDER_POINT), 2, 2)
    assert await dock.ask("events", "file_upload_callback", late) == {"result": 0}
    [found] = await media_of(desk, mission, 1)
    assert found["evidence"]["id"] != sealed["id"], "what was sealed stands as it was"
    assert await by_hand(desk) == []
    assert (await desk.get(f"/evidence/{sealed['id']}"))["details"]["is_reported"] is False
    dock.wishes.swallows = set()
    assert await dock.report_files() == [1], "it still has not sent it"
    assert await dock.bring(given["id"], [Photo(first, *BORDER_POINT)]) == [0, 0]
    await media_of(desk, mission, 2)
    [counts] = (await desk.get(f"/missions/{mission['id']}/media"))["flights"]
    assert (counts["filed"], counts["expected"]) == (2, 2)


async def test_a_dock_that_is_not_on_record_is_told_of_no_store(
    desk: Seat, dock: SimulatedDock, listener: Listener
) -> None:
    await dock.begin()
    answer = await dock.ask("requests", "storage_config_get", {"module": 1})
    assert answer == {"result": 1}
    told = await dock.ask("requests", "storage_config_get", {"module": 0})
    assert told["output"]["object_key_prefix"] == dock.serial_no
    assert told["output"]["credentials"]["expire"] == 3600
    body = b'{"tid":"t","bid":"b","method":"storage_config_get","data":{"module":0}}'
    outcome = await listener.desk.take("thing/product/7CTDUNKNOWN/requests", body)
    assert outcome.answer is not None
    assert outcome.answer.body["data"] == {"result": 1}
    assert listener.desk.refused == {"dji.not_offered": 1, "docks.unknown": 1}


@pytest.mark.parametrize("said", [None, datetime(1970, 1, 1), datetime.min, datetime.max, datetime(2014, 12, 31)])  # noqa: DTZ001, DTZ901
def test_a_camera_that_has_lost_its_clock_is_not_believed(said: datetime | None) -> None:
    assert usable_time(said) is None
    assert usable_time(now() + timedelta(minutes=3)) is None
    assert usable_time(FIRST_DAY) == FIRST_DAY
    assert usable_time(datetime(2026, 1, 1)) == datetime(2025, 12, 31, 16, tzinfo=UTC)  # noqa: DTZ001
