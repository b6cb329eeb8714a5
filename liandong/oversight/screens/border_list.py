"""边界污染源清单: the sources near a border between two districts, whose they are, and who was last there.

Borders come from the outlines on record and are as schematic as they are; how wide the band is says the rulebook.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from sqlalchemy import ARRAY, Text, any_, func, literal
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.clock import beijing_today
from liandong.kernel.geo import EARTH_RADIUS_M, Position
from liandong.registers import law
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.registers.jurisdictions.borders import Border, borders_of
from liandong.registers.jurisdictions.queries import agency_names, list_agencies, outlines
from liandong.registers.law.answers import Rule
from liandong.registers.officers.queries import list_officers
from liandong.registers.sources.tables import Source
from liandong.work.inspections.tables import Inspection
from liandong.work.problems.states import OPEN_STATES
from liandong.work.problems.tables import Problem

BAND_RULE = "border.band"
MOST = 1000


@dataclass(frozen=True)
class Shared:
    """An unbroken part of the border between two districts."""

    one: str
    other: str
    line: tuple[Position, ...]
    length_m: float


@dataclass
class Listed:
    """A source near a border: how far from it, with which neighbour, who answers for it, and how it stands."""

    source: Source
    distance_m: float
    neighbour_code: str
    agency_name: str | None
    last_visit_on: date | None = None
    last_visit_by: list[str] = field(default_factory=list)
    open_problems: int = 0
    overdue_problems: int = 0


@dataclass(frozen=True)
class BorderList:
    """The list, what needs a hand first. `unplaced` sources of these districts have no position and cannot be on it."""

    band: Rule
    borders: list[Shared]
    rows: list[Listed]
    total: int
    unplaced: int


async def border_list(session: AsyncSession, actor: Actor) -> BorderList:
    """The visible sources within the band of every border between districts of the actor's board.

    The board are the districts in sight that have a branch; whoever oversees one alone has all its borders.

    Raises    access.verb_missing
    """
    gate.may(actor, "picture:read")
    band = law.rule(BAND_RULE, on=beijing_today(), area=actor.home_area)
    agencies = {
        one.area_code: one.short_name for one in await list_agencies(session) if one.tier in ("bureau", "branch")
    }
    known = await outlines(session)
    borders = borders_between(actor.areas & agencies.keys() & known.keys(), known)
    sides = sorted({code for one in borders for code in (one.one, one.other)})
    rows = gate.visible(actor, "sources:read", Source).where(
        func.left(Source.area_code, 6) == any_(literal(sides, ARRAY(Text)))
    )
    placed = await session.execute(
        rows.where(Source.lon.is_not(None)).with_only_columns(Source.id, Source.area_code, Source.lon, Source.lat)
    )
    away = distances(borders, [(row.id, row.area_code[:6], (row.lon, row.lat)) for row in placed], band.number)
    unplaced = await gate.count(session, rows.where(Source.lon.is_(None)))
    listed = await _listed(session, actor, away, agencies)
    return BorderList(band, borders, sorted(listed, key=_order)[:MOST], len(listed), unplaced)


def borders_between(board: Iterable[str], known: Mapping[str, dict[str, Any]]) -> list[Shared]:
    """Every border between two districts of the board, once; of a board of one, all that it has."""
    districts = sorted(board)
    of_each: dict[str, list[Border]] = {code: borders_of(code, known) for code in districts}
    if len(districts) == 1:
        [code] = districts
        return [Shared(code, one.area_code, one.line, one.length_m) for one in of_each[code]]
    return [
        Shared(one, other, border.line, border.length_m)
        for one, other in itertools.combinations(districts, 2)
        for border in of_each[one]
        if border.area_code == other
    ]


def distances(
    borders: Sequence[Shared], places: Sequence[tuple[UUID, str, Position]], band_m: float
) -> dict[UUID, tuple[float, str]]:
    """(metres to the nearest border of its own district, the neighbour there) of each place within the band."""
    found: dict[UUID, tuple[float, str]] = {}
    for border in borders:
        middle = border.line[len(border.line) // 2][1]
        line = shapely.linestrings(_in_metres(np.array(border.line), middle))
        here = [place for place in places if place[1] in (border.one, border.other)]
        if not here:
            continue
        points = shapely.points(_in_metres(np.array([place for _, _, place in here]), middle))
        for (key, district, _), metres in zip(here, shapely.distance(points, line).tolist(), strict=True):
            if metres <= band_m and (key not in found or metres < found[key][0]):
                found[key] = (metres, border.other if district == border.one else border.one)
    return found


def _in_metres(degrees: Any, lat: float) -> Any:
    """Within the band of one border the earth is flat enough: less than a thousandth is wrong."""
    return np.radians(degrees) * EARTH_RADIUS_M * np.array([math.cos(math.radians(lat)), 1.0])


async def _listed(
    session: AsyncSession, actor: Actor, away: Mapping[UUID, tuple[float, str]], agencies: Mapping[str, str]
) -> list[Listed]:
    sources = (await session.scalars(gate.visible(actor, "sources:read", Source).where(Source.id.in_(away)))).all()
    visits, problems = await _visits(session, actor, away), await _problems(session, actor, away)
    today, found = beijing_today(), []
    for source in sources:
        metres, neighbour = away[source.id]
        row = Listed(source, metres, neighbour, agencies.get(source.area_code, agencies.get(source.area_code[:6])))
        if source.id in visits:
            row.last_visit_on, row.last_visit_by = visits[source.id]
        due = problems.get(source.id, [])
        row.open_problems, row.overdue_problems = len(due), sum(1 for on in due if on is not None and on < today)
        found.append(row)
    return found


async def _visits(session: AsyncSession, actor: Actor, ids: Iterable[UUID]) -> dict[UUID, tuple[date, list[str]]]:
    """The last visit in sight to each source, by whomever: its day and the agencies that took part."""
    rows = gate.visible(actor, "inspections:read", Inspection).where(Inspection.source_id.in_(ids))
    columns = (Inspection.source_id, Inspection.inspected_on, Inspection.officer_ids)
    newest = rows.with_only_columns(*columns).ext(distinct_on(Inspection.source_id))
    last = (await session.execute(newest.order_by(Inspection.source_id, Inspection.arrived_at.desc()))).all()
    officers = {key for row in last for key in row.officer_ids}
    known = {one.id: one.agency_id for one in await list_officers(session, ids=officers, limit=len(officers) or 1)}
    names = await agency_names(session)
    return {
        row.source_id: (
            row.inspected_on,
            sorted({names.get(known[key], "") for key in row.officer_ids if key in known}),
        )
        for row in last
    }


async def _problems(session: AsyncSession, actor: Actor, ids: Iterable[UUID]) -> dict[UUID, list[date | None]]:
    """The deadlines of the open problems in sight of each source."""
    rows = gate.visible(actor, "problems:read", Problem).where(
        Problem.source_id.in_(ids), Problem.state.in_(OPEN_STATES)
    )
    found: dict[UUID, list[date | None]] = defaultdict(list)
    for row in await session.execute(rows.with_only_columns(Problem.source_id, Problem.rectify_by_on)):
        found[row.source_id].append(row.rectify_by_on)
    return found


def _order(row: Listed) -> tuple[int, int, date, float]:
    """Overdue problems first, then open ones, then whoever was visited longest ago or never, then the nearest."""
    return -row.overdue_problems, -row.open_problems, row.last_visit_on or date.min, row.distance_m
