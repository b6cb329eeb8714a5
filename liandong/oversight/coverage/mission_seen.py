"""The ground that the flights of a mission saw, held against what was asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import shapely
from shapely import LineString, Polygon
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.clock import now
from liandong.means.ground.queries import SeenGround, Span, grounds_in, moments_in
from liandong.registers.access.actor import Actor
from liandong.work.drones import queries
from liandong.work.drones.planning.plane import Plane
from liandong.work.drones.planning.plans import covered_percent
from liandong.work.drones.tables import FlightOrder, Mission

MOST_MOMENTS = 3_600
"""Of one flight, a moment a second. Of one that said more, every second moment counts, or third: never more than was seen."""
LONGEST = timedelta(hours=24)
SIMPLER_M = 1.0


@dataclass(frozen=True)
class FlownSpan:
    """When the aircraft of a mission was in the air for it: by an order, or, without any, as the pilot reported it."""

    order_id: UUID | None
    flight_number: int | None
    since: datetime
    until: datetime
    is_over: bool


@dataclass(frozen=True)
class SeenInFlight:
    """A flight, and at how many moments of it somebody knows what was seen."""

    flight: FlownSpan
    moments: int


@dataclass(frozen=True)
class MissionSeen:
    """What the flights of a mission saw. `covered_percent` of what was asked for and `ground` (GeoJSON) are None when
    no moment is known: then nobody can say what was seen."""

    flights: list[SeenInFlight]
    moments: int
    covered_percent: float | None
    seen_m2: float
    ground: dict[str, Any] | None


async def mission_seen(session: AsyncSession, actor: Actor, mission_id: UUID) -> MissionSeen:
    """What a mission that the actor may see has really seen until now.

    Raises    kernel.not_found, access.verb_missing
    """
    mission = await queries.find_mission(session, actor, mission_id)
    spans = flown_spans(mission, await queries.orders_of(session, actor, mission_id), now())
    flights, grounds = [], list[SeenGround]()
    for span in spans:
        found = await _grounds(session, actor, mission, Span(span.since, span.until))
        flights.append(SeenInFlight(span, len(found)))
        grounds += found
    return _held_against(mission, flights, grounds)


async def _grounds(session: AsyncSession, actor: Actor, mission: Mission, span: Span) -> list[SeenGround]:
    said = await moments_in(session, actor, "drones:read", span, mission.aircraft_id)
    step_s = max(1, math.ceil(said / MOST_MOMENTS))
    return await grounds_in(session, actor, "drones:read", replace(span, step_s=step_s), mission.aircraft_id)


def flown_spans(mission: Mission, orders: Sequence[FlightOrder], at: datetime) -> list[FlownSpan]:
    """When it was flown, oldest first. `orders` are all of the mission's; those that never took off count for nothing."""
    spans = [
        FlownSpan(one.id, one.flight_number, one.took_off_at, one.ended_at or at, one.ended_at is not None)
        for one in orders
        if one.took_off_at is not None
    ]
    if not orders and mission.released_at is not None:
        until = mission.flown_at or at
        spans = [FlownSpan(None, None, mission.released_at, until, mission.flown_at is not None)]
    whole = [replace(span, since=max(span.since, span.until - LONGEST)) for span in spans]
    return sorted(whole, key=lambda span: span.since)


def _held_against(mission: Mission, flights: list[SeenInFlight], grounds: list[SeenGround]) -> MissionSeen:
    if not grounds:
        return MissionSeen(flights, 0, None, 0, None)
    lon, lat = mission.asked["home"]
    plane = Plane(lon, lat)
    seen = plane.metres(shapely.union_all([Polygon(one.ring) for one in grounds]))
    told = plane.degrees(seen.simplify(SIMPLER_M))
    return MissionSeen(
        flights, len(grounds), covered_percent(_wanted(mission, plane), seen), round(seen.area),
        mapping(shapely.set_precision(told, 1e-6)),
    )  # fmt: skip


def _wanted(mission: Mission, plane: Plane) -> BaseGeometry:
    wanted: BaseGeometry = plane.metres(shape(mission.asked["wanted"]))
    if isinstance(wanted, LineString):
        return wanted.buffer(mission.asked["width_m"] / 2, cap_style="flat")
    return wanted
