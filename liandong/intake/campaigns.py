"""Campaigns of a ledger and the sources each set out to visit; the sources its random draws picked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.intake.files import LedgerFile, LedgerRow
from liandong.intake.inspections import Books, count
from liandong.kernel.bulk import merge
from liandong.kernel.ids import new_id
from liandong.kernel.imports import RowRejected

UNSAID = "（台账未载）"


async def campaigns_of(session: AsyncSession, names: Iterable[str], area: str) -> dict[str, UUID]:
    """The campaign of each name that the agencies of this area hold; it is on record afterwards."""
    known = await session.execute(text("SELECT name, id FROM campaign WHERE area_code = :area"), {"area": area})
    found: dict[str, UUID] = {row.name: row.id for row in known}
    for name in sorted(set(names) - found.keys()):
        found[name] = new_id()
        await session.execute(
            text("INSERT INTO campaign (id, name, area_code) VALUES (:id, :name, :area)"),
            {"id": found[name], "name": name, "area": area},
        )
    return found


def read_targets(file: LedgerFile, books: Books) -> dict[tuple[str, UUID], tuple[int, str]]:
    """For each campaign name and source the row that lists it and its kind of target."""
    found: dict[tuple[str, UUID], tuple[int, str]] = {}
    for row in file.rows():
        try:
            campaign, source_id = _required(row, "campaign"), _source_of(row, books)
        except RowRejected as rejected:
            file.report.reject(row.number, rejected.field, rejected.value, rejected.code, **rejected.values)
            continue
        kind = row.text("kind") or UNSAID
        first = found.setdefault((campaign, source_id), (row.number, kind))
        if first[0] != row.number:
            _repeated(file, row, first[0], is_same=first[1] == kind)
    return found


async def write_targets(
    session: AsyncSession,
    file: LedgerFile,
    targets: dict[tuple[str, UUID], tuple[int, str]],
    campaigns: dict[str, UUID],
) -> None:
    """Afterwards the targets of each campaign are on record."""
    rows = [(campaigns[name], source_id, kind) for (name, source_id), (_, kind) in targets.items()]
    merged = await merge(
        session, "campaign_target", ("campaign_id", "source_id", "kind"), rows,
        key=["campaign_id", "source_id"], update=("kind",),
    )  # fmt: skip
    for campaign_id, source_id, _ in rows:
        count(file.report, (campaign_id, source_id), merged.created, merged.updated)


def read_draws(file: LedgerFile, books: Books) -> dict[tuple[str, str, UUID], tuple[Any, ...]]:
    """For each batch, level and source the entry of the drawn list, its row number last."""
    found: dict[tuple[str, str, UUID], tuple[Any, ...]] = {}
    for row in file.rows():
        try:
            batch, level = _required(row, "batch"), row.choice("level") or UNSAID
            stated = books.area_of(row)
            source_id = _source_of(row, books)
        except RowRejected as rejected:
            file.report.reject(row.number, rejected.field, rejected.value, rejected.code, **rejected.values)
            continue
        area = stated or books.sources.area_of(source_id) or books.area
        entry = (new_id(), batch, level, source_id, area, row.day("inspect_on"), row.number)
        first = found.setdefault((batch, level, source_id), entry)
        if first is not entry:
            _repeated(file, row, first[-1], is_same=first[4:6] == entry[4:6])
    return found


async def write_draws(
    session: AsyncSession, file: LedgerFile, draws: dict[tuple[str, str, UUID], tuple[Any, ...]]
) -> None:
    """Afterwards the drawn lists are on record."""
    merged = await merge(
        session, "draw_entry", ("id", "batch", "level", "source_id", "area_code", "inspect_on"),
        [entry[:-1] for entry in draws.values()], key=["batch", "level", "source_id"],
        update=("area_code", "inspect_on"),
    )  # fmt: skip
    for key in draws:
        count(file.report, key, merged.created, merged.updated)


def _required(row: LedgerRow, name: str) -> str:
    found = row.text(name)
    if found is None:
        raise row.rejected(name, "kernel.field_missing")
    return found


def _source_of(row: LedgerRow, books: Books) -> UUID:
    source = books.sources.find(row, books.area_of(row))
    if source is None:
        raise row.rejected("source", "kernel.field_missing")
    return source.id


def _repeated(file: LedgerFile, row: LedgerRow, first: int, *, is_same: bool) -> None:
    if is_same:
        file.report.unchanged += 1
        file.report.note(row.number, "*", None, "sources.duplicate", row=first)
    else:
        file.report.reject(row.number, "*", None, "import.repeated_differs", row=first)
