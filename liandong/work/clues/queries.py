"""Every read of the clues room, through the gate."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.work.clues.tables import Clue


def visible_clues(actor: Actor, state: str | None = None, source_id: UUID | None = None) -> Select[Clue]:
    """The clues that the actor may see, narrowed to a state or a source."""
    rows = gate.visible(actor, "clues:read", Clue)
    if state is not None:
        rows = rows.where(Clue.state == state)
    return rows if source_id is None else rows.where(Clue.source_id == source_id)


async def find_clue(
    session: AsyncSession, actor: Actor, clue_id: UUID, verb: str = "clues:read", *, lock: bool = False
) -> Clue:
    """A clue that the actor may see and do `verb` to.

    Raises    kernel.not_found, access.verb_missing, access.way_missing
    """
    return await gate.find(session, actor, verb, Clue, clue_id, lock=lock)
