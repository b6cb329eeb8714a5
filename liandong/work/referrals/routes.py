"""HTTP routes of the referrals room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from liandong.kernel.http import ERRORS, Cursor, Limit, Page, ReasonIn, take_page
from liandong.registers.access.buttons import buttons
from liandong.registers.access.door import Acting, Signed
from liandong.registers.jurisdictions.queries import area_names
from liandong.work.referrals import actions, queries
from liandong.work.referrals.owner import owner_of
from liandong.work.referrals.schemas import ChoiceOut, DesignateIn, ProposalOut, ReferralOut
from liandong.work.referrals.states import REFERRAL_STATES, ReferralState
from liandong.work.referrals.tables import Referral

router = APIRouter(prefix="/referrals", tags=["referrals"], responses=ERRORS)
MOVES = {move: f"referrals:{move}" for move in ("accept", "return", "withdraw", "ask", "designate")}


async def shown(signed: Acting, found: Sequence[Referral]) -> list[ReferralOut]:
    """Referrals as the wire carries them, each with whose the clue is and this actor's verbs."""
    names, outs = await area_names(signed.session), []
    for referral in found:
        one = ReferralOut.model_validate(referral)
        one.owner_area = owner_of(referral)
        one.area_name, one.to_area_name = names.get(one.area_code, ""), names.get(one.to_area, "")
        one.owner_name = names.get(one.owner_area, "")
        one.verbs = buttons(signed.actor, referral, referral.state, REFERRAL_STATES, MOVES)
        outs.append(one)
    return outs


async def _one(signed: Acting, referral: Referral) -> ReferralOut:
    return (await shown(signed, [referral]))[0]


@router.get("")
async def list_referrals(
    signed: Signed,
    state: Annotated[list[ReferralState] | None, Query()] = None,
    direction: queries.Direction | None = None,
    clue_id: UUID | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ReferralOut]:
    """What one's area told its neighbours, and what they told it, newest first."""
    rows = queries.visible_referrals(signed.actor, state or (), direction, clue_id)
    found, total, following = await take_page(signed.session, rows, limit=limit, cursor=cursor)
    return Page(items=await shown(signed, found), total=total, next_cursor=following)


@router.get("/proposal")
async def propose(
    signed: Signed,
    lon: Annotated[float | None, Query(ge=-180, le=180)] = None,
    lat: Annotated[float | None, Query(ge=-90, le=90)] = None,
) -> ProposalOut:
    """Who could be told of something at this place; without one, everybody who may be told."""
    names = await area_names(signed.session)
    found = await queries.propose(signed.session, signed.actor, lon, lat)
    return ProposalOut(
        lies_in=found.lies_in, lies_in_name=names.get(found.lies_in) if found.lies_in else None,
        is_border=found.is_border, band_m=found.band_m,
        choices=[
            ChoiceOut(area_code=one.area_code, area_name=names.get(one.area_code, ""), distance_m=one.distance_m)
            for one in found.choices
        ],
    )  # fmt: skip


@router.get("/{referral_id}")
async def read_referral(signed: Signed, referral_id: UUID) -> ReferralOut:
    """One referral."""
    return await _one(signed, await queries.find_referral(signed.session, signed.actor, referral_id))


@router.post("/{referral_id}/accept")
async def accept_referral(signed: Signed, referral_id: UUID) -> ReferralOut:
    """Take the clue over; it is one's own from now on."""
    referral = await _to_move(signed, referral_id, "referrals:accept")
    return await _one(signed, await actions.accept_referral(signed.session, signed.actor, referral))


@router.post("/{referral_id}/return")
async def return_referral(signed: Signed, referral_id: UUID, body: ReasonIn) -> ReferralOut:
    """Say why it is not one's own; the sender has a task for it."""
    referral = await _to_move(signed, referral_id, "referrals:return")
    return await _one(signed, await actions.return_referral(signed.session, signed.actor, referral, body.reason))


@router.post("/{referral_id}/withdraw")
async def withdraw_referral(signed: Signed, referral_id: UUID, body: ReasonIn) -> ReferralOut:
    """Keep the clue after all."""
    referral = await _to_move(signed, referral_id, "referrals:withdraw")
    return await _one(signed, await actions.withdraw_referral(signed.session, referral, body.reason))


@router.post("/{referral_id}/ask")
async def ask_superior(signed: Signed, referral_id: UUID, body: ReasonIn) -> ReferralOut:
    """Ask the superior whose it is; one may not hand it on."""
    referral = await _to_move(signed, referral_id, "referrals:ask")
    return await _one(signed, await actions.ask_superior(signed.session, referral, body.reason))


@router.post("/{referral_id}/designate")
async def designate(signed: Signed, referral_id: UUID, body: DesignateIn) -> ReferralOut:
    """Say whose it is, as the superior of both."""
    referral = await _to_move(signed, referral_id, "referrals:designate")
    return await _one(signed, await actions.designate(signed.session, signed.actor, referral, body.area_code))


async def _to_move(signed: Acting, referral_id: UUID, verb: str) -> Referral:
    return await queries.find_referral(signed.session, signed.actor, referral_id, verb, lock=True)
