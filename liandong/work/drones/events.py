"""The facts the drones room announces."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from liandong.kernel.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class AircraftRegistered(Fact):
    """An aircraft is on record."""

    serial_no: str


@dataclass(frozen=True, kw_only=True)
class AutopilotLinked(Fact):
    """An aircraft may report by MAVLink under this number, with a new key."""

    system_id: int


@dataclass(frozen=True, kw_only=True)
class NoFlyZoneSet(Fact):
    """No mission that is planned from now on leads over this area."""


@dataclass(frozen=True, kw_only=True)
class NoFlyZoneLifted(Fact):
    """A no-fly zone binds nobody any more, with the reason."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class MissionDrafted(Fact):
    """A mission was worked out."""

    aircraft_id: UUID
    flights: int
    covered_percent: float


@dataclass(frozen=True, kw_only=True)
class MissionReleased(Fact):
    """A mission may be flown: by whom, under which permit."""

    pilot_officer_id: UUID
    permit_no: str | None


@dataclass(frozen=True, kw_only=True)
class MissionFlown(Fact):
    """The pilot reported that a mission was flown."""


@dataclass(frozen=True, kw_only=True)
class MissionCancelled(Fact):
    """A mission will not be flown, with the reason."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class FlightOrdered(Fact):
    """A flight of a mission was ordered of a carrier."""

    order_id: UUID
    flight_number: int
    carrier: str


@dataclass(frozen=True, kw_only=True)
class FlightSent(Fact):
    """A carrier has taken the order to the aircraft."""

    order_id: UUID
    flight_number: int


@dataclass(frozen=True, kw_only=True)
class FlightTookOff(Fact):
    """The aircraft flies an ordered flight."""

    order_id: UUID
    flight_number: int


@dataclass(frozen=True, kw_only=True)
class FlightFlown(Fact):
    """An ordered flight was flown; `left` flights of the mission were not yet."""

    order_id: UUID
    flight_number: int
    left: int


@dataclass(frozen=True, kw_only=True)
class FlightNotFlown(Fact):
    """An order ended without being flown: refused before take-off, failed, or cancelled; with the reason."""

    order_id: UUID
    flight_number: int
    ended_as: str
    reason: str
    device_code: str | None


@dataclass(frozen=True, kw_only=True)
class FlightStopAsked(Fact):
    """Somebody asked that an ordered flight be stopped and the aircraft return, with the reason."""

    order_id: UUID
    flight_number: int
    reason: str
