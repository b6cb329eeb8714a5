"""Every change of the sources room."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.bulk import merge
from liandong.kernel.clock import now
from liandong.kernel.columns import choose_mapping, find_table, require_columns
from liandong.kernel.errors import Refused
from liandong.kernel.ids import new_id
from liandong.kernel.imports import ImportReport, RowRejected
from liandong.kernel.sheets import Sheet
from liandong.registers.jurisdictions.actions import add_areas
from liandong.registers.jurisdictions.divisions import prefix_of
from liandong.registers.sources import vocabulary
from liandong.registers.sources.drafts import Draft, Options, read_draft
from liandong.registers.sources.events import SourcesImported
from liandong.registers.sources.jurisdiction import Jurisdictions, jurisdictions_for
from liandong.registers.sources.matching import Matches, OnRecord, match, plain_name
from liandong.registers.sources.tables import Enterprise, Source

ONE_AT_A_TIME = 0x11A4D50C
"""Key of the advisory lock under which one register at a time is taken in."""
BREATH = 100
"""After so many rows others may have their turn: a server that imports still serves."""
WRITTEN = (
    "name", "uscc", "permit_code", "address", "lon", "lat", "position_note", "industry_code", "industry_name",
    "permit_class", "supervision_class", "object_kind", "elements", "extra", "area_code",
)  # fmt: skip


async def import_sources(
    session: AsyncSession,
    sheets: Sequence[Sheet],
    *,
    title: str,
    mapping: Mapping[str, str | None] | None = None,
    default_area: str | None = None,
    within: Collection[str] | None = None,
    options: Options | None = None,
) -> ImportReport:
    """The register in these sheets is on record; what became of each row is in the report.

    `mapping` puts the user's columns before the guessed ones. A row that does not say where its source lies gets
    `default_area`. `within` are the areas the user may write to: a row elsewhere is rejected, and none is added.
    What the file does not say stays as it was; a second import of the same file changes nothing.

    Raises    import.header_missing, import.column_missing, import.column_unknown, import.mapping_invalid,
              jurisdictions.area_unknown: no such `default_area`
    Announces SourcesImported
    """
    table = find_table(sheets, vocabulary.fields(), [column for column in (mapping or {}).values() if column])
    chosen = choose_mapping(table, vocabulary.fields(), mapping or {})
    require_columns(chosen, vocabulary.fields())
    report = ImportReport(rows=len(table.rows), mapping=chosen)
    drafts = []
    for place, row in enumerate(table.rows):
        if place % BREATH == 0:
            await asyncio.sleep(0)
        try:
            drafts.append(read_draft(row, table, chosen, report, options or Options()))
        except RowRejected as rejected:
            report.reject(row.number, rejected.field, rejected.value, rejected.code, **rejected.values)
    for number in table.sheet.stray_quotes:
        report.note(number, "*", None, "import.quote_stray")
    await session.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
    places = await jurisdictions_for(session, default_area)
    if default_area is not None and not places.exists(default_area):
        raise Refused("jurisdictions.area_unknown", area_code=default_area)
    settled = _settle(drafts, places, within, report)
    matches = match(settled, await _on_record(session, settled), report)
    if within is None:
        await add_areas(session, {draft.area_code for draft in matches.drafts.values()})
    await _write(session, matches, report)
    report.sort()
    if report.created or report.updated:
        await ledger.record(session, _fact(title, report, default_area))
    return report


def _settle(
    drafts: Sequence[Draft], places: Jurisdictions, within: Collection[str] | None, report: ImportReport
) -> list[Draft]:
    settled = []
    for draft, located in zip(drafts, places.locate(drafts), strict=True):
        try:
            places.settle(draft, located, report)
            if within is not None and draft.area_code not in within:
                raise RowRejected("area_code", draft.area_code, "access.other_area")
        except RowRejected as rejected:
            report.reject(draft.row, rejected.field, rejected.value, rejected.code, **rejected.values)
        else:
            settled.append(draft)
    for way, rows in sorted(places.settled_by.items()):
        if way != "area_from_stated":
            report.note(
                None, "area_code", rows, f"sources.{way}", rows=rows, area=places.name(places.default_area or "")
            )
    return settled


async def _on_record(session: AsyncSession, drafts: Sequence[Draft]) -> list[OnRecord]:
    """The sources that a draft could describe: of the same codes or the same name."""
    usccs = sorted({draft.uscc for draft in drafts if draft.uscc})
    permits = sorted({draft.permit_code for draft in drafts if draft.permit_code})
    names = sorted({draft.name for draft in drafts if not draft.uscc})
    columns = [getattr(Source, name) for name in ("id", "natural_key", "enterprise_id", *WRITTEN)]

    def among(column: Any, name: str, values: list[str]) -> Any:
        return column == bindparam(name, values, ARRAY(Text())).any_()

    wanted = or_(
        among(Source.uscc, "usccs", usccs),
        among(Source.permit_code, "permits", permits),
        among(Source.name, "names", names),
    )
    rows = await session.execute(select(*columns).where(wanted))
    return [OnRecord(row.id, row.natural_key, dict(row._mapping)) for row in rows]


async def _write(session: AsyncSession, matches: Matches, report: ImportReport) -> None:
    enterprises = await _enterprises(session, matches)
    changed, new = [], {}
    for key, draft in matches.drafts.items():
        record = matches.records.get(key)
        if record is None:
            new[key] = draft
            continue
        values = _merged(draft, record, enterprises)
        if all(record.values[name] == value for name, value in values.items()):
            report.unchanged += 1
        else:
            changed.append({"record_id": record.id, "updated_at": now(), **values})
    if changed:
        await session.execute(
            update(Source.__table__)  # type: ignore[arg-type]
            .where(Source.__table__.c.id == bindparam("record_id"))
            .values({name: bindparam(name) for name in (*WRITTEN, "enterprise_id", "updated_at")}),
            changed,
        )
        report.updated += len(changed)
    await _insert(session, new, enterprises, report)


def _merged(draft: Draft, record: OnRecord, enterprises: Mapping[str, UUID]) -> dict[str, Any]:
    """What the record will say: the draft's values, and its own where the draft says nothing or only guesses."""
    old = record.values
    values = {name: getattr(draft, name) or old[name] for name in WRITTEN}
    if draft.lon is None:
        values |= {name: old[name] for name in ("lon", "lat", "position_note")}
    else:
        values |= {"lon": draft.lon, "lat": draft.lat, "position_note": draft.position_note}
    lies_above = old["area_code"] != draft.area_code and old["area_code"].startswith(prefix_of(draft.area_code))
    if lies_above or not draft.area_is_sure:
        values |= {name: old[name] for name in ("area_code", "position_note")}
    if plain_name(draft.name) == plain_name(old["name"]):
        values["name"] = old["name"]
    values["extra"] = {**old["extra"], **draft.extra}
    values["enterprise_id"] = enterprises.get(values["uscc"] or "", old["enterprise_id"])
    return values


