"""The facts the border room announces."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from liandong.kernel.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class BorderListChanged(Fact):
    """Sources came on the list that members of a memorandum share, left it, or stand otherwise on it: so many of each."""

    came: int
    went: int
    changed: int


@dataclass(frozen=True, kw_only=True)
class BlindSpotCalled(Fact):
    """A piece of the border that nobody watched, and somebody is to be sent there this week."""

    memorandum_id: UUID
    week: str
    neighbour_code: str
    lon: float
    lat: float
