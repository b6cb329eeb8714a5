"""Every read of the referrals room, through the gate; and to whom a clue at a place could be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import ARRAY, Select, Text, any_, literal
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.geo import AreaIndex, whole_position
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.registers.alliances.queries import memoranda_in_force
from liandong.registers.alliances.vocabulary import Mechanism
from liandong.registers.jurisdictions.queries import area_index
from liandong.work.referrals.states import ReferralState
from liandong.work.referrals.tables import Referral

Direction = Literal["sent", "received"]


def visible_referrals(
    actor: Actor, states: Sequence[ReferralState] = (), direction: Direction | None = None, clue_id: UUID | None = None
) -> Select[Referral]:
    """The referrals that the actor's area sent or received, narrowed.

    Raises    access.verb_missing
    """
    rows = gate.visible(actor, "referrals:read", Referral)
    if states:
        rows = rows.where(Referral.state.in_([state.value for state in states]))
    if clue_id is not None:
        rows = rows.where(Referral.clue_id == clue_id)
    if direction is None:
        return rows
    side = Referral.area_code if direction == "sent" else Referral.to_area
    return rows.where(side == any_(literal(sorted(actor.areas), ARRAY(Text))))


async def find_referral(
    session: AsyncSession, actor: Actor, referral_id: UUID, verb: str = "referrals:read", *, lock: bool = False
) -> Referral:
    """A referral that the actor may see and do `verb` to.

    Raises    kernel.not_found, access.verb_missing, access.way_missing
    """
    return await gate.find(session, actor, verb, Referral, referral_id, lock=lock)


@dataclass(frozen=True)
class Choice:
    """A neighbour who may be told, and how far his area is from the place in metres (0: the place lies in it, None: no outline)."""

    area_code: str
    distance_m: float | None


@dataclass(frozen=True)
class Proposal:
    """Where a place lies, whether that is in the border zone (near two members at least), and who may be told, whoever it probably is first."""

    lies_in: str | None
    is_border: bool
    band_m: float | None
    choices: tuple[Choice, ...]


async def propose(session: AsyncSession, actor: Actor, lon: float | None, lat: float | None) -> Proposal:
    """Who could be told of something at this place, by the outlines on record and the memoranda in force.

    Without a place: everybody who may be told, by code.

    Raises    kernel.position_incomplete, kernel.position_out_of_range
    """
    bands = await _bands(session, actor)
    neighbours = sorted(bands.keys() - {actor.home_area})
    place = whole_position(lon, lat)
    if place is None:
        return Proposal(
            None, False, max(bands.values(), default=None), tuple(Choice(area, None) for area in neighbours)
        )
    index = await area_index(session)
    lies_in = index.locate(*place)
    found = sorted((Choice(area, _away(index, area, lies_in, *place)) for area in neighbours), key=_order)
    near = [
        area
        for area in bands
        if (_away(index, area, lies_in, *place) or 0.0) <= bands[area] and area in index.area_codes
    ]
    return Proposal(lies_in, len(near) > 1, max(bands.values(), default=None), tuple(found))


async def _bands(session: AsyncSession, actor: Actor) -> dict[str, float]:
    """How wide the border zone is for each area that belongs with the actor's to a memorandum with referrals, in metres."""
    bands: dict[str, float] = {}
    for memorandum in await memoranda_in_force(session):
        if actor.home_area in memorandum.areas and Mechanism.clue_referral in memorandum.mechanisms:
            for area in memorandum.areas:
                bands[area] = max(memorandum.band_m, bands.get(area, 0.0))
    return bands


def _away(index: AreaIndex, area: str, lies_in: str | None, lon: float, lat: float) -> float | None:
    if area == lies_in:
        return 0.0
    return index.distance_to_border_m(area, lon, lat) if area in index.area_codes else None


def _order(choice: Choice) -> tuple[bool, float, str]:
    return choice.distance_m is None, choice.distance_m or 0.0, choice.area_code
