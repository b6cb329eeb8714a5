"""Whose a clue is: offered to a neighbour, kept, or handed over. Its area is its one owner at every instant."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.registers.access.queries import reaching
from liandong.work.clues.actions import about
from liandong.work.clues.events import ClueHandedOver, ClueTakenOver
from liandong.work.clues.queries import require_open_to_offer, require_untouched
from liandong.work.clues.tables import Clue


async def offer_clue(session: AsyncSession, clue_id: UUID, area_code: str) -> None:
    """The clue stays whose it is and waits for this neighbour's word.

    Raises    clues.not_open_to_offer, clues.came_from_a_neighbour, clues.designated
    """
    clue = await session.get_one(Clue, clue_id, with_for_update=True)
    require_open_to_offer(clue)
    clue.offered_to = area_code
    await session.flush()


async def dispute_clue(session: AsyncSession, clue_id: UUID, area_code: str) -> None:
    """Whoever took the clue over asks the superior whether it is this neighbour's: it waits for that word.

    Raises    clues.not_open_to_offer
    """
    clue = await session.get_one(Clue, clue_id, with_for_update=True)
    require_untouched(clue)
    clue.offered_to = area_code
    await session.flush()


async def keep_clue(session: AsyncSession, clue_id: UUID, owner: str) -> None:
    """The clue is its owner's as it was and waits for nobody."""
    async with reaching(session, owner):
        clue = await session.get_one(Clue, clue_id, with_for_update=True)
        clue.offered_to = None
        await session.flush()


async def hand_over_clue(session: AsyncSession, clue_id: UUID, owner: str, new_owner: str) -> None:
    """The clue is the new owner's from now on, whole, and no longer the former's.

    Announces ClueHandedOver to the former owner, ClueTakenOver to the new one
    """
    if owner == new_owner:
        return await keep_clue(session, clue_id, owner)
    async with reaching(session, owner, new_owner):
        clue = await session.get_one(Clue, clue_id, with_for_update=True)
        gone = about(clue, f"线索 {clue.number} 已移交") | {"after": {"clues": {str(clue.id): None}}}
        clue.area_code, clue.offered_to, clue.came_from = new_owner, None, owner
        await session.flush()
        await ledger.record(session, ClueHandedOver(**gone, new_owner=new_owner))
        await ledger.record(session, ClueTakenOver(**about(clue, f"接手线索 {clue.number}"), former_owner=owner))
    return None


async def settle_owner(session: AsyncSession, clue_id: UUID, owner: str) -> None:
    """The clue belongs to this area by a superior's word, who sees it wherever it is; it is told to nobody any more.

    Announces ClueHandedOver, ClueTakenOver, if that is another than before
    """
    clue = await session.get_one(Clue, clue_id, with_for_update=True)
    clue.is_designated = True
    await session.flush()
    await hand_over_clue(session, clue_id, clue.area_code, owner)
