"""Inspections of a ledger: each visit with its source, its officers and the campaign it belongs to."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.intake.files import FileReport, LedgerFile, LedgerRow
from liandong.intake.references import OfficerBook, SourceBook
from liandong.kernel.bulk import merge
from liandong.kernel.cells import clean_code, split_list
from liandong.kernel.clock import beijing_day, now, start_of_day
from liandong.kernel.ids import new_id
from liandong.kernel.imports import RowRejected
from liandong.registers.jurisdictions import divisions

COLUMNS = (
    "id", "number", "state", "origin", "kind", "mode", "source_id", "campaign_id", "officer_ids", "inspected_on",
    "arrived_at", "ended_at", "submitted_at", "received_at", "conclusion", "area_code",
)  # fmt: skip
CHANGING = (
    "kind", "mode", "source_id", "campaign_id", "officer_ids", "inspected_on", "arrived_at", "ended_at", "submitted_at",
    "conclusion", "area_code",
)  # fmt: skip
FEWEST_OFFICERS = 2


@dataclass(frozen=True, slots=True)
class Visit:
    """One inspection as its row tells it; `problem_count` is what the row says, to be compared later."""

    row: int
    number: str
    kind: str
    mode: str
    source_id: UUID | None
    campaign: str | None
    officer_ids: tuple[UUID, ...]
    inspected_on: date
    arrived_at: datetime
    ended_at: datetime | None
    conclusion: str | None
    area_code: str
    problem_count: str


@dataclass
class Books:
    """What the rows of work refer to."""

    sources: SourceBook
    officers: OfficerBook
    area: str

    def area_of(self, row: LedgerRow) -> str | None:
        """The division that a row states; one that is no code is noted and taken as missing."""
        stated = clean_code(row.raw("area_code"))
        if stated is None:
            return None
        if not divisions.is_code(stated):
            row.remark("area_code", stated, "jurisdictions.area_unknown", area_code=stated)
            return None
        return stated[: divisions.COUNTY_DIGITS]


def read_visits(file: LedgerFile, books: Books) -> list[Visit]:
    """The usable inspections of a file, each number once."""
    found: dict[str, Visit] = {}
    for row in file.rows():
        try:
            visit = _read(row, books)
        except RowRejected as rejected:
            file.report.reject(row.number, rejected.field, rejected.value, rejected.code, **rejected.values)
            continue
        first = found.get(visit.number)
        if first is None:
            found[visit.number] = visit
        elif _same(first, visit):
            file.report.unchanged += 1
            file.report.note(row.number, "number", visit.number, "sources.duplicate", row=first.row)
        else:
            file.report.reject(row.number, "number", visit.number, "import.repeated_differs", row=first.row)
    return list(found.values())


def _same(one: Visit, other: Visit) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in Visit.__slots__ if name != "row")


def _read(row: LedgerRow, books: Books) -> Visit:
    inspected_on, arrived_at = _when(row)
    stated = books.area_of(row)
    source = books.sources.find(row, stated)
    area = stated or (source.area_code if source else None)
    if area is None:
        raise row.rejected("area_code", "sources.area_missing")
    ended_at = row.instant("ended_at", inspected_on)
    if ended_at is not None and ended_at < arrived_at:
        row.remark("ended_at", row.raw("ended_at"), "kernel.days_out_of_order")
        ended_at = None
    campaign = row.text("campaign")
    return Visit(
        row=row.number,
        number=row.text("number") or _number_from(row),
        kind=row.choice("kind") or ("campaign" if campaign else "routine"),
        mode=row.choice("mode") or "local",
        source_id=source.id if source else None,
        campaign=campaign,
        officer_ids=_officers(row, books, area),
        inspected_on=inspected_on,
        arrived_at=arrived_at,
        ended_at=ended_at,
        conclusion=row.text("conclusion"),
        area_code=area,
        problem_count=row.raw("problem_count").strip(),
    )


def _when(row: LedgerRow) -> tuple[date, datetime]:
    """The day of the visit and the instant of the arrival; the day comes from the arrival if it is not given."""
    day = row.day("inspected_on")
    arrived_at = row.instant("arrived_at", day)
    if day is None and arrived_at is None:
        raise row.rejected("inspected_on", "import.date_unreadable", value=row.raw("inspected_on"))
    if day is None and arrived_at is not None:
        day = beijing_day(arrived_at)
    assert day is not None
    if arrived_at is None:
        return day, start_of_day(day)
    if beijing_day(arrived_at) != day:
        row.remark("arrived_at", row.raw("arrived_at"), "import.other_day")
    return day, arrived_at


def _number_from(row: LedgerRow) -> str:
    """A number for a visit that has none, the same in every import of the same row."""
    row.remark("number", None, "import.number_made")
    said = (row.raw(name) for name in ("inspected_on", "arrived_at", "source", "source_name", "area_code", "officers"))
    return "导入-" + hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def _officers(row: LedgerRow, books: Books, area: str) -> tuple[UUID, ...]:
    listed = [clean_code(one) or one for one in split_list(row.raw("officers"))]
    references = dict.fromkeys(listed)
    if len(references) < len(listed):
        row.remark("officers", row.raw("officers"), "import.officer_twice")
    found = dict.fromkeys(books.officers.find(row, one, area) for one in references)
    if len(found) < FEWEST_OFFICERS:
        row.remark("officers", len(found), "import.too_few_officers", count=len(found))
    return tuple(found)


async def write_visits(
    session: AsyncSession, file: LedgerFile, visits: list[Visit], campaigns: dict[str, UUID]
) -> dict[str, UUID]:
    """Afterwards the visits are on record. Returns the id of each by the number in the file."""
    numbers = await own_numbers(session, "inspection", ((one.number, one.area_code) for one in visits), file.report)
    at = now()
    rows = [_values(one, numbers[one.number], campaigns, at) for one in visits]
    merged = await merge(
        session, "inspection", COLUMNS, rows, key=["number"], update=CHANGING, only_if="inspection.origin = 'import'"
    )
    ids = await ids_of(session, "inspection", numbers.values())
    foreign = await _not_imported(session, list(numbers.values()))
    for one in visits:
        number = numbers[one.number]
        if number in foreign:
            file.report.reject(one.row, "number", number, "import.ledger_other_content", reference=number)
        else:
            count(file.report, number, merged.created, merged.updated)
    return {one.number: ids[numbers[one.number]] for one in visits}


def _values(one: Visit, number: str, campaigns: dict[str, UUID], at: datetime) -> tuple[Any, ...]:
    return (
        new_id(), number, "submitted", "import", one.kind, one.mode, one.source_id, campaigns.get(one.campaign or ""),
        list(one.officer_ids), one.inspected_on, one.arrived_at, one.ended_at, one.ended_at or one.arrived_at, at,
        one.conclusion, one.area_code,
    )  # fmt: skip


def count(report: FileReport, key: Any, created: Collection[Any], updated: Collection[Any]) -> None:
    """Afterwards one written row is counted as what became of it."""
    if key in created:
        report.created += 1
    elif key in updated:
        report.updated += 1
    else:
        report.unchanged += 1


async def own_numbers(
    session: AsyncSession, table: str, numbered: Iterable[tuple[str, str]], report: FileReport
) -> dict[str, str]:
    """For each number the one it goes on record under: itself, or with its city before it if another city has it."""
    areas = dict(numbered)
    taken = await session.execute(
        text(f"SELECT number, area_code FROM {table} WHERE number = ANY(:numbers)").bindparams(  # noqa: S608
            bindparam("numbers", list(areas), ARRAY(Text()))
        )
    )
    own = {number: number for number in areas}
    for row in taken:
        city = areas[row.number][:4]
        if row.area_code[:4] != city:
            own[row.number] = f"{city}00-{row.number}"
            report.remark(0, "number", None, "import.number_taken")
    return own


async def ids_of(session: AsyncSession, table: str, numbers: Iterable[str]) -> dict[str, UUID]:
    """The id of each number that is on record."""
    rows = await session.execute(
        text(f"SELECT number, id FROM {table} WHERE number = ANY(:numbers)").bindparams(  # noqa: S608
            bindparam("numbers", list(numbers), ARRAY(Text()))
        )
    )
    return {row.number: row.id for row in rows}


async def _not_imported(session: AsyncSession, numbers: list[str]) -> set[str]:
    rows = await session.execute(
        text("SELECT number FROM inspection WHERE number = ANY(:numbers) AND origin <> 'import'").bindparams(
            bindparam("numbers", numbers, ARRAY(Text()))
        )
    )
    return set(rows.scalars())
