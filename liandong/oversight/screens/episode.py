"""重污染天气: what lies round a place within rings of some kilometres, and the measures that each source has on record.

Nothing here is invented: a source without a recorded measure has none (`None`), and whoever looks is told so. Monitoring
stations are not on record; the place is one that somebody chose.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.clock import beijing_today
from liandong.kernel.errors import Invalid
from liandong.kernel.geo import haversine_m
from liandong.oversight.screens.tables import MeasureCheck
from liandong.registers import law
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.registers.law.answers import Rule
from liandong.registers.sources.queries import near
from liandong.registers.sources.tables import Source

RADII_RULE = "heavy_pollution.search_radii"
MOST = 1000
_MEASURES, _GRADE = ("减排措施", "应急措施", "应急减排"), "绩效"
_BETWEEN = re.compile(r"[;；\n]+")


@dataclass(frozen=True)
class Near:
    """A source within the chosen ring and how far it is. `measures` and `grade` are None where its record has none."""

    source: Source
    distance_m: float
    grade: str | None
    measures: list[str] | None


@dataclass(frozen=True)
class Surroundings:
    """What lies round a place. `counts` are the visible sources within each ring; `found` those of the chosen ring."""

    radii: Rule
    within_km: float
    counts: dict[float, int]
    found: list[Near]
    is_cut: bool
    checks: dict[tuple[UUID, str], MeasureCheck]


def measures_of(extra: Mapping[str, Any]) -> list[str] | None:
    """The emergency measures that the imported record of a source has, one by one; None where it has no such column."""
    texts = [str(text) for column, text in extra.items() if any(word in column for word in _MEASURES) and text]
    found = [part.strip() for text in texts for part in _BETWEEN.split(text) if part.strip()]
    return list(dict.fromkeys(found)) or None


def grade_of(extra: Mapping[str, Any]) -> str | None:
    """The performance grade (绩效分级) that the imported record of a source has."""
    return next((str(text) for column, text in extra.items() if _GRADE in column and text), None)


def radii_of(rule: Rule) -> list[float]:
    """The rings in kilometres, the smallest first."""
    values = rule.value if isinstance(rule.value, tuple) else (rule.value,)
    return sorted(float(value) for value in values)


async def find_surroundings(
    session: AsyncSession, actor: Actor, lon: float, lat: float, within_km: float | None
) -> Surroundings:
    """The visible sources round a place, the nearest first. Without `within_km` those of the smallest ring.

    Raises    screens.ring_unknown · access.verb_missing
    """
    gate.may(actor, "picture:read")
    rule = law.rule(RADII_RULE, on=beijing_today(), area=actor.home_area)
    rings = radii_of(rule)
    chosen = rings[0] if within_km is None else within_km
    if chosen not in rings:
        raise Invalid("screens.ring_unknown", value=within_km)
    box = near(gate.visible(actor, "sources:read", Source), lon, lat, rings[-1] * 1000)
    places = await session.execute(box.with_only_columns(Source.id, Source.lon, Source.lat))
    away = {row.id: haversine_m(lon, lat, row.lon, row.lat) for row in places}
    counts = {ring: sum(1 for metres in away.values() if metres <= ring * 1000) for ring in rings}
    nearest = sorted((metres, key) for key, metres in away.items() if metres <= chosen * 1000)
    sources = await _by_id(session, actor, [key for _, key in nearest[:MOST]])
    found = [
        Near(sources[key], metres, grade_of(sources[key].extra), measures_of(sources[key].extra))
        for metres, key in nearest[:MOST]
    ]
    checks = await _checks(session, actor, [one.source.id for one in found if one.measures])
    return Surroundings(rule, chosen, counts, found, len(nearest) > MOST, checks)


async def _by_id(session: AsyncSession, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, Source]:
    rows = gate.visible(actor, "sources:read", Source).where(Source.id.in_(ids))
    return {source.id: source for source in (await session.scalars(rows)).all()}


async def _checks(session: AsyncSession, actor: Actor, ids: Sequence[UUID]) -> dict[tuple[UUID, str], MeasureCheck]:
    rows = gate.visible(actor, "sources:read", MeasureCheck).where(
        MeasureCheck.source_id.in_(ids), MeasureCheck.checked_on == beijing_today()
    )
    ordered = (await session.scalars(rows.order_by(MeasureCheck.checked_at, MeasureCheck.id))).all()
    return {(check.source_id, check.measure): check for check in ordered}
