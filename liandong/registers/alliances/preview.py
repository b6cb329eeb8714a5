"""What each member will see and may do once a memorandum is in force, beside what it sees today: shown before anybody signs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.registers.access.actor import Actor
from liandong.registers.alliances.queries import members_of, still_members
from liandong.registers.alliances.tables import Memorandum


class Change(StrEnum):
    """What a memorandum changes about one thing that it may grant."""

    gained = "gained"
    kept = "kept"
    lost = "lost"


@dataclass(frozen=True)
class Granted:
    """One mechanism or sheet, whether it is new (None: not for this viewer to know), and with which areas."""

    what: str
    change: Change | None
    with_areas: tuple[str, ...]


@dataclass(frozen=True)
class Prospect:
    """What one member will hold."""

    area_code: str
    granted: tuple[Granted, ...]


@dataclass(frozen=True)
class _Table:
    """Who sits at a memorandum's table, and what it grants them."""

    areas: list[str]
    what: list[str]

    def others(self, area: str) -> tuple[str, ...]:
        return tuple(code for code in self.areas if code != area)


async def preview(session: AsyncSession, actor: Actor, memorandum: Memorandum) -> list[Prospect]:
    """For each member in the order of the seats: what it gains, keeps and loses against the memorandum that is replaced.

    Whoever did not belong to the one that is replaced is not told what others had by it.
    """
    after, before = await _table(session, memorandum), await _former(session, memorandum)
    if before is None:
        return [Prospect(area, tuple(_unknown(area, after, area == actor.home_area))) for area in after.areas]
    return [Prospect(area, tuple(_changes(area, after, before))) for area in after.areas]


async def _table(session: AsyncSession, memorandum: Memorandum) -> _Table:
    members = await members_of(session, memorandum)
    return _Table(still_members(members), [*memorandum.mechanisms, *memorandum.shares])


async def _former(session: AsyncSession, memorandum: Memorandum) -> _Table | None:
    if memorandum.replaces_id is None:
        return _Table([], [])
    # past the gate: row-level security gives it to those alone who belonged to it
    former = await session.get(Memorandum, memorandum.replaces_id)
    return None if former is None else await _table(session, former)


def _unknown(area: str, after: _Table, is_own: bool) -> list[Granted]:
    """What a newcomer is told: what is granted, and of itself that all of it is new."""
    return [Granted(what, Change.gained if is_own else None, after.others(area)) for what in after.what]


def _changes(area: str, after: _Table, before: _Table) -> list[Granted]:
    held = set(before.what) if area in before.areas else set()
    found = [Granted(what, Change.kept if what in held else Change.gained, after.others(area)) for what in after.what]
    lost = [what for what in before.what if what in held and what not in after.what]
    return [*found, *(Granted(what, Change.lost, before.others(area)) for what in lost)]
