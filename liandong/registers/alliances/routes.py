"""HTTP routes of the alliances room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter

from liandong.kernel.clock import beijing_today
from liandong.kernel.http import ERRORS, Cursor, Limit, Page, ReasonIn, take_page
from liandong.registers.access import gate
from liandong.registers.access.door import Acting, Signed
from liandong.registers.alliances import actions, queries
from liandong.registers.alliances.preview import preview
from liandong.registers.alliances.schemas import (
    GrantedOut,
    MemberOut,
    MemorandumIn,
    MemorandumOut,
    ProspectOut,
    SignIn,
)
from liandong.registers.alliances.states import MEMORANDUM_STATES, MemorandumState
from liandong.registers.alliances.tables import Memorandum, MemorandumMember
from liandong.registers.jurisdictions.queries import agency_names, area_names

router = APIRouter(prefix="/memoranda", tags=["alliances"], responses=ERRORS)
BY_DRAFTER = dict.fromkeys(("offer", "revise", "discard"), "memoranda:draft")
BY_MEMBERS = {"sign": "memoranda:sign", "leave": "memoranda:leave"}


@dataclass(frozen=True)
class _Names:
    """What agencies and areas are called: asked for once, however many memoranda are shown."""

    agencies: dict[UUID, str]
    areas: dict[str, str]


async def _names(signed: Acting) -> _Names:
    return _Names(await agency_names(signed.session), await area_names(signed.session))


async def _shown(signed: Acting, memorandum: Memorandum) -> MemorandumOut:
    return await _with_names(signed, memorandum, await _names(signed))


async def _with_names(signed: Acting, memorandum: Memorandum, names: _Names) -> MemorandumOut:
    today, members = beijing_today(), await queries.members_of(signed.session, memorandum)
    shown = MemorandumOut.model_validate(memorandum)
    shown.agency_name = names.agencies.get(memorandum.agency_id, "")
    shown.band_in_use_m = queries.band_of(memorandum, today)
    term = memorandum.from_on <= today <= memorandum.holds_until_on
    shown.holds = memorandum.state == MemorandumState.in_force and term
    shown.members = [
        MemberOut(
            area_code=one.area_code, area_name=names.areas.get(one.area_code, one.area_code), agency_id=one.agency_id,
            agency_name=names.agencies.get(one.agency_id, ""), signed_at=one.signed_at, signer_name=one.signer_name,
            left_at=one.left_at, leave_reason=one.leave_reason,
        )
        for one in members
    ]  # fmt: skip
    shown.verbs = _moves(signed, memorandum, members)
    return shown


def _moves(signed: Acting, memorandum: Memorandum, members: Sequence[MemorandumMember]) -> list[str]:
    """The moves this actor may make: the drafter's, and of a member its own signature and its own leaving."""
    state = MemorandumState(memorandum.state)
    found = [
        move for move, verb in (BY_DRAFTER | BY_MEMBERS).items()
        if MEMORANDUM_STATES.allows(state, move) and gate.allowed(signed.actor, verb, memorandum)
    ]  # fmt: skip
    own = queries.own_seat(signed.actor, members)
    if own is None:
        return [move for move in found if move not in BY_MEMBERS]
    return [move for move in found if move != "sign" or own.signed_at is None]


@router.get("")
async def list_memoranda(
    signed: Signed, state: MemorandumState | None = None, limit: Limit = 50, cursor: Cursor = None
) -> Page[MemorandumOut]:
    """Memoranda that one's area belongs to, newest first."""
    rows = queries.visible_memoranda(signed.actor, state.value if state else None)
    found, total, following = await take_page(signed.session, rows, limit=limit, cursor=cursor)
    names = await _names(signed)
    items = [await _with_names(signed, one, names) for one in found]
    return Page(items=items, total=total, next_cursor=following)


