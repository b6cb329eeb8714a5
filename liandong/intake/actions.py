"""The one change the intake makes: a city's ledger is on record, whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.intake.campaigns import campaigns_of, read_draws, read_targets, write_draws, write_targets
from liandong.intake.events import LedgerImported
from liandong.intake.files import FileReport, LedgerFile, read_folder
from liandong.intake.inspections import Books, Visit, read_visits, write_visits
from liandong.intake.officers import enrol, officer_book, read_enrolments, write_unlisted
from liandong.intake.problems import Finding, compare_counts, read_findings, write_findings
from liandong.intake.references import source_book
from liandong.kernel import ledger
from liandong.kernel.cells import clean_code
from liandong.kernel.errors import Invalid, Refused
from liandong.kernel.ids import new_id
from liandong.registers.jurisdictions import divisions
from liandong.registers.jurisdictions.actions import add_areas
from liandong.registers.sources.actions import import_sources

ONE_AT_A_TIME = 0x11A4D1ED
"""Key of the advisory lock under which one ledger at a time is taken in."""
NEARLY_ALL = 0.9


@dataclass
class LedgerReport:
    """What became of each file of a ledger; `ignored` are files in the folder that are none of it."""

    area: str
    files: dict[str, FileReport] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)

    def body(self) -> dict[str, Any]:
        """The report as JSON."""
        files = {name: report.body() for name, report in self.files.items()}
        return {"area": self.area, "files": files, "ignored": self.ignored}

    def counts(self) -> dict[str, dict[str, int]]:
        """Only the numbers, by file."""
        return {
            name: {
                "rows": one.rows,
                "created": one.created,
                "updated": one.updated,
                "unchanged": one.unchanged,
                "rejected": len(one.rejected),
            }
            for name, one in self.files.items()
        }


async def import_ledger(session: AsyncSession, folder: Path, *, area: str | None = None) -> LedgerReport:
    """The ledger in this folder is on record: sources, officers, inspections, problems, campaigns and draws.

    `area` is whose ledger it is; without it, the lowest division in which nearly all of its rows lie. Files may be
    missing. A reference to what no register has gets a bare record and a note, because the visit took place. A second
    import changes nothing; a row that says something new changes what an earlier import wrote, and nothing else.

    Raises    import.file_missing, import.ledger_incomplete, import.file_unreadable, jurisdictions.area_unknown
    Announces LedgerImported
    """
    files, ignored = read_folder(folder)
    await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
    codes = list(_area_codes(files))
    if area is not None and not divisions.is_code(area):
        raise Refused("jurisdictions.area_unknown", area_code=area)
    whole = area or common_area(codes)
    if whole is None:
        raise Invalid("import.column_missing", field="行政区划代码")
    report = LedgerReport(whole, {one.name: one.report for one in files}, ignored)
    await add_areas(session, {code[: divisions.COUNTY_DIGITS] for code in codes} | {whole})
    await _take_in(session, files, report)
    if any(one.created or one.updated for one in report.files.values()):
        await ledger.record(session, _fact(folder, report))
    return report


async def _take_in(session: AsyncSession, files: list[LedgerFile], report: LedgerReport) -> None:
    names = await _area_names(session)
    for file in _of(files, "sources"):
        taken = await import_sources(session, file.sheets, title=file.name, default_area=report.area)
        vars(file.report).update(vars(taken))
    for file in _of(files, "officers"):
        await enrol(session, file, report.area, names, read_enrolments(file, report.area))
    books = Books(await source_book(session, report.area), await officer_book(session, report.area), report.area)
    visits = [(file, read_visits(file, books)) for file in _of(files, "inspections")]
    by_number = {one.number: one for _, some in visits for one in some}
    findings = [(file, read_findings(file, books, by_number)) for file in _of(files, "problems")]
    targets = [(file, read_targets(file, books)) for file in _of(files, "campaign_targets")]
    draws = [(file, read_draws(file, books)) for file in _of(files, "draws")]
    await books.sources.write(session)
    await write_unlisted(session, books.officers, names)
    called = {one.campaign for one in by_number.values() if one.campaign} | {
        name for _, some in targets for name, _ in some
    }
    campaigns = await campaigns_of(session, called, report.area)
    await _write_work(session, visits, findings, campaigns)
    for file, listed in targets:
        await write_targets(session, file, listed, campaigns)
    for file, drawn in draws:
        await write_draws(session, file, drawn)


async def _write_work(
    session: AsyncSession,
    visits: list[tuple[LedgerFile, list[Visit]]],
    findings: list[tuple[LedgerFile, list[Finding]]],
    campaigns: dict[str, UUID],
) -> None:
    ids: dict[str, UUID] = {}
    for file, some in visits:
        ids |= await write_visits(session, file, some, campaigns)
    for file, found in findings:
        await write_findings(session, file, found, ids)
    if findings:
        everything = [one for _, found in findings for one in found]
        for file, some in visits:
            compare_counts(file, some, everything)


def _of(files: list[LedgerFile], kind: str) -> list[LedgerFile]:
    return [one for one in files if one.kind == kind]


def _area_codes(files: Iterable[LedgerFile]) -> Iterable[str]:
    """Every division code that the rows of work and rosters state, as often as they do."""
    for file in files:
        for cell in file.stated("area_code"):
            code = clean_code(cell)
            if code is not None and divisions.is_code(code):
                yield code


def common_area(codes: Iterable[str]) -> str | None:
    """The lowest division in which nearly all of these codes lie; None without any code."""
    counted = Counter(code[: divisions.COUNTY_DIGITS] for code in codes)
    total = sum(counted.values())
    if not total:
        return None
    for digits in (6, 4, 2):
        shares: Counter[str] = Counter()
        for code, rows in counted.items():
            shares[code[:digits]] += rows
        prefix, rows = shares.most_common(1)[0]
        if rows >= total * NEARLY_ALL:
            return prefix.ljust(divisions.COUNTY_DIGITS, "0")
    return shares.most_common(1)[0][0].ljust(divisions.COUNTY_DIGITS, "0")


async def _area_names(session: AsyncSession) -> dict[str, str]:
    rows = await session.execute(text("SELECT area_code, name FROM area"))
    return {row.area_code: row.name for row in rows}


def _fact(folder: Path, report: LedgerReport) -> LedgerImported:
    import_id = new_id()
    created = sum(one.created for one in report.files.values())
    return LedgerImported(
        subject_id=import_id,
        subject={"room": "intake", "id": import_id, "number": "", "title": folder.name},
        area_code=report.area,
        words=f"导入执法台账“{folder.name}”：新增 {created} 条",
        counts=report.counts(),
    )
