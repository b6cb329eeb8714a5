"""The deed of telling a neighbour from a phone: what was come upon, one photo of it, and to whom if the officer said so."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import BaseModel, Field

from liandong.kernel.errors import Refused
from liandong.wires.phone.doing import Doing
from liandong.work.clues.schemas import ElementId, FoundClueIn, PhotoIn
from liandong.work.referrals.queries import propose
from liandong.work.referrals.schemas import ReferralIn
from liandong.work.referrals.telling import tell_of_find


class TellNeighbour(PhotoIn):
    """Something was come upon beyond the border. Without `to_area` the place says whose it probably is."""

    description: str = Field(min_length=1, max_length=4000)
    element: ElementId | None = None
    to_area: str | None = Field(None, min_length=6, max_length=12)


async def _tell(doing: Doing, said: TellNeighbour) -> None:
    deed = doing.deed
    photo = PhotoIn(**said.model_dump(include=set(PhotoIn.model_fields)))
    found = FoundClueIn(description=said.description, element=said.element, lon=deed.lon, lat=deed.lat)
    body = ReferralIn(id=deed.id, to_area=said.to_area or await _probably(doing), clue=found, photos=[photo])
    await tell_of_find(doing.session, doing.actor, body)


async def _probably(doing: Doing) -> str:
    """The neighbour in whose area the place lies, else the one whose border is near."""
    deed = doing.deed
    if deed.lon is None or deed.lat is None:
        raise Refused("referrals.neighbour_unclear")
    proposal = await propose(doing.session, doing.actor, deed.lon, deed.lat)
    nearest = next(iter(proposal.choices), None)
    if nearest is None or nearest.distance_m is None or nearest.distance_m > (proposal.band_m or 0):
        raise Refused("referrals.neighbour_unclear")
    return nearest.area_code


DOES: dict[type[BaseModel], Callable[[Doing, Any], Awaitable[None]]] = {TellNeighbour: _tell}
PAYLOADS: dict[str, type[BaseModel]] = {"tell_neighbour": TellNeighbour}
