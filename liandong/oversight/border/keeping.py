"""The sheet that allies share keeps itself: it is made again from the records wherever they may have changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, Text, Uuid, any_, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.clock import beijing_today
from liandong.oversight.border.events import BorderListChanged
from liandong.oversight.border.standing import Standing, answers_for, home_agencies, standings
from liandong.oversight.border.tables import BorderEntry
from liandong.registers import law
from liandong.registers.alliances.masking import masked
from liandong.registers.alliances.queries import InForce, memoranda_in_force
from liandong.registers.alliances.sheets import Kept, keep_sheet, withdraw_sheets
from liandong.registers.alliances.vocabulary import Share
from liandong.registers.jurisdictions.queries import areas_below, stretches_of
from liandong.registers.jurisdictions.zones import Near, Placed, Zone, districts_of, in_zones
from liandong.registers.sources.tables import Source
from liandong.work.inspections.tables import Inspection
from liandong.work.problems.tables import Problem

SHEET = Share.border_list
QUIET = frozenset({"last_visit_on", "last_visit_by"})
"""A visit is written on the list, and is no news of it: inspections announce themselves."""
NAMED = 3
ONE_AT_A_TIME = "keeping the border lists"


async def keep_border_lists(session: AsyncSession, about: Collection[UUID] | None = None) -> None:
    """The sheets of all memoranda that share them say what the records say; `about` some sources, or of all.

    A memorandum that holds no more has none. Safe to repeat.

    Announces BorderListChanged
    """
    if about is not None and not about:
        return
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(ONE_AT_A_TIME, 0))))
    sharing = await memoranda_in_force(session, SHEET)
    for memorandum in sharing:
        wanted = await _wanted(session, memorandum, about)
        kept = await keep_sheet(session, BorderEntry, memorandum.id, wanted, about=about, quiet=QUIET)
        if kept:
            await ledger.record(session, _told(memorandum, kept))
    await withdraw_sheets(session, BorderEntry, [one.id for one in sharing])


async def sources_of_inspections(session: AsyncSession, ids: Iterable[UUID]) -> list[UUID]:
    """The sources that these visits were made to."""
    rows = _visits().where(Inspection.id.in_(ids), Inspection.source_id.is_not(None))
    return [
        source_id for source_id in (await session.scalars(rows.with_only_columns(Inspection.source_id))) if source_id
    ]


async def sources_of_problems(session: AsyncSession, ids: Iterable[UUID]) -> list[UUID]:
    """The sources at which these problems were found."""
    rows = _problems().where(Problem.id.in_(ids), Problem.source_id.is_not(None))
    return [source_id for source_id in (await session.scalars(rows.with_only_columns(Problem.source_id))) if source_id]


def _visits() -> Select[Inspection]:
    """Visits whose record is in: one that is going on is no ally's to know of."""
    # past the gate: the worker keeps the sheets of all
    return select(Inspection).where(Inspection.submitted_at.is_not(None))


def _problems() -> Select[Problem]:
    return select(Problem)  # past the gate: the worker keeps the sheets of all


async def _wanted(
    session: AsyncSession, memorandum: InForce, about: Collection[UUID] | None
) -> dict[UUID, dict[str, Any]]:
    zones = [Zone(stretch, memorandum.band_m) for stretch in await stretches_of(session, memorandum.areas)]
    near = in_zones(zones, await _placed(session, memorandum.areas, about))
    # past the gate: the worker keeps the sheets of all
    rows = select(Source).where(Source.id == any_(literal(list(near), ARRAY(Uuid))))
    standing = await standings(session, _visits(), _problems(), list(near))
    agencies, shown = await home_agencies(session), law.sharing(SHEET, on=beijing_today())
    wanted = {}
    for source in await session.scalars(rows):
        row = _row(source, standing.get(source.id, Standing()), answers_for(source.area_code, agencies))
        wanted[source.id] = masked(shown, row) | _where(source, near[source.id], zones)
    return wanted


async def _placed(session: AsyncSession, members: Sequence[str], about: Collection[UUID] | None) -> list[Placed]:
    areas = {code for member in members for code in await areas_below(session, member)}
    # past the gate: the worker keeps the sheets of all
    rows = select(Source.id, Source.area_code, Source.lon, Source.lat).where(
        Source.lon.is_not(None), Source.area_code == any_(literal(sorted(areas), ARRAY(Text)))
    )
    if about is not None:
        rows = rows.where(Source.id == any_(literal(list(about), ARRAY(Uuid))))
    found = (await session.execute(rows)).all()
    district = districts_of((row.area_code for row in found), members)
    return [Placed(row.id, district[row.area_code], (row.lon, row.lat)) for row in found if row.area_code in district]


def _row(source: Source, standing: Standing, agency_name: str | None) -> dict[str, Any]:
    names = ("name", "uscc", "address", "lon", "lat", "supervision_class", "elements")
    return {name: getattr(source, name) for name in names} | {
        "agency_name": agency_name,
        "last_visit_on": standing.last_visit_on,
        "last_visit_by": standing.last_visit_by,
        "open_problems": len(standing.due),
    }


def _where(source: Source, near: Near, zones: Sequence[Zone]) -> dict[str, Any]:
    """What is no matter of masking: in whose area it is, how near, and to whom."""
    stretch = zones[near.zone].stretch
    side = next(iter(districts_of([source.area_code], stretch.sides).values()))
    [neighbour] = stretch.sides - {side}
    return {"area_code": source.area_code, "neighbour_code": neighbour, "distance_m": round(near.distance_m)}


def _told(memorandum: InForce, kept: Kept) -> BorderListChanged:
    said = [("新增", kept.came), ("移出", kept.went), ("变动", kept.changed)]
    words = "，".join(f"{what} {len(rows)} 家（{_names(rows)}）" for what, rows in said if rows)
    return BorderListChanged(
        subject_id=memorandum.id,
        subject={"number": memorandum.number, "title": memorandum.title},
        area_code=memorandum.area_code,
        parties=memorandum.areas,
        words=f"边界污染源清单：{words}",
        came=len(kept.came), went=len(kept.went), changed=len(kept.changed),
    )  # fmt: skip


def _names(rows: Sequence[Mapping[str, Any]]) -> str:
    """As the members are shown them: a name that the rule hides is not told here either."""
    named = [row["name"] or "名称不公开" for row in rows[:NAMED]]
    return "、".join(named) + ("等" if len(rows) > NAMED else "")
