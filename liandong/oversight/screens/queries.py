"""What is on record of the screens themselves: the layouts of the video wall."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.oversight.screens.tables import WallLayout
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor


async def list_layouts(session: AsyncSession, actor: Actor) -> Sequence[WallLayout]:
    """The layouts in sight that hold, by operation.

    Raises    access.verb_missing
    """
    held = gate.visible(actor, "video:read", WallLayout).where(WallLayout.ended_at.is_(None))
    return (await session.scalars(held.order_by(WallLayout.operation, WallLayout.made_at).limit(200))).all()


async def find_layout(session: AsyncSession, actor: Actor, layout_id: UUID) -> WallLayout:
    """A layout that the actor may change, held until the transaction ends.

    Raises    kernel.not_found, access.verb_missing, access.way_missing
    """
    return await gate.find(session, actor, "screens:arrange", WallLayout, layout_id, lock=True)
