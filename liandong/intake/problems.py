"""Problems of a ledger, with their rectification and look-back as far as the ledger knows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.intake.files import LedgerFile, LedgerRow
from liandong.intake.inspections import Books, Visit, count, ids_of, own_numbers
from liandong.intake.references import stable_id
from liandong.kernel.bulk import merge
from liandong.kernel.clock import start_of_day
from liandong.kernel.ids import new_id
from liandong.kernel.imports import RowRejected

COLUMNS = (
    "id", "number", "state", "element", "severity", "description", "source_id", "inspection_id", "found_at", "found_on",
    "found_by", "rectify_by_on", "ordered_at", "rectified_on", "closed_at", "relapse_count", "area_code",
)  # fmt: skip
CHANGING = tuple(name for name in COLUMNS if name not in ("id", "number"))
NOT_TOUCHED_HERE = "NOT EXISTS (SELECT 1 FROM problem_move WHERE problem_move.problem_id = problem.id)"
"""A problem that somebody has moved since the import is no longer the ledger's to change."""
UNSAID = "（台账未载）"


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem as its row tells it."""

    row: int
    number: str
    inspection: str | None
    element: str
    severity: str
    description: str
    source_id: UUID | None
    found_on: date
    found_at: datetime
    found_by: tuple[UUID, ...]
    rectify_by_on: date | None
    rectified_on: date | None
    look_back_on: date | None
    look_back_outcome: str | None
    area_code: str

    @property
    def state(self) -> str:
        """The state that the dates of the row amount to."""
        if self.look_back_outcome == "relapsed":
            return "relapsed"
        if self.rectified_on is not None:
            return "settled" if self.look_back_outcome == "held" else "closed"
        return "ordered" if self.rectify_by_on is not None else "found"


def read_findings(file: LedgerFile, books: Books, visits: Mapping[str, Visit]) -> list[Finding]:
    """The usable problems of a file, each number once."""
    found: dict[str, Finding] = {}
    for row in file.rows():
        try:
            finding = _read(row, books, visits)
        except RowRejected as rejected:
            file.report.reject(row.number, rejected.field, rejected.value, rejected.code, **rejected.values)
            continue
        first = found.get(finding.number)
        if first is None:
            found[finding.number] = finding
        elif all(getattr(first, name) == getattr(finding, name) for name in Finding.__slots__ if name != "row"):
            file.report.unchanged += 1
            file.report.note(row.number, "number", finding.number, "sources.duplicate", row=first.row)
        else:
            file.report.reject(row.number, "number", finding.number, "import.repeated_differs", row=first.row)
    return list(found.values())


def _read(row: LedgerRow, books: Books, visits: Mapping[str, Visit]) -> Finding:
    reference = row.text("inspection")
    visit = visits.get(reference or "")
    if visit is None:
        row.remark("inspection", reference, "import.reference_unknown", value=reference)
    number = row.text("number")
    if number is None:
        raise row.rejected("number", "kernel.field_missing")
    area = books.area_of(row) or (visit.area_code if visit else None)
    source = books.sources.find(row, area)
    source_id = source.id if source else (visit.source_id if visit else None)
    area = area or (source.area_code if source else None)
    found_on = row.day("found_on") or (visit.inspected_on if visit else None)
    if area is None:
        raise row.rejected("area_code", "sources.area_missing")
    if found_on is None:
        raise row.rejected("found_on", "import.date_unreadable", value=row.raw("found_on"))
    same_day = visit is not None and visit.inspected_on == found_on
    return Finding(
        row=row.number,
        number=number,
        inspection=visit.number if visit else None,
        element=row.choice("element") or UNSAID,
        severity=row.choice("severity") or UNSAID,
        description=row.text("description") or UNSAID,
        source_id=source_id,
        found_on=found_on,
        found_at=visit.arrived_at if visit and same_day else start_of_day(found_on),
        found_by=visit.officer_ids if visit else (),
        area_code=area,
        **_course(row, found_on),
    )


def _course(row: LedgerRow, found_on: date) -> dict[str, Any]:
    """What became of the problem. An outcome that no vocabulary knows is reported and left out."""
    rectified_on, outcome = row.day("rectified_on"), row.choice("look_back_outcome")
    if rectified_on is not None and rectified_on < found_on:
        row.remark("rectified_on", str(rectified_on), "kernel.days_out_of_order")
    look_back_on = row.day("look_back_on")
    if outcome not in ("held", "relapsed"):
        outcome = None
    elif look_back_on is None:
        row.remark("look_back_on", None, "kernel.field_missing")
        look_back_on = rectified_on or found_on
    return {
        "rectify_by_on": row.day("rectify_by_on"),
        "rectified_on": rectified_on,
        "look_back_on": look_back_on,
        "look_back_outcome": outcome,
    }


async def write_findings(
    session: AsyncSession, file: LedgerFile, findings: list[Finding], visits: Mapping[str, UUID]
) -> None:
    """Afterwards the problems and their look-backs are on record."""
    numbers = await own_numbers(session, "problem", ((one.number, one.area_code) for one in findings), file.report)
    rows = [_values(one, numbers[one.number], visits) for one in findings]
    merged = await merge(session, "problem", COLUMNS, rows, key=["number"], update=CHANGING, only_if=NOT_TOUCHED_HERE)
    ids = await ids_of(session, "problem", numbers.values())
    looks = [_look_back(one, ids[numbers[one.number]]) for one in findings if one.look_back_on is not None]
    looked = await merge(
        session, "look_back", ("id", "problem_id", "due_on", "held_at", "outcome", "area_code"), looks,
        key=["id"], update=("due_on", "held_at", "outcome"), only_if="look_back.held_at IS NULL",
    )  # fmt: skip
    for one in findings:
        number = numbers[one.number]
        was_looked_at = stable_id("look_back", str(ids[number])) in looked.created | looked.updated
        count(file.report, number, merged.created, {number} if was_looked_at else merged.updated)


def _values(one: Finding, number: str, visits: Mapping[str, UUID]) -> tuple[Any, ...]:
    return (
        new_id(), number, one.state, one.element, one.severity, one.description, one.source_id,
        visits.get(one.inspection or ""), one.found_at, one.found_on, list(one.found_by), one.rectify_by_on,
        one.found_at if one.rectify_by_on else None, one.rectified_on,
        start_of_day(one.rectified_on) if one.rectified_on else None,
        int(one.look_back_outcome == "relapsed"), one.area_code,
    )  # fmt: skip


def _look_back(one: Finding, problem_id: UUID) -> tuple[Any, ...]:
    assert one.look_back_on is not None
    held_at = start_of_day(one.look_back_on) if one.look_back_outcome else None
    look_id = stable_id("look_back", str(problem_id))
    return (look_id, problem_id, one.look_back_on, held_at, one.look_back_outcome, one.area_code)


def compare_counts(file: LedgerFile, visits: list[Visit], findings: list[Finding]) -> None:
    """Afterwards it is noted which visits tell another number of problems than the problems' own file has."""
    listed = Counter(one.inspection for one in findings)
    for visit in visits:
        if visit.problem_count.isdigit() and int(visit.problem_count) != listed[visit.number]:
            file.report.remark(visit.row, "problem_count", visit.problem_count, "import.problem_count_differs")
