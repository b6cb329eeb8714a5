"""Files of docks become evidence: when the dock reports them, or without a report when none comes."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.canonical import plain
from liandong.kernel.clock import BEIJING, CLOCKS_DIFFER_BY, now
from liandong.kernel.errors import LiandongError, Refused
from liandong.kernel.ledger import Author
from liandong.means.evidence import actions as evidence
from liandong.means.evidence.actions import Arrived
from liandong.registers.jurisdictions.queries import agency_of
from liandong.work.docks.events import FlightMediaFiled
from liandong.work.docks.files import newest_file
from liandong.work.docks.tables import Dock, DockFile
from liandong.work.drones.queries import FlownFor, aircraft_of

log = logging.getLogger(__name__)
UNREPORTED_AFTER = timedelta(hours=1)
"""A dock reports a file at once and repeats it while it is not answered."""
FILED_AT_ONCE = 200
FIRST_DAY = datetime(2015, 1, 1, tzinfo=UTC)
"""A camera that says an earlier day has lost its clock."""
KINDS = {"image/jpeg": ("flight_photo", "航拍照片"), "video/mp4": ("flight_film", "航拍录像"),
         "video/quicktime": ("flight_film", "航拍录像")}  # fmt: skip
DATA = ("flight_data", "飞行数据")


@dataclass(frozen=True)
class Report:
    """What a dock says of a file. `taken_at` by the camera's clock, place in degrees WGS-84; None: unsaid or unusable.
    `metadata`: what else it says, kept with the evidence as it was said. `expected` and `uploaded`: so many files of the
    flight does it expect, and has sent."""

    taken_at: datetime | None
    lon: float | None
    lat: float | None
    metadata: dict[str, Any]
    expected: int | None = None
    uploaded: int | None = None


UNREPORTED = Report(None, None, None, {})


async def file_reported(
    session: AsyncSession, dock: Dock, object_key: str, report: Report, flown: FlownFor | None
) -> None:
    """The file that this dock reports is evidence: of the flight it was flown for, else of a flight by hand. A report
    that is repeated changes nothing but the counts.

    One that was filed without a report is sealed once more with it: what was sealed before stands as it was.

    Raises    docks.file_missing: no such file has come
    Announces EvidenceSealed; FlightMediaFiled, once all that the dock expects of a flight are evidence
    """
    file = await newest_file(session, dock.id, object_key)
    if file is None:
        raise Refused("docks.file_missing", object_key=object_key)
    file.expected_files, file.uploaded_files = report.expected, report.uploaded
    if file.is_reported and (flown is None or file.order_id is not None):
        return
    if flown is not None:
        file.order_id, file.mission_id, file.task_id = flown.order_id, flown.mission_id, flown.task_id
        file.area_code = flown.area_code
    file.is_reported = True
    await _seal(session, dock, file, report, flown)
    if flown is not None:
        await _tell_if_whole(session, flown, report.expected)


async def _tell_if_whole(session: AsyncSession, flown: FlownFor, expected: int | None) -> None:
    # past the gate: a count that a device's own report is held to
    rows = select(func.count()).select_from(DockFile)
    evident = rows.where(DockFile.order_id == flown.order_id, DockFile.filed_at.is_not(None))
    filed = (await session.execute(evident)).scalar_one()
    if filed != expected:
        return
    fact = FlightMediaFiled(
        subject_id=flown.mission_id, subject={"number": flown.mission_number, "title": flown.mission_title},
        area_code=flown.area_code, task_id=flown.task_id, order_id=flown.order_id, flight_number=flown.flight_number,
        words=f"{flown.mission_number} 第 {flown.flight_number} 架次影像已全部归档，共 {filed} 件", filed=filed,
    )  # fmt: skip
    await ledger.record(session, fact)


async def file_unreported(session: AsyncSession, at: datetime | None = None) -> None:
    """What came long ago and was never reported is evidence all the same, and says that it was not reported.

    Announces EvidenceSealed
    """
    # past the gate: time itself files them
    rows = select(DockFile).where(DockFile.filed_at.is_(None), DockFile.received_at <= (at or now()) - UNREPORTED_AFTER)
    oldest = rows.order_by(DockFile.received_at).limit(FILED_AT_ONCE).with_for_update(skip_locked=True)
    for file in (await session.execute(oldest)).scalars().all():
        try:
            async with session.begin_nested():
                await _seal(session, await session.get_one(Dock, file.dock_id), file, UNREPORTED, None)
        except LiandongError as error:  # one that cannot be sealed does not keep the others waiting
            log.warning("a dock's file %s is not filed: %s", file.id, error)


async def _seal(session: AsyncSession, dock: Dock, file: DockFile, report: Report, flown: FlownFor | None) -> None:
    aircraft = await aircraft_of(session, file.aircraft_id)
    kind, what = KINDS.get(file.media_type, DATA)
    taken_at = usable_time(report.taken_at)
    details = {
        "aircraft": {"id": str(file.aircraft_id), "title": aircraft.title, "serial_no": aircraft.serial_no},
        "dock": {"id": str(dock.id), "title": dock.title, "serial_no": dock.serial_no},
        "flight": {"order_id": flown.order_id, "mission": flown.mission_number, "number": flown.flight_number} if flown else None,
        "object_key": file.object_key,
        "is_reported": file.is_reported,
        "time_from": "device" if taken_at else "received",
        "metadata": report.metadata,
    }  # fmt: skip
    of = (
        f"{flown.mission_number} 第 {flown.flight_number} 架次"
        if flown
        else "手动飞行"
        if file.is_reported
        else "未报告"
    )
    item = evidence.Item(
        sha256=file.sha256, purpose=f"{what}：{aircraft.title}（{of}）", caption=file.object_key.rsplit("/", 1)[-1],
        taken_at=taken_at or file.received_at, lon=report.lon, lat=report.lat, area_code=file.area_code,
        task_id=file.task_id, kind=kind, details=plain(details),
    )  # fmt: skip
    with _in_the_name_of(session, Author(None, aircraft.title, dock.agency_id, await _agency_name(session, dock))):
        await evidence.note_file(session, None, Arrived(file.sha256, file.size, file.media_type))
        file.evidence_id, file.filed_at = (await evidence.seal(session, item)).id, now()
    await session.flush()


def usable_time(said: datetime | None) -> datetime | None:
    """When a picture was taken, if the camera's clock can be right; one without a zone tells Chinese time."""
    if said is None:
        return None
    zoned = said if said.tzinfo else said.replace(tzinfo=BEIJING)
    return zoned if FIRST_DAY <= zoned <= now() + CLOCKS_DIFFER_BY else None


async def _agency_name(session: AsyncSession, dock: Dock) -> str:
    return (await agency_of(session, dock.agency_id)).short_name


@contextmanager
def _in_the_name_of(session: AsyncSession, author: Author) -> Iterator[None]:
    """Who took a picture is the aircraft, not whoever keeps the record."""
    before = session.info.get("author")
    session.info["author"] = author
    try:
        yield
    finally:
        if before is None:
            del session.info["author"]
        else:
            session.info["author"] = before