@router.post("", status_code=201)
async def draft_memorandum(signed: Signed, body: MemorandumIn) -> MemorandumOut:
    """Write a memorandum. Nobody has to sign it yet, and it grants nothing."""
    gate.may(signed.actor, "memoranda:draft")
    terms = actions.Terms(**body.model_dump())
    return await _shown(signed, await actions.draft_memorandum(signed.session, signed.actor, terms))


@router.get("/{memorandum_id}")
async def read_memorandum(signed: Signed, memorandum_id: UUID) -> MemorandumOut:
    """One memorandum."""
    return await _shown(signed, await queries.find_memorandum(signed.session, signed.actor, memorandum_id))


@router.put("/{memorandum_id}")
async def rewrite_memorandum(signed: Signed, memorandum_id: UUID, body: MemorandumIn) -> MemorandumOut:
    """Write a draft anew."""
    memorandum = await _to_change(signed, memorandum_id, "memoranda:draft")
    terms = actions.Terms(**body.model_dump())
    return await _shown(signed, await actions.rewrite_memorandum(signed.session, signed.actor, memorandum, terms))


@router.get("/{memorandum_id}/preview")
async def preview_memorandum(signed: Signed, memorandum_id: UUID) -> list[ProspectOut]:
    """What each member will see and may do once everybody has signed, beside what it sees today."""
    memorandum = await queries.find_memorandum(signed.session, signed.actor, memorandum_id)
    areas = await area_names(signed.session)
    return [
        ProspectOut(
            area_code=one.area_code,
            area_name=areas.get(one.area_code, one.area_code),
            granted=[
                GrantedOut(what=each.what, change=each.change, with_areas=list(each.with_areas)) for each in one.granted
            ],
        )
        for one in await preview(signed.session, signed.actor, memorandum)
    ]


@router.post("/{memorandum_id}/offer")
async def offer_memorandum(signed: Signed, memorandum_id: UUID) -> MemorandumOut:
    """Let the members sign it as it stands."""
    memorandum = await _to_change(signed, memorandum_id, "memoranda:draft")
    return await _shown(signed, await actions.offer_memorandum(signed.session, memorandum))


@router.post("/{memorandum_id}/revise")
async def revise_memorandum(signed: Signed, memorandum_id: UUID) -> MemorandumOut:
    """Take it back to write it anew; signatures are void."""
    memorandum = await _to_change(signed, memorandum_id, "memoranda:draft")
    return await _shown(signed, await actions.revise_memorandum(signed.session, memorandum))


@router.post("/{memorandum_id}/discard")
async def discard_memorandum(signed: Signed, memorandum_id: UUID, body: ReasonIn) -> MemorandumOut:
    """Give it up, with the reason."""
    memorandum = await _to_change(signed, memorandum_id, "memoranda:draft")
    return await _shown(signed, await actions.discard_memorandum(signed.session, memorandum, body.reason))


@router.post("/{memorandum_id}/sign")
async def sign_memorandum(signed: Signed, memorandum_id: UUID, body: SignIn) -> MemorandumOut:
    """Sign it for one's own area. With the last signature it is in force."""
    memorandum = await _to_change(signed, memorandum_id, "memoranda:sign")
    return await _shown(
        signed, await actions.sign_memorandum(signed.session, signed.actor, memorandum, body.text_digest)
    )


@router.post("/{memorandum_id}/leave")
async def leave_memorandum(signed: Signed, memorandum_id: UUID, body: ReasonIn) -> MemorandumOut:
    """Leave it, with the reason. Its grants end at once, for oneself and on what oneself shows."""
    memorandum = await _to_change(signed, memorandum_id, "memoranda:leave")
    return await _shown(signed, await actions.leave_memorandum(signed.session, signed.actor, memorandum, body.reason))


async def _to_change(signed: Acting, memorandum_id: UUID, verb: str) -> Memorandum:
    return await queries.find_memorandum(signed.session, signed.actor, memorandum_id, verb, lock=True)
