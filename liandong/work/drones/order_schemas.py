"""Wire shapes of flight orders."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class FlightOrderIn(BaseModel):
    """Which flight, counted from 1, is to be flown by whom."""

    model_config = ConfigDict(extra="forbid")
    flight_number: int = Field(ge=1, le=1000)
    carrier: Literal["dock", "mavlink"] = "dock"


class FlightOrderOut(BaseModel):
    """An order with how far it is. `percent` 0-100 and `waypoint_index` (from 0) are empty until the device says them.
    `reason` says why it ended without being flown, `device_code` in the device's own words."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    mission_id: UUID
    aircraft_id: UUID
    flight_number: int
    carrier: str
    state: str
    ordered_by: str
    ordered_at: datetime
    sent_at: datetime | None
    ready_at: datetime | None
    took_off_at: datetime | None
    progressed_at: datetime | None
    ended_at: datetime | None
    percent: int | None
    waypoint_index: int | None
    wayline_state: str | None
    stop_asked_at: datetime | None
    stop_reason: str | None
    reason: str | None
    reason_code: str | None
    device_code: str | None
    verbs: list[str] = []
