"""边界污染源清单 as one person sees it: one's own sources whole, an ally's as the sheet shows them.

How wide the band is says the memorandum that holds between the two sides of a border, else the rulebook.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, Uuid, any_, literal
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from liandong.kernel.clock import beijing_today
from liandong.oversight.border.standing import Standing, answers_for, home_agencies, standings
from liandong.oversight.border.tables import BorderEntry
from liandong.registers import law
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.registers.alliances.queries import BAND_RULE, InForce, memoranda_in_force
from liandong.registers.alliances.vocabulary import Share
from liandong.registers.jurisdictions.queries import stretches_of
from liandong.registers.jurisdictions.zones import Near, Placed, Stretch, Zone, districts_of, in_zones
from liandong.registers.law.answers import Rule
from liandong.registers.sources.tables import Source
from liandong.work.inspections.tables import Inspection
from liandong.work.problems.tables import Problem

MOST = 1000


@dataclass(frozen=True)
class Shown:
    """A border, how wide its band is in metres, and the memorandum that says so; without one the rulebook does."""

    stretch: Stretch
    band_m: float
    memorandum: InForce | None


@dataclass
class Listed:
    """A source near a border, one's own or an ally's, and how it stands; what one is not shown is None.

    `id` is the source's, of an ally's the entry's. `record` is read for those that are shown, and for no others.
    """

    id: UUID
    is_own: bool
    distance_m: float
    neighbour_code: str
    last_visit_on: date | None
    last_visit_by: list[str]
    open_problems: int | None = None
    overdue_problems: int | None = None
    agency_name: str | None = None
    record: Source | BorderEntry | None = None


@dataclass(frozen=True)
class BorderList:
    """The list, what needs a hand first. `unplaced` sources of one's own have no position and cannot be on it."""

    band: Rule
    borders: list[Shown]
    memoranda: dict[UUID, InForce]
    rows: list[Listed]
    total: int
    unplaced: int


async def border_list(session: AsyncSession, actor: Actor) -> BorderList:
    """The sources in sight within the band of every border of the actor's board, and what allies share of theirs.

    The board are the districts in sight that have a branch; whoever oversees one alone has all its borders.

    Raises    access.verb_missing
    """
    gate.may(actor, "border:read")
    band = law.rule(BAND_RULE, on=beijing_today(), area=actor.home_area)
    agencies = await home_agencies(session)
    memoranda = await memoranda_in_force(session, Share.border_list)
    own = await stretches_of(session, actor.areas & agencies.keys())
    borders = [_shown(stretch, band, memoranda) for stretch in own]
    rows, unplaced = await _own_rows(session, actor, borders)
    listed = sorted([*rows, *await _shared_rows(session, actor)], key=_order)
    known = {one.stretch for one in borders}
    for memorandum in (one for one in memoranda if one.id in actor.memoranda(Share.border_list)):
        theirs = _once(await stretches_of(session, memorandum.areas), known)
        borders += [Shown(stretch, memorandum.band_m, memorandum) for stretch in theirs]
    shown = await _read(session, actor, listed[:MOST], agencies)
    return BorderList(band, borders, {one.id: one for one in memoranda}, shown, len(listed), unplaced)


def _once(stretches: Iterable[Stretch], known: set[Stretch]) -> list[Stretch]:
    """Those whose two sides are not on the board already: drawn from the other side, a line is not quite the same."""
    pairs = {stretch.sides for stretch in known}
    found = [stretch for stretch in stretches if stretch.sides not in pairs]
    known.update(found)
    return found


def _shown(stretch: Stretch, band: Rule, memoranda: Sequence[InForce]) -> Shown:
    widest = max(
        (one for one in memoranda if stretch.sides <= set(one.areas)), key=lambda one: one.band_m, default=None
    )
    return Shown(stretch, widest.band_m if widest else band.number, widest)


async def _own_rows(session: AsyncSession, actor: Actor, borders: Sequence[Shown]) -> tuple[list[Listed], int]:
    zones = [Zone(one.stretch, one.band_m) for one in borders]
    inside = districts_of(actor.areas, {side for one in borders for side in one.stretch.sides})
    rows = gate.visible(actor, "sources:read", Source).where(
        Source.area_code == any_(literal(sorted(inside), ARRAY(Text)))
    )
    placed = await session.execute(
        rows.where(Source.lon.is_not(None)).with_only_columns(Source.id, Source.area_code, Source.lon, Source.lat)
    )
    places = [Placed(row.id, inside[row.area_code], (row.lon, row.lat)) for row in placed]
    near = await asyncio.to_thread(in_zones, zones, places)
    inspections = gate.visible(actor, "inspections:read", Inspection)
    standing = await standings(session, inspections, gate.visible(actor, "problems:read", Problem), list(near))
    today, listed = beijing_today(), []
    for place in (place for place in places if place.key in near):
        stands, found = standing.get(place.key, Standing()), near[place.key]
        row = Listed(place.key, True, found.distance_m, _neighbour(found, place.district, zones), *stands.visit)
        row.open_problems, row.overdue_problems = len(stands.due), stands.overdue(today)
        listed.append(row)
    return listed, await gate.count(session, rows.where(Source.lon.is_(None)))


def _neighbour(near: Near, district: str, zones: Sequence[Zone]) -> str:
    [neighbour] = zones[near.zone].stretch.sides - {district}
    return neighbour


async def _shared_rows(session: AsyncSession, actor: Actor) -> list[Listed]:
    """What allies share and one does not see anyway; of a source under two memoranda the first row."""
    columns = (
        BorderEntry.id,
        BorderEntry.distance_m,
        BorderEntry.neighbour_code,
        BorderEntry.last_visit_on,
        BorderEntry.open_problems,
    )
    rows = gate.visible(actor, "border:read", BorderEntry).where(
        ~(BorderEntry.area_code == any_(literal(sorted(actor.areas), ARRAY(Text))))
    )
    once = rows.with_only_columns(*columns).ext(distinct_on(BorderEntry.source_id))
    found = await session.execute(once.order_by(BorderEntry.source_id, BorderEntry.memorandum_id))
    return [
        Listed(row.id, False, row.distance_m, row.neighbour_code, row.last_visit_on, [], row.open_problems)
        for row in found
    ]


async def _read(session: AsyncSession, actor: Actor, rows: list[Listed], agencies: Mapping[str, str]) -> list[Listed]:
    """The same rows with their records."""
    sources = gate.visible(actor, "sources:read", Source).where(_among(Source.id, rows, is_own=True))
    entries = gate.visible(actor, "border:read", BorderEntry).where(_among(BorderEntry.id, rows, is_own=False))
    own = {one.id: one for one in await session.scalars(sources)}
    shared = {one.id: one for one in await session.scalars(entries)}
    for row in rows:
        if row.is_own:
            row.record = own[row.id]
            row.agency_name = answers_for(row.record.area_code, agencies)
        else:
            row.record = entry = shared[row.id]
            row.agency_name, row.last_visit_by = entry.agency_name, entry.last_visit_by or []
    return rows


def _among(column: InstrumentedAttribute[UUID], rows: Iterable[Listed], *, is_own: bool) -> ColumnElement[bool]:
    return column == any_(literal([row.id for row in rows if row.is_own is is_own], ARRAY(Uuid)))


def _order(row: Listed) -> tuple[int, int, date, float]:
    """Overdue problems first, then open ones, then whoever was visited longest ago or never, then the nearest."""
    return -(row.overdue_problems or 0), -(row.open_problems or 0), row.last_visit_on or date.min, row.distance_m
