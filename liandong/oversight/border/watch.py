"""盲区图 as one person sees it: both sides of each piece of the border together, what nobody watches first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.clock import beijing_today
from liandong.oversight.border.tables import BorderSegment
from liandong.registers import law
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.registers.alliances.queries import InForce, memoranda_in_force
from liandong.registers.alliances.vocabulary import Share
from liandong.registers.law.answers import Rule


class Watch(StrEnum):
    """Who was on a piece of the border within the window."""

    nobody = "nobody"
    one_side = "one_side"
    both_sides = "both_sides"


@dataclass(frozen=True)
class Piece:
    """A piece of the border: its sides in sight, by division code, and who watches it."""

    sides: Sequence[BorderSegment]
    watch: Watch


@dataclass(frozen=True)
class BorderWatch:
    """Every piece in sight, and by which rule it was counted."""

    window: Rule
    memoranda: dict[UUID, InForce]
    pieces: list[Piece]


async def border_watch(session: AsyncSession, actor: Actor) -> BorderWatch:
    """The pieces of the borders that the actor's areas share with allies, and of all borders of these memoranda.

    Raises    access.verb_missing
    """
    rows = gate.visible(actor, "border:read", BorderSegment)
    found = sorted((await session.scalars(rows)).all(), key=_place)
    pieces = [_piece(list(sides)) for _, sides in groupby(found, key=_place)]
    window = law.rule("border.watch_window", on=beijing_today(), area=actor.home_area)
    memoranda = {one.id: one for one in await memoranda_in_force(session, Share.border_watch)}
    return BorderWatch(window, memoranda, sorted(pieces, key=_order))


def _place(side: BorderSegment) -> tuple[str, str, str]:
    return str(side.memorandum_id), str(sorted((side.area_code, side.neighbour_code))), str(side.line["coordinates"])


def _piece(sides: list[BorderSegment]) -> Piece:
    """A side is watched when an officer, of whichever agency, or an aircraft's camera was within the band on it."""
    watched = sum(1 for side in sides if side.track_days or side.seen_days)
    watch = Watch.nobody if watched == 0 else Watch.both_sides if watched > 1 else Watch.one_side
    return Piece(sorted(sides, key=lambda side: side.area_code), watch)


def _order(piece: Piece) -> tuple[bool, int, str]:
    """What nobody watches first, of that where most sources were never visited."""
    return piece.watch != Watch.nobody, -total(piece.sides, "never_visited"), _place(piece.sides[0])[1]


def total(sides: Iterable[BorderSegment], name: str) -> int:
    """A count of all sides together; what is not shared counts for nothing."""
    return sum(getattr(side, name) or 0 for side in sides)
