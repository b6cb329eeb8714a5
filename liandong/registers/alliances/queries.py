"""Every read of the alliances room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.clock import beijing_today
from liandong.registers import law
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.registers.alliances.states import MemorandumState
from liandong.registers.alliances.tables import Memorandum, MemorandumMember

BAND_RULE = "border.band"


@dataclass(frozen=True)
class InForce:
    """A memorandum that grants something on a day: the areas that belong to it, what they share, how wide its band is (m)."""

    id: UUID
    number: str
    title: str
    area_code: str
    areas: tuple[str, ...]
    mechanisms: frozenset[str]
    shares: frozenset[str]
    band_m: float


def visible_memoranda(actor: Actor, state: str | None = None) -> Select[Memorandum]:
    """The memoranda that the actor's area belongs to, or that were drafted in sight, those too that are over.

    Raises    access.verb_missing
    """
    rows = gate.visible(actor, "memoranda:read", Memorandum)
    return rows if state is None else rows.where(Memorandum.state == state)


async def find_memorandum(
    session: AsyncSession, actor: Actor, memorandum_id: UUID, verb: str = "memoranda:read", *, lock: bool = False
) -> Memorandum:
    """A memorandum that the actor may see and do `verb` to.

    Raises    kernel.not_found, access.verb_missing, access.way_missing
    """
    return await gate.find(session, actor, verb, Memorandum, memorandum_id, lock=lock)


async def members_of(session: AsyncSession, memorandum: Memorandum) -> Sequence[MemorandumMember]:
    """The members of a memorandum as it was last written, by seat; those too that left."""
    rows = select(MemorandumMember).where(
        MemorandumMember.memorandum_id == memorandum.id, MemorandumMember.edition == memorandum.edition
    )
    return (await session.scalars(rows.order_by(MemorandumMember.seat))).all()


def still_members(members: Iterable[MemorandumMember]) -> list[str]:
    """The areas that belong to it still, in the order of their seats."""
    return [member.area_code for member in members if member.left_at is None]


def own_seat(actor: Actor, members: Iterable[MemorandumMember]) -> MemorandumMember | None:
    """The seat of the actor's area, if it belongs to the memorandum still."""
    return next((one for one in members if one.area_code == actor.home_area and one.left_at is None), None)


async def memoranda_in_force(session: AsyncSession, what: str | None = None) -> list[InForce]:
    """The memoranda that hold today and grant this (anything), as far as this transaction sees any, the eldest first."""
    day = beijing_today()
    # past the gate: row-level security shows people their own; the worker keeps the sheets of all
    rows = select(Memorandum).where(
        Memorandum.state == MemorandumState.in_force.value, Memorandum.from_on <= day, Memorandum.holds_until_on >= day
    )
    found = (await session.scalars(rows.order_by(Memorandum.drafted_at))).all()
    holding = [await _in_force(session, memorandum, day) for memorandum in found]
    return [one for one in holding if what is None or what in one.mechanisms | one.shares]


async def _in_force(session: AsyncSession, memorandum: Memorandum, day: date) -> InForce:
    areas = still_members(await members_of(session, memorandum))
    granted = frozenset(memorandum.mechanisms), frozenset(memorandum.shares)
    named = memorandum.id, memorandum.number, memorandum.title, memorandum.area_code
    return InForce(*named, tuple(areas), *granted, band_of(memorandum, day))


def band_of(memorandum: Memorandum, on: date) -> float:
    """How wide the border zone is that it covers, in metres: as it says itself, else as the rulebook says."""
    return memorandum.band_m or law.rule(BAND_RULE, on=on, area=memorandum.area_code).number


async def memorandum_between(session: AsyncSession, one: str, other: str, what: str) -> InForce | None:
    """A memorandum in force to which both areas belong and which grants this; None: there is none."""
    for memorandum in await memoranda_in_force(session, what):
        if {one, other} <= set(memorandum.areas):
            return memorandum
    return None
