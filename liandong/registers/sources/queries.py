"""Every read of the sources room, through the gate; beside it what rooms further along ask about one source."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.memory import learn, recall
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.registers.sources.tables import Enterprise, Source

METRES_A_DEGREE = 111_000
"""A little less than a degree of latitude has anywhere: a box made with it never is too small."""


@dataclass(frozen=True)
class SourceFilter:
    """What a list of sources is narrowed down to; None narrows nothing."""

    words: str | None = None
    area_code: str | None = None
    element: str | None = None
    permit_class: str | None = None
    supervision_class: str | None = None


def visible_sources(actor: Actor, wanted: SourceFilter) -> Select[Source]:
    """The sources that the actor may see and that fit the filter."""
    rows = gate.visible(actor, "sources:read", Source)
    if wanted.words:
        words = wanted.words.strip()
        rows = rows.where(or_(Source.name.contains(words, autoescape=True), Source.uscc == words.upper()))
    if wanted.element:
        rows = rows.where(Source.elements.contains([wanted.element]))
    for column, value in (
        (Source.area_code, wanted.area_code),
        (Source.permit_class, wanted.permit_class),
        (Source.supervision_class, wanted.supervision_class),
    ):
        if value is not None:
            rows = rows.where(column == value)
    return rows


def near(rows: Select[Source], lon: float, lat: float, radius_m: float) -> Select[Source]:
    """Those of the rows that lie in the box around a circle; whoever needs the circle measures what is left."""
    tall = radius_m / METRES_A_DEGREE
    wide = tall / max(math.cos(math.radians(lat)), 0.01)
    return rows.where(Source.lon.between(lon - wide, lon + wide), Source.lat.between(lat - tall, lat + tall))


async def find_source(session: AsyncSession, actor: Actor, source_id: UUID) -> Source:
    """A source that the actor may see.

    Raises    kernel.not_found
    """
    return await gate.find(session, actor, "sources:read", Source, source_id)


async def find_enterprise(session: AsyncSession, source: Source) -> Enterprise | None:
    """The legal person behind a source, if it is known."""
    return await session.get(Enterprise, source.enterprise_id) if source.enterprise_id else None


async def list_points(session: AsyncSession, actor: Actor, area_code: str | None) -> Sequence[tuple[object, ...]]:
    """(id, name, lon, lat, permit class, supervision class) of every visible source that has a position."""
    rows = visible_sources(actor, SourceFilter(area_code=area_code)).where(Source.lon.is_not(None))
    columns = (Source.id, Source.name, Source.lon, Source.lat, Source.permit_class, Source.supervision_class)
    return [tuple(row) for row in await session.execute(rows.with_only_columns(*columns).order_by(Source.id))]


async def source_name(session: AsyncSession, source_id: UUID) -> str | None:
    """The name of a source that a record already hangs from."""
    known = await _known(session, source_id)
    return known.name if known else None


async def source_names(session: AsyncSession, source_ids: set[UUID]) -> dict[UUID, str]:
    """The names of several sources that records already hang from, by id."""
    # past the gate: the names belong to records in sight
    rows = await session.execute(select(Source.id, Source.name).where(Source.id.in_(source_ids)))
    return {row.id: row.name for row in rows}


async def place_of(session: AsyncSession, source_id: UUID) -> tuple[float | None, float | None]:
    """Longitude and latitude of a source in degrees WGS-84; two Nones where it has no position."""
    known = await _known(session, source_id)
    return (known.lon, known.lat) if known else (None, None)


class _Known(NamedTuple):
    name: str
    lon: float | None
    lat: float | None


# past the gate: name and place belong to a record in sight
_KNOWN = select(Source.name, Source.lon, Source.lat).where(Source.id == bindparam("source_id"))


async def _known(session: AsyncSession, source_id: UUID) -> _Known | None:
    """Name and place as they were when this transaction first asked: every fact of a visit names its source."""
    known: _Known | None = recall(session, (_Known, source_id))
    if known is not None:
        return known
    # past the gate: name and place belong to a record in sight
    row = (await session.execute(_KNOWN, {"source_id": source_id})).one_or_none()
    return learn(session, (_Known, source_id), _Known(*row)) if row else None
