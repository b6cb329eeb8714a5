"""Every read of the ground room, through the gate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, func
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.thinning import first_of_every
from liandong.means.ground.aims import Aim
from liandong.means.ground.seen import Ring, ground_aimed_at, ground_seen
from liandong.means.ground.tables import GroundView
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor

AS_GOOD_AS_THEN = timedelta(seconds=5)
"""A gimbal turns within seconds, so nothing older says where it looked."""


@dataclass(frozen=True)
class SeenGround:
    """The ground that an aircraft saw at one instant."""

    carrier_id: UUID
    happened_at: datetime
    ring: Ring


@dataclass(frozen=True)
class Span:
    """A time, and how many seconds of it are told by one moment (1: every second that is on record)."""

    since: datetime
    until: datetime
    step_s: int = 1


async def grounds_in(
    session: AsyncSession, actor: Actor, verb: str, span: Span, carrier_id: UUID | None = None
) -> list[SeenGround]:
    """What was seen in a time by everything, or by one carrier, that the actor may see; in the order of time.

    Moments at which nobody knows what was seen, or nothing could be made out, are not in it.

    Raises    access.verb_missing
    """
    rows = _rows(actor, verb, span, carrier_id)
    thinned = first_of_every(rows, span.step_s, of=GroundView.carrier_id, at=GroundView.happened_at)
    return [
        SeenGround(view.carrier_id, view.happened_at, ring)
        for view in await session.scalars(thinned)
        if (ring := ground_seen(view.lon, view.lat, _aim(view))) is not None
    ]


async def moments_in(session: AsyncSession, actor: Actor, verb: str, span: Span, carrier_id: UUID) -> int:
    """How often a carrier said in a time how its camera was held, as far as the actor may see it.

    Raises    access.verb_missing
    """
    rows = _rows(actor, verb, span, carrier_id).with_only_columns(func.count())
    return (await session.execute(rows)).scalar_one()


async def place_looked_at(
    session: AsyncSession, actor: Actor, carrier_id: UUID, at: datetime
) -> tuple[float, float] | None:
    """The place (lon, lat) in the middle of a carrier's picture at this moment; None when nobody knows.

    Raises    access.verb_missing
    """
    near = GroundView.happened_at.between(at - AS_GOOD_AS_THEN, at + AS_GOOD_AS_THEN)
    rows = gate.visible(actor, "positions:read", GroundView).where(GroundView.carrier_id == carrier_id, near)
    views = (await session.scalars(rows)).all()
    best = min(views, key=lambda view: abs(view.happened_at - at), default=None)
    return None if best is None else ground_aimed_at(best.lon, best.lat, _aim(best))


def _rows(actor: Actor, verb: str, span: Span, carrier_id: UUID | None) -> Select[GroundView]:
    rows = gate.visible(actor, verb, GroundView)
    rows = rows.where(GroundView.happened_at >= span.since, GroundView.happened_at <= span.until)
    return rows if carrier_id is None else rows.where(GroundView.carrier_id == carrier_id)


def _aim(view: GroundView) -> Aim:
    return Aim(view.yaw_deg, view.pitch_deg, view.roll_deg, view.height_m, view.across, view.upright)
