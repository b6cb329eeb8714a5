"""HTTP routes of what was really seen."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from liandong.kernel.http import ERRORS
from liandong.oversight.coverage.mission_seen import mission_seen
from liandong.registers.access.door import Signed

router = APIRouter(tags=["drones"], responses=ERRORS)


class SeenInFlightOut(BaseModel):
    """A flight, and at how many moments of it somebody knows what was seen. `order_id` is empty for a mission that was
    flown without an order: then it is the time from release to the pilot's report."""

    order_id: UUID | None
    flight_number: int | None
    since: datetime
    until: datetime
    is_over: bool
    moments: int


class MissionSeenOut(BaseModel):
    """What the flights of a mission really saw: `ground` is GeoJSON in degrees WGS-84, `covered_percent` of what was
    asked for; both are null when nobody knows."""

    flights: list[SeenInFlightOut]
    moments: int
    covered_percent: float | None
    seen_m2: float
    ground: dict[str, Any] | None


@router.get("/missions/{mission_id}/seen")
async def read_mission_seen(signed: Signed, mission_id: UUID) -> MissionSeenOut:
    """What the aircraft of a mission really saw, worked out from how its camera was held, moment by moment."""
    found = await mission_seen(signed.session, signed.actor, mission_id)
    flights = [SeenInFlightOut(**vars(one.flight), moments=one.moments) for one in found.flights]
    return MissionSeenOut(
        flights=flights,
        moments=found.moments,
        covered_percent=found.covered_percent,
        seen_m2=found.seen_m2,
        ground=found.ground,
    )