async def _insert(
    session: AsyncSession, new: Mapping[str, Draft], enterprises: Mapping[str, UUID], report: ImportReport
) -> None:
    columns = ("id", "natural_key", "enterprise_id", "updated_at", *WRITTEN)
    at = now()

    def rows() -> Iterator[tuple[Any, ...]]:
        for key, draft in new.items():
            values = (getattr(draft, name) for name in WRITTEN)
            yield (new_id(), key, enterprises.get(draft.uscc or ""), at, *values)

    merged = await merge(session, "source", columns, list(rows()), key=["natural_key"])
    report.created += len(merged.created)
    for key, draft in new.items():
        if key not in merged.created:
            report.reject(draft.row, "*", key, "sources.elsewhere")


async def _enterprises(session: AsyncSession, matches: Matches) -> dict[str, UUID]:
    """The enterprise of each credit code; missing ones are on record afterwards, named by their first main site."""
    names: dict[str, str] = {}
    for draft in sorted(matches.drafts.values(), key=lambda one: (one.site is not None, one.row)):
        if draft.uscc:
            names.setdefault(draft.uscc, draft.name)
    if not names:
        return {}
    rows = [(new_id(), uscc, name) for uscc, name in names.items()]
    await merge(session, "enterprise", ("id", "uscc", "name"), rows, key=["uscc"])
    known = select(Enterprise.uscc, Enterprise.id).where(
        Enterprise.uscc == bindparam("usccs", sorted(names), ARRAY(Text())).any_()
    )
    return {str(row.uscc): row.id for row in await session.execute(known)}


def _fact(title: str, report: ImportReport, area: str | None) -> SourcesImported:
    import_id = new_id()
    counts = {"rows": report.rows, "created": report.created, "updated": report.updated}
    counts |= {"unchanged": report.unchanged, "rejected": len(report.rejected)}
    return SourcesImported(
        subject_id=import_id,
        subject={"room": "sources", "id": import_id, "number": "", "title": title},
        area_code=area,
        words=f"导入污染源名录“{title}”：新增 {report.created}，更新 {report.updated}，退回 {len(report.rejected)}",
        counts=counts,
    )
