"""盲区图 keeps itself: how each side of each piece of a common border was watched, in sums, from what is on record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, Text, any_, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.clock import beijing_today, now
from liandong.oversight.border.events import BlindSpotCalled
from liandong.oversight.border.tables import BorderSegment
from liandong.oversight.border.traces import Trace, box_round, camera_traces, officer_traces, sides_of
from liandong.registers import law
from liandong.registers.alliances.masking import masked
from liandong.registers.alliances.queries import InForce, memoranda_in_force
from liandong.registers.alliances.sheets import keep_sheet, withdraw_sheets
from liandong.registers.alliances.vocabulary import Share
from liandong.registers.jurisdictions.queries import agency_names, areas_below, outlines, stretches_of
from liandong.registers.jurisdictions.segments import cut, side_id
from liandong.registers.jurisdictions.zones import Placed, Zone, districts_of, in_zones
from liandong.registers.sources.tables import Source
from liandong.work.clues.tables import Clue
from liandong.work.inspections.tables import Inspection
from liandong.work.problems.tables import Problem

SHEET = Share.border_watch
ONE_AT_A_TIME = "keeping the watch of the borders"
MONDAY = 0
Side = tuple[int, str]


async def keep_border_watch(session: AsyncSession) -> None:
    """The sheets of all memoranda that share the watch of their borders say what is on record. Safe to repeat."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(ONE_AT_A_TIME, 0))))
    sharing = await memoranda_in_force(session, SHEET)
    for memorandum in sharing:
        await keep_sheet(session, BorderSegment, memorandum.id, await _wanted(session, memorandum))
    await withdraw_sheets(session, BorderSegment, [one.id for one in sharing])


async def _wanted(session: AsyncSession, memorandum: InForce) -> dict[UUID, dict[str, Any]]:
    zones = await _zones(session, memorandum)
    if not zones:
        return {}
    known = {code: outline for code, outline in (await outlines(session)).items() if code in memorandum.areas}
    days = law.rule("border.watch_window", on=beijing_today(), area=memorandum.area_code).number
    since, box = now() - timedelta(days=days), box_round(zones)
    walked = sides_of(await officer_traces(session, box, since), zones, known)
    seen = sides_of(await camera_traces(session, box, since), zones, known)
    counts = await _counts(session, memorandum, zones, beijing_today() - timedelta(days=days))
    names, shown = await agency_names(session), law.sharing(SHEET, on=beijing_today())
    wanted = {}
    for number, zone in enumerate(zones):
        for side in sorted(zone.stretch.sides):
            at = (number, side)
            row = _watched(walked.get(at, []), seen.get(at, []), names) | {
                name: counted[at] for name, counted in counts.items()
            }
            wanted[side_id(zone.stretch, side)] = masked(shown, row) | _where(zone, side)
    return wanted


async def _zones(session: AsyncSession, memorandum: InForce) -> list[Zone]:
    piece_m = law.rule("border.segment", on=beijing_today(), area=memorandum.area_code).number
    return [Zone(one, memorandum.band_m) for one in cut(await stretches_of(session, memorandum.areas), piece_m)]


def _watched(walked: Sequence[Trace], seen: Sequence[Trace], names: Mapping[UUID, str]) -> dict[str, Any]:
    days, seen_days = {one.on for one in walked}, {one.on for one in seen}
    return {
        "last_track_on": max(days, default=None),
        "track_days": len(days),
        "watchers": sorted({names.get(one.agency, "") for one in walked}),
        "last_seen_on": max(seen_days, default=None),
        "seen_days": len(seen_days),
    }


def _where(zone: Zone, side: str) -> dict[str, Any]:
    [neighbour] = zone.stretch.sides - {side}
    return {
        "area_code": side,
        "neighbour_code": neighbour,
        "line": {"type": "LineString", "coordinates": [list(point) for point in zone.stretch.line]},
        "length_m": round(zone.stretch.length_m),
        "band_m": zone.band_m,
    }


