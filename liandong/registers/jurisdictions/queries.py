"""Every read of the jurisdictions room. Divisions and agencies are public knowledge: no gate."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from liandong.kernel.geo import AreaIndex
from liandong.registers.jurisdictions.tables import Agency, Area
from liandong.registers.jurisdictions.zones import Stretch, stretches_between

KEEP_SECONDS = 30.0
"""Divisions change a few times a year; every request asks for them."""

_kept: dict[tuple[int, str], tuple[float, Any]] = {}


def forget() -> None:
    """Afterwards divisions are read from the database again."""
    _kept.clear()


async def areas_below(session: AsyncSession, area_code: str) -> frozenset[str]:
    """The codes of an area and of everything below it."""
    key = (id(session.bind), area_code)
    kept = _kept.get(key)
    if kept and kept[0] > time.monotonic():
        return frozenset(kept[1])
    tree = select(Area.area_code).where(Area.area_code == area_code).cte(recursive=True)
    tree = tree.union(select(Area.area_code).join(tree, Area.parent_code == tree.c.area_code))
    codes = frozenset((await session.execute(select(tree.c.area_code))).scalars())
    _kept[key] = (time.monotonic() + KEEP_SECONDS, codes)
    return codes


async def list_areas(session: AsyncSession, under: str | None = None) -> Sequence[Area]:
    """The areas below `under` (itself included), or all, by code."""
    rows = select(Area).order_by(Area.area_code)
    if under is not None:
        rows = rows.where(Area.area_code.in_(await areas_below(session, under)))
    return (await session.execute(rows)).scalars().all()


async def list_agencies(session: AsyncSession) -> Sequence[Agency]:
    """Every agency, by area and name."""
    return (await session.execute(select(Agency).order_by(Agency.area_code, Agency.name))).scalars().all()


async def agency_of(session: AsyncSession, agency_id: UUID) -> Agency:
    """An agency that is known to exist, because somebody belongs to it."""
    key = (id(session.bind), str(agency_id))
    kept = _kept.get(key)
    if kept and kept[0] > time.monotonic():
        return kept[1]  # type: ignore[no-any-return]
    agency = await session.get_one(Agency, agency_id)
    session.expunge(agency)  # kept past this transaction: a refusal rolls it back and would empty what it still holds
    _kept[key] = (time.monotonic() + KEEP_SECONDS, agency)
    return agency


def area_of(agency_id: InstrumentedAttribute[UUID]) -> ScalarSelect[str]:
    """The area of an agency that another table names, as a part of a query on that table."""
    rows = select(Agency.area_code).where(Agency.id == agency_id)
    return rows.correlate(agency_id.parent.local_table).scalar_subquery()


async def outlines(session: AsyncSession) -> dict[str, dict[str, Any]]:
    """The outline of every area that has one, as GeoJSON geometry in WGS-84."""
    rows = await session.execute(select(Area.area_code, Area.outline).where(Area.outline.is_not(None)))
    return {row.area_code: row.outline for row in rows if row.outline}


async def area_index(session: AsyncSession) -> AreaIndex:
    """The outlines ready to be asked which area a point lies in."""
    key = (id(session.bind), "outlines")
    kept = _kept.get(key)
    if kept and kept[0] > time.monotonic():
        return kept[1]  # type: ignore[no-any-return]
    index = AreaIndex(await outlines(session))
    _kept[key] = (time.monotonic() + KEEP_SECONDS, index)
    return index


async def stretches_of(session: AsyncSession, board: Iterable[str]) -> list[Stretch]:
    """The borders between the districts of a board that have an outline; of a board of one, all that it has."""
    districts = sorted(set(board))
    key = (id(session.bind), f"stretches {' '.join(districts)}")
    kept = _kept.get(key)
    if kept and kept[0] > time.monotonic():
        return kept[1]  # type: ignore[no-any-return]
    known = await outlines(session)
    found = await asyncio.to_thread(stretches_between, [code for code in districts if code in known], known)
    _kept[key] = (time.monotonic() + KEEP_SECONDS, found)
    return found


async def area_names(session: AsyncSession) -> dict[str, str]:
    """The name of every area by code."""
    return {area.area_code: area.name for area in await list_areas(session)}


async def agency_names(session: AsyncSession) -> dict[UUID, str]:
    """The short name of every agency by id."""
    return {agency.id: agency.short_name for agency in await list_agencies(session)}
