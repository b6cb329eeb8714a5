"""边界污染源清单 as one person sees it: one's own sources whole, an ally's as the sheet shows them.

How wide the band is says the memorandum that holds between the two sides of a border, else the rulebook.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, any_, literal
from sqlalchemy.ext.asyncio import AsyncSession

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
    """A source near a border. `source` is null where it is an ally's: then `entry` is what one is shown of it."""

    distance_m: float
    neighbour_code: str
    source: Source | None = None
    entry: BorderEntry | None = None
    agency_name: str | None = None
    standing: Standing = field(default_factory=Standing)

    @property
    def last_visit_on(self) -> date | None:
        """The day of the last visit on record, by whomever."""
        return self.entry.last_visit_on if self.entry else self.standing.last_visit_on

    @property
    def open_problems(self) -> int | None:
        """How many problems are open; null: one is not shown that."""
        return self.entry.open_problems if self.entry else len(self.standing.due)

    def overdue_problems(self, today: date) -> int | None:
        """How many of them are overdue; null: one is not shown that."""
        return None if self.entry else sum(1 for due in self.standing.due if due is not None and due < today)


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
    rows, unplaced = await _own_rows(session, actor, borders, agencies)
    shared = await _shared_rows(session, actor)
    known = {one.stretch for one in borders}
    for memorandum in (one for one in memoranda if one.id in actor.memoranda(Share.border_list)):
        theirs = [stretch for stretch in await stretches_of(session, memorandum.areas) if stretch not in known]
        borders += [Shown(stretch, memorandum.band_m, memorandum) for stretch in _once(theirs, known)]
    listed = sorted([*rows, *shared], key=lambda row: _order(row, beijing_today()))
    return BorderList(band, borders, {one.id: one for one in memoranda}, listed[:MOST], len(listed), unplaced)


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


async def _own_rows(
    session: AsyncSession, actor: Actor, borders: Sequence[Shown], agencies: Mapping[str, str]
) -> tuple[list[Listed], int]:
    zones = [Zone(one.stretch, one.band_m) for one in borders]
    board = {side for one in borders for side in one.stretch.sides}
    inside = districts_of(actor.areas, board)
    rows = gate.visible(actor, "sources:read", Source).where(
        Source.area_code == any_(literal(sorted(inside), ARRAY(Text)))
    )
    placed = await session.execute(
        rows.where(Source.lon.is_not(None)).with_only_columns(Source.id, Source.area_code, Source.lon, Source.lat)
    )
    places = [Placed(row.id, inside[row.area_code], (row.lon, row.lat)) for row in placed]
    near = await asyncio.to_thread(in_zones, zones, places)
    sources = (await session.scalars(rows.where(Source.id == any_(literal(list(near), ARRAY(Uuid)))))).all()
    inspections = gate.visible(actor, "inspections:read", Inspection)
    standing = await standings(session, inspections, gate.visible(actor, "problems:read", Problem), list(near))
    listed = [
        Listed(
            near[one.id].distance_m, _neighbour(near[one.id], inside[one.area_code], zones), source=one,
            agency_name=answers_for(one.area_code, agencies), standing=standing.get(one.id, Standing()),
        )
        for one in sources
    ]  # fmt: skip
    return listed, await gate.count(session, rows.where(Source.lon.is_(None)))


def _neighbour(near: Near, district: str, zones: Sequence[Zone]) -> str:
    [neighbour] = zones[near.zone].stretch.sides - {district}
    return neighbour


async def _shared_rows(session: AsyncSession, actor: Actor) -> list[Listed]:
    """What allies share and one does not see anyway; of a source under two memoranda the first row."""
    rows = gate.visible(actor, "border:read", BorderEntry).where(
        ~(BorderEntry.area_code == any_(literal(sorted(actor.areas), ARRAY(Text))))
    )
    entries: dict[UUID, BorderEntry] = {}
    for entry in await session.scalars(rows.order_by(BorderEntry.memorandum_id)):
        entries.setdefault(entry.source_id, entry)
    return [
        Listed(entry.distance_m, entry.neighbour_code, entry=entry, agency_name=entry.agency_name)
        for entry in entries.values()
    ]


def _order(row: Listed, today: date) -> tuple[int, int, date, float]:
    """Overdue problems first, then open ones, then whoever was visited longest ago or never, then the nearest."""
    return -(row.overdue_problems(today) or 0), -(row.open_problems or 0), row.last_visit_on or date.min, row.distance_m
