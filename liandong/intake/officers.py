"""Officers of a ledger: who they are, their certificates, and from when to when they were on the roster."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.intake.files import FileReport, LedgerFile, LedgerRow
from liandong.intake.references import OfficerBook, stable_id, unlisted_officer_id
from liandong.kernel.bulk import merge
from liandong.kernel.cells import clean_code
from liandong.kernel.ids import new_id
from liandong.kernel.imports import RowRejected
from liandong.registers.jurisdictions import divisions

SINCE_EVER = date(1900, 1, 1)
"""From when a roster without a first day counts: it says that nobody knows, not that it began then."""
BODIES = {
    divisions.PROVINCE: ("总队", "corps"),
    divisions.CITY: ("支队", "detachment"),
    divisions.COUNTY: ("大队", "brigade"),
}


@dataclass(frozen=True)
class Enrolment:
    """One row of the roster."""

    row: int
    number: str | None
    name: str
    area_code: str
    agency: str | None
    from_on: date
    to_on: date | None
    valid_from_on: date
    valid_to_on: date | None


def read_enrolments(file: LedgerFile, area: str) -> list[Enrolment]:
    """The usable rows of a roster; an officer without an area belongs to the ledger's area."""
    found = []
    for row in file.rows():
        try:
            found.append(_read(row, area))
        except RowRejected as rejected:
            file.report.reject(row.number, rejected.field, rejected.value, rejected.code, **rejected.values)
    return found


def _read(row: LedgerRow, area: str) -> Enrolment:
    number, name = clean_code(row.raw("certificate")), row.text("name")
    if number is None and name is None:
        raise row.rejected("certificate", "kernel.field_missing")
    stated = clean_code(row.raw("area_code"))
    if stated is not None and not divisions.is_code(stated):
        row.remark("area_code", stated, "jurisdictions.area_unknown", area_code=stated)
        stated = None
    from_on, to_on = row.day("from_on"), row.day("to_on")
    if from_on is None:
        row.remark("from_on", row.raw("from_on"), "import.roster_without_start")
    if to_on is not None and to_on < (from_on or to_on):
        raise row.rejected("to_on", "kernel.days_out_of_order")
    if number is None:
        row.remark("certificate", None, "officers.certificate_missing", name=name)
    valid_from, valid_to = row.day("valid_from_on") or from_on or SINCE_EVER, row.day("valid_to_on")
    if valid_to is not None and valid_to < valid_from:
        row.remark("valid_to_on", str(valid_to), "kernel.days_out_of_order")
        valid_to = None
    code = (stated or area)[: divisions.COUNTY_DIGITS]
    return Enrolment(
        row.number,
        number,
        name or str(number),
        code,
        row.text("agency"),
        from_on or SINCE_EVER,
        to_on,
        valid_from,
        valid_to,
    )


@dataclass
class Roster:
    """Officers as they are on record: by certificate `(officer, name, area)`, and every id."""

    certificates: dict[str, tuple[UUID, str, str]]
    ids: set[UUID]

    def officer_of(self, one: Enrolment, area: str) -> UUID:
        """The officer of an enrolment: on record by certificate, made bare by an earlier ledger, or new."""
        if one.number is None:
            return stable_id("officer", one.area_code, one.name)
        known = self.certificates.get(one.number)
        if known is not None:
            return known[0]
        bare = unlisted_officer_id(one.number, area)
        return bare if bare in self.ids else new_id()


async def read_roster(session: AsyncSession) -> Roster:
    """Every officer and certificate on record."""
    rows = await session.execute(
        text("SELECT o.id, o.name, o.area_code, c.number FROM officer o LEFT JOIN certificate c ON c.officer_id = o.id")
    )
    roster = Roster({}, set())
    for row in rows:
        roster.ids.add(row.id)
        if row.number:
            roster.certificates[row.number] = (row.id, row.name, row.area_code)
    return roster


async def agencies_of(
    session: AsyncSession, wanted: Iterable[tuple[str, str | None]], names: Mapping[str, str]
) -> dict[tuple[str, str | None], UUID]:
    """An agency for each (area, name or None): on record afterwards, made from the code where there was none."""
    rows = list(await session.execute(text("SELECT id, name, area_code, tier FROM agency ORDER BY tier, name")))
    by_name = {row.name: row.id for row in rows}
    by_area: dict[str, UUID] = {}
    for row in rows:
        by_area.setdefault(row.area_code, row.id)
    found: dict[tuple[str, str | None], UUID] = {}
    for area, name in sorted(wanted, key=lambda one: (one[0].rstrip("0"), one[1] or "")):
        known = by_name.get(name) if name else by_area.get(area)
        if known is None:
            known = await _add_agency(session, area, name, names, by_area)
            by_name[name or ""] = known
            by_area.setdefault(area, known)
        found[area, name] = known
    return found