async def _counts(
    session: AsyncSession, memorandum: InForce, zones: Sequence[Zone], since: date
) -> dict[str, Counter[Side]]:
    """How many sources, clues and problems lie on each side of each segment; the latter two since that day."""
    sources = select(Source)  # past the gate: the worker counts for all, and hands on no more than sums
    clues = select(Clue).where(Clue.received_at >= now() - (beijing_today() - since))  # past the gate: as above
    problems = select(Problem).where(Problem.found_on >= since)  # past the gate: as above
    visited = select(Inspection.source_id).where(Inspection.submitted_at.is_not(None))  # past the gate: as above
    areas = {code for member in memorandum.areas for code in await areas_below(session, member)}
    inside = districts_of(areas, memorandum.areas)
    of_sources = await _sides(session, sources, inside, zones)
    of_problems = await _sides(session, problems, inside, zones)
    known = set(await session.scalars(visited.distinct()))
    closed = set(await session.scalars(problems.where(Problem.closed_at.is_not(None)).with_only_columns(Problem.id)))
    return {
        "sources": Counter(of_sources.values()),
        "never_visited": Counter(side for key, side in of_sources.items() if key not in known),
        "clues": Counter((await _sides(session, clues, inside, zones)).values()),
        "problems": Counter(of_problems.values()),
        "closed": Counter(side for key, side in of_problems.items() if key in closed),
    }


async def _sides(
    session: AsyncSession, rows: Select[Any], inside: Mapping[str, str], zones: Sequence[Zone]
) -> dict[UUID, Side]:
    """On which side of which segment each of these rows lies that lies in a zone; each has an area and a place."""
    table = rows.column_descriptions[0]["entity"]
    placed = rows.where(table.lon.is_not(None), table.area_code == any_(literal(sorted(inside), ARRAY(Text))))
    found = await session.execute(placed.with_only_columns(table.id, table.area_code, table.lon, table.lat))
    places = [Placed(row.id, inside[row.area_code], (row.lon, row.lat)) for row in found]
    near = in_zones(zones, places)
    return {place.key: (near[place.key].zone, place.district) for place in places if place.key in near}


async def call_blind_spots(session: AsyncSession, today: date | None = None) -> None:
    """On a Monday each member is called to the piece of its border that nobody watches, of several to the one in most need.

    Announces BlindSpotCalled
    """
    on = today or beijing_today()
    if on.weekday() != MONDAY:
        return
    for memorandum in await memoranda_in_force(session, SHEET):
        for side in memorandum.areas:
            # past the gate: the timetable calls for every area
            rows = select(BorderSegment).where(
                BorderSegment.memorandum_id == memorandum.id, BorderSegment.area_code == side
            )
            blind = [one for one in (await session.scalars(rows)).all() if not one.track_days and not one.seen_days]
            if blind:
                await ledger.record(session, _called(memorandum, max(blind, key=_need), on))


def _need(segment: BorderSegment) -> tuple[int, int, int, str]:
    """Most sources that nobody visited, then most clues and problems, then most sources; a fixed order among equals."""
    told = (segment.clues or 0) + (segment.problems or 0)
    return segment.never_visited or 0, told, segment.sources or 0, str(segment.side_id)


def _called(memorandum: InForce, segment: BorderSegment, on: date) -> BlindSpotCalled:
    year, week, _ = on.isocalendar()
    line = segment.line["coordinates"]
    lon, lat = line[len(line) // 2] if len(line) > 2 else [(a + b) / 2 for a, b in zip(*line, strict=True)]
    return BlindSpotCalled(
        subject_id=segment.id,
        subject={"number": memorandum.number, "title": memorandum.title},
        area_code=segment.area_code,
        words=f"交界盲区：{segment.length_m} 米地段期内无人巡查，未检查污染源 {segment.never_visited or 0} 家",
        memorandum_id=memorandum.id, week=f"{year}-W{week:02d}", neighbour_code=segment.neighbour_code, lon=lon, lat=lat,
    )  # fmt: skip
