"""Every read of the tracks room, through the gate."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.means.tracks.tables import TrackPoint
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor


async def trail_of(session: AsyncSession, actor: Actor, task_id: UUID) -> Sequence[TrackPoint]:
    """The points walked in a task that the actor may see, by officer and in the order of their time.

    It is the caller's duty that it stands on the ledger who looked.

    Raises    access.verb_missing
    """
    rows = gate.visible(actor, "positions:read", TrackPoint).where(TrackPoint.task_id == task_id)
    return (await session.scalars(rows.order_by(TrackPoint.officer_id, TrackPoint.happened_at))).all()