async def _add_agency(
    session: AsyncSession, area: str, name: str | None, names: Mapping[str, str], by_area: Mapping[str, UUID]
) -> UUID:
    body, tier = BODIES[divisions.level_of(area)]
    parent = divisions.parent_of(area)
    called = names.get(area, area)
    if divisions.level_of(area) == divisions.COUNTY:
        called = names.get(parent or "", "") + called
    agency_id = new_id()
    values = {
        "id": agency_id,
        "name": name or f"{called}生态环境综合行政执法{body}",
        "short_name": name or f"{names.get(area, area)}执法{body}",
        "tier": tier,
        "area_code": area,
        "parent_id": by_area.get(parent or ""),
    }
    await session.execute(
        text(
            "INSERT INTO agency (id, name, short_name, tier, area_code, parent_id)"
            " VALUES (:id, :name, :short_name, :tier, :area_code, :parent_id)"
        ),
        values,
    )
    return agency_id


async def enrol(
    session: AsyncSession, file: LedgerFile, area: str, names: Mapping[str, str], enrolments: list[Enrolment]
) -> None:
    """Afterwards the officers, their certificates and their days on the roster are on record."""
    roster = await read_roster(session)
    agencies = await agencies_of(session, {(one.area_code, one.agency) for one in enrolments}, names)
    officers: dict[UUID, tuple[Any, ...]] = {}
    certificates: dict[str, tuple[Any, ...]] = {}
    stays: dict[UUID, tuple[Any, ...]] = {}
    for read in sorted(enrolments, key=lambda each: each.from_on):
        number = _own_number(read, roster, area, file.report)
        one = replace(read, number=number)
        officer = roster.officer_of(one, area)
        stay = stable_id("roster", str(officer), one.area_code, one.from_on.isoformat())
        if stay in stays:
            _repeated(one, stays[stay], file.report)
            continue
        officers[officer] = (officer, one.name, agencies[one.area_code, one.agency], one.area_code)
        roster.ids.add(officer)
        if number is not None:
            roster.certificates[number] = (officer, one.name, one.area_code)
            certificates[number] = (new_id(), officer, number, one.valid_from_on, one.valid_to_on)
        stays[stay] = (stay, officer, one.area_code, one.from_on, one.to_on)
    await _write(session, file.report, officers, certificates, stays)


def _own_number(one: Enrolment, roster: Roster, area: str, report: FileReport) -> str | None:
    """The certificate number; with the area before it if another city's officer of another name holds that number."""
    known = roster.certificates.get(one.number or "")
    if known is None or known[1] == one.name or known[2][:4] == one.area_code[:4]:
        return one.number
    report.note(one.row, "certificate", one.number, "officers.certificate_number_taken", number=one.number)
    return f"{area}-{one.number}"


def _repeated(one: Enrolment, first: tuple[Any, ...], report: FileReport) -> None:
    if first[-1] == one.to_on:
        report.unchanged += 1
        report.note(one.row, "certificate", one.number, "import.repeated")
    else:
        report.reject(one.row, "to_on", str(one.to_on), "officers.roster_overlaps", name=one.name)


async def _write(
    session: AsyncSession,
    report: FileReport,
    officers: Mapping[UUID, Any],
    certificates: Mapping[str, Any],
    stays: Mapping[UUID, Any],
) -> None:
    changed = await merge(
        session, "officer", ("id", "name", "agency_id", "area_code"), list(officers.values()),
        key=["id"], update=("name", "agency_id", "area_code"),
    )  # fmt: skip
    await merge(
        session, "certificate", ("id", "officer_id", "number", "valid_from_on", "valid_to_on"),
        list(certificates.values()), key=["number"], update=("valid_from_on", "valid_to_on"),
    )  # fmt: skip
    merged = await merge(
        session, "roster_entry", ("id", "officer_id", "area_code", "from_on", "to_on"), list(stays.values()),
        key=["id"], update=("to_on",),
    )  # fmt: skip
    for stay, entry in stays.items():
        if stay in merged.created:
            report.created += 1
        elif stay in merged.updated or entry[1] in changed.updated:
            report.updated += 1
        else:
            report.unchanged += 1


async def officer_book(session: AsyncSession, area: str) -> OfficerBook:
    """Every officer on record, ready to be referred to by a ledger of this area."""
    rows = await session.execute(
        text("SELECT o.id, o.name, o.area_code, c.number FROM officer o LEFT JOIN certificate c ON c.officer_id = o.id")
    )
    by_certificate: dict[str, UUID] = {}
    by_name: dict[str, list[UUID]] = defaultdict(list)
    for row in rows:
        if row.area_code[:4] == area[:4]:
            by_name[row.name].append(row.id)
        if row.number:
            own = row.number.removeprefix(f"{area}-")
            if own != row.number or own not in by_certificate:
                by_certificate[own] = row.id
    return OfficerBook(by_certificate, by_name, area)


async def write_unlisted(session: AsyncSession, book: OfficerBook, names: Mapping[str, str]) -> None:
    """Afterwards the officers whom no roster has are on record, named as such, with no certificate and no roster days."""
    agencies = await agencies_of(session, {(one[2], None) for one in book.new.values()}, names)
    rows = [(officer, name, agencies[area, None], area) for officer, name, area in book.new.values()]
    await merge(session, "officer", ("id", "name", "agency_id", "area_code"), rows, key=["id"])
