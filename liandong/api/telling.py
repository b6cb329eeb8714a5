"""Telling a neighbour in one breath, as fast as a chat message: a clue, new or on record, its photos, and whose it probably is."""

from __future__ import annotations

from fastapi import APIRouter

from liandong.kernel.http import ERRORS
from liandong.registers.access import gate
from liandong.registers.access.door import Signed
from liandong.work.clues.found import add_photos
from liandong.work.clues.queries import find_clue, tellable
from liandong.work.referrals.routes import shown
from liandong.work.referrals.schemas import ReferralIn, ReferralOut
from liandong.work.referrals.telling import said_before, tell, tell_of_find

router = APIRouter(prefix="/referrals", tags=["referrals"], responses=ERRORS)


@router.post("", status_code=201)
async def send_referral(signed: Signed, body: ReferralIn) -> ReferralOut:
    """Tell a neighbour of a clue. Said again with the same id, it is the same referral and nothing more happens."""
    gate.may(signed.actor, "referrals:send")
    referral = await said_before(signed.session, signed.actor, body)
    if referral is None and body.clue_id is None:
        referral = await tell_of_find(signed.session, signed.actor, body)
    elif referral is None and body.clue_id is not None:
        clue = await find_clue(signed.session, signed.actor, body.clue_id, "referrals:send", lock=True)
        await add_photos(signed.session, signed.actor, clue, body.photos)
        referral = await tell(signed.session, signed.actor, tellable(clue), body)
    assert referral is not None
    return (await shown(signed, [referral]))[0]
