"""The facts the docks room announces."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from liandong.kernel.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class DockRegistered(Fact):
    """A dock is on record, with the aircraft that lives in it."""

    serial_no: str
    aircraft_id: UUID


@dataclass(frozen=True, kw_only=True)
class FlightMediaFiled(Fact):
    """All files that the dock expected of an ordered flight are evidence: so many."""

    order_id: UUID
    flight_number: int
    filed: int


@dataclass(frozen=True, kw_only=True)
class DockPictureAsked(Fact):
    """Somebody asked a dock to send its aircraft's picture, or to stop sending it."""

    wanted: bool
