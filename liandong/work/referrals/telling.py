"""Telling a neighbour once: what is said again with the same id is the same referral."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.errors import Refused
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.work.clues.found import add_photos, receive_found
from liandong.work.clues.queries import Tellable, tellable
from liandong.work.referrals.actions import Telling, send_referral
from liandong.work.referrals.schemas import ReferralIn
from liandong.work.referrals.tables import Referral

MOST_OF_A_LOCK = 2**63 - 1


async def said_before(session: AsyncSession, actor: Actor, said: ReferralIn) -> Referral | None:
    """The referral of this id, if it was made by the same words of the same person.

    Raises    referrals.said_otherwise
    """
    # two of the same at once: the second waits here and finds the first
    await session.execute(select(func.pg_advisory_xact_lock(said.id.int & MOST_OF_A_LOCK)))
    known = await session.get(Referral, said.id)
    if known is None:
        return None
    is_same = known.sender_id == actor.account_id and known.to_area == said.to_area
    if not is_same or said.clue_id not in (None, known.clue_id):
        raise Refused("referrals.said_otherwise")
    return known


async def tell_of_find(session: AsyncSession, actor: Actor, said: ReferralIn) -> Referral:
    """What somebody came upon is a clue of his own area, its photos are sealed, and the neighbour is told.

    Raises    access.verb_missing, and as `send_referral`
    Announces ClueReceived, EvidenceSealed for each photo, ReferralSent
    """
    gate.may(actor, "referrals:send")
    assert said.clue is not None
    clue = await receive_found(session, actor, said.clue)
    await add_photos(session, actor, clue, said.photos)
    return await tell(session, actor, tellable(clue), said)


async def tell(session: AsyncSession, actor: Actor, clue: Tellable, said: ReferralIn) -> Referral:
    """The neighbour is told of the clue and shown what shows it.

    Raises    as `send_referral`
    Announces ReferralSent
    """
    return await send_referral(session, actor, clue, Telling(said.id, said.to_area, said.note))
