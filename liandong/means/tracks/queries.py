"""Every read of the tracks room, through the gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.means.tracks.tables import Position, TrackPoint
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor

AS_GOOD_AS_THEN = timedelta(seconds=15)


@dataclass(frozen=True)
class Footprint:
    """Where an officer was at one instant: degrees WGS-84, metres."""

    officer_id: UUID
    lon: float
    lat: float
    accuracy_m: float | None
    happened_at: datetime


@dataclass(frozen=True)
class Place:
    """Where somebody was last known to be, and when: degrees WGS-84."""

    lon: float
    lat: float
    happened_at: datetime


async def places_of(session: AsyncSession, actor: Actor, carrier_ids: set[UUID]) -> dict[UUID, Place]:
    """The last known place of each of these, where there is one that the actor may see.

    It is the caller's duty that it stands on the ledger who looked.

    Raises    access.verb_missing
    """
    rows = gate.visible(actor, "positions:read", Position).where(Position.carrier_id.in_(carrier_ids))
    return {at.carrier_id: Place(at.lon, at.lat, at.happened_at) for at in await session.scalars(rows)}


async def place_at(session: AsyncSession, actor: Actor, carrier_id: UUID, at: datetime) -> Place | None:
    """Where the trail says that somebody was at this moment, by its nearest point; None if there is none within 15 seconds.

    It is the caller's duty that it stands on the ledger who looked.

    Raises    access.verb_missing
    """
    near = TrackPoint.happened_at.between(at - AS_GOOD_AS_THEN, at + AS_GOOD_AS_THEN)
    rows = gate.visible(actor, "positions:read", TrackPoint).where(TrackPoint.carrier_id == carrier_id, near)
    points = (await session.scalars(rows)).all()
    best = min(points, key=lambda point: abs(point.happened_at - at), default=None)
    return Place(best.lon, best.lat, best.happened_at) if best else None


async def trail_of(session: AsyncSession, actor: Actor, task_id: UUID) -> Sequence[Footprint]:
    """The points walked in a task that the actor may see, by officer and in the order of their time.

    It is the caller's duty that it stands on the ledger who looked.

    Raises    access.verb_missing
    """
    rows = gate.visible(actor, "positions:read", TrackPoint).where(TrackPoint.task_id == task_id)
    points = await session.scalars(rows.order_by(TrackPoint.carrier_id, TrackPoint.happened_at))
    return [Footprint(at.carrier_id, at.lon, at.lat, at.accuracy_m, at.happened_at) for at in points]
