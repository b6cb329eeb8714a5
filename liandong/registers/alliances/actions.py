"""Every change of the alliances room, one verb a function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import canonical, ledger
from liandong.kernel.clock import beijing_today, now
from liandong.kernel.errors import Invalid, Refused
from liandong.kernel.ids import new_id
from liandong.kernel.numbers import next_number
from liandong.registers.access.actions import Granting, end_ally_grants, grant_to_allies, shorten_ally_grants
from liandong.registers.access.actor import Actor
from liandong.registers.access.queries import reaching
from liandong.registers.alliances import events
from liandong.registers.alliances.queries import members_of, own_seat, still_members
from liandong.registers.alliances.states import MEMORANDUM_STATES, MemorandumState
from liandong.registers.alliances.tables import Memorandum, MemorandumMember
from liandong.registers.alliances.vocabulary import Mechanism, Principle, Share, Work
from liandong.registers.jurisdictions.queries import list_agencies

FEWEST_MEMBERS = 2
MEMBER_TIERS = frozenset({"bureau", "branch"})
"""The authorities; a brigade acts for its branch."""


class Seat(NamedTuple):
    """An authority at the table, and the area it answers for."""

    agency_id: UUID
    area_code: str


@dataclass(frozen=True)
class Terms:
    """What a memorandum says. Its term counts both days; `band_m` in metres, None: as the rulebook says."""

    title: str
    alliance: str
    member_ids: Sequence[UUID]
    goals: str
    principles: Sequence[Principle]
    works: Sequence[Work]
    mechanisms: Sequence[Mechanism]
    shares: Sequence[Share]
    from_on: date
    until_on: date
    band_m: float | None = None
    replaces_id: UUID | None = None


async def draft_memorandum(session: AsyncSession, actor: Actor, terms: Terms) -> Memorandum:
    """A memorandum is on record; it grants nothing until every member has signed it.

    Raises    alliances.too_few_members, alliances.member_unknown, alliances.members_share_area,
              alliances.not_concerned, alliances.term_reversed, alliances.nothing_to_replace
    Announces MemorandumDrafted
    """
    members = await _members(session, actor, terms)
    await _require_replaceable(session, terms, members)
    memorandum = Memorandum(
        id=new_id(), number=await next_number(session, "BW"), agency_id=actor.agency_id, area_code=actor.home_area,
        edition=1, state=MemorandumState.draft.value, drafted_at=now(), text_digest=None,
    )  # fmt: skip
    _write(memorandum, terms, members)
    session.add(memorandum)
    await session.flush()
    await _seat(session, memorandum, members)
    words = f"起草备忘录 {memorandum.title}"
    await ledger.record(session, events.MemorandumDrafted(**_about(memorandum, words)))
    return memorandum


async def rewrite_memorandum(session: AsyncSession, actor: Actor, memorandum: Memorandum, terms: Terms) -> Memorandum:
    """A memorandum that nobody is asked to sign yet says something else.

    Raises    alliances.not_a_draft, and as `draft_memorandum`
    Announces MemorandumRewritten
    """
    if memorandum.state != MemorandumState.draft:
        raise Refused("alliances.not_a_draft", number=memorandum.number)
    members = await _members(session, actor, terms)
    await _require_replaceable(session, terms, members)
    _write(memorandum, terms, members)
    memorandum.edition += 1
    await session.flush()
    await _seat(session, memorandum, members)
    words = f"修改备忘录草稿 {memorandum.title}（第 {memorandum.edition} 稿）"
    await ledger.record(session, events.MemorandumRewritten(**_about(memorandum, words)))
    return memorandum


async def _members(session: AsyncSession, actor: Actor, terms: Terms) -> list[Seat]:
    if terms.until_on < terms.from_on:
        raise Invalid("alliances.term_reversed", from_on=str(terms.from_on), until_on=str(terms.until_on))
    known = {agency.id: agency for agency in await list_agencies(session) if agency.tier in MEMBER_TIERS}
    wanted = list(dict.fromkeys(terms.member_ids))
    if len(wanted) < FEWEST_MEMBERS:
        raise Invalid("alliances.too_few_members", fewest=FEWEST_MEMBERS)
    if unknown := [key for key in wanted if key not in known]:
        raise Invalid("alliances.member_unknown", agency_id=str(unknown[0]))
    members = [Seat(key, known[key].area_code) for key in wanted]
    areas = {member.area_code for member in members}
    if len(areas) < len(members):
        raise Invalid("alliances.members_share_area")
    if actor.home_area not in areas and not areas <= actor.areas:
        raise Refused("alliances.not_concerned")
    return members


async def _require_replaceable(session: AsyncSession, terms: Terms, members: Sequence[Seat]) -> None:
    if terms.replaces_id is None:
        return
    # past the gate: whether it is one that these members signed is the question itself
    former = await session.get(Memorandum, terms.replaces_id)
    theirs = set() if former is None else {*former.parties, former.area_code}
    if former is None or former.state != MemorandumState.in_force or not theirs & {one.area_code for one in members}:
        raise Refused("alliances.nothing_to_replace")


def _write(memorandum: Memorandum, terms: Terms, members: Sequence[Seat]) -> None:
    for name in ("title", "alliance", "goals", "from_on", "until_on", "band_m", "replaces_id"):
        setattr(memorandum, name, getattr(terms, name))
    for name in ("principles", "works", "mechanisms", "shares"):
        setattr(memorandum, name, [one.value for one in dict.fromkeys(getattr(terms, name))])
    memorandum.holds_until_on = terms.until_on
    memorandum.parties = [member.area_code for member in members]


async def _seat(session: AsyncSession, memorandum: Memorandum, members: Sequence[Seat]) -> None:
    session.add_all(
        MemorandumMember(memorandum_id=memorandum.id, edition=memorandum.edition, seat=number, **member._asdict())
        for number, member in enumerate(members, 1)
    )
    await session.flush()


async def offer_memorandum(session: AsyncSession, memorandum: Memorandum) -> Memorandum:
    """The text stands, with its digest; every member may sign it.

    Raises    alliances.wrong_state, alliances.term_over
    Announces MemorandumOffered
    """
    MEMORANDUM_STATES.advance(memorandum, "offer")
    if memorandum.until_on < beijing_today():
        raise Refused("alliances.term_over", until_on=str(memorandum.until_on))
    memorandum.text_digest = canonical.digest(_text(memorandum))
    await session.flush()
    told = _about(memorandum, f"备忘录 {memorandum.title} 送各方签署")
    await ledger.record(session, events.MemorandumOffered(**told, text_digest=memorandum.text_digest))
    return memorandum


def _text(memorandum: Memorandum) -> dict[str, Any]:
    """What is signed: every word of it, and nothing that changes afterwards."""
    names = ("number", "edition", "title", "alliance", "parties", "goals", "principles", "works", "mechanisms", "shares", "band_m",
             "from_on", "until_on", "replaces_id")  # fmt: skip
    return {name: canonical.plain(getattr(memorandum, name)) for name in names}


async def revise_memorandum(session: AsyncSession, memorandum: Memorandum) -> Memorandum:
    """The text may be written anew; what was signed of it is void.

    Raises    alliances.wrong_state
    Announces MemorandumRevised
    """
    MEMORANDUM_STATES.advance(memorandum, "revise")
    seats = [Seat(one.agency_id, one.area_code) for one in await members_of(session, memorandum)]
    memorandum.text_digest, memorandum.edition = None, memorandum.edition + 1
    await session.flush()
    await _seat(session, memorandum, seats)
    await ledger.record(
        session, events.MemorandumRevised(**_about(memorandum, f"备忘录 {memorandum.title} 退回修改，已签署的作废"))
    )
    return memorandum


async def discard_memorandum(session: AsyncSession, memorandum: Memorandum, reason: str) -> Memorandum:
    """Nobody will sign it; it stays on record.

    Raises    alliances.wrong_state
    Announces MemorandumDiscarded
    """
    MEMORANDUM_STATES.advance(memorandum, "discard")
    memorandum.ended_at, memorandum.end_reason = now(), reason
    await session.flush()
    told = _about(memorandum, f"备忘录 {memorandum.title} 不再签署：{reason}")
    await ledger.record(session, events.MemorandumDiscarded(**told, reason=reason))
    return memorandum


async def sign_memorandum(session: AsyncSession, actor: Actor, memorandum: Memorandum, text_digest: str) -> Memorandum:
    """The actor's area has signed this very text. With the last signature it is in force.

    Raises    alliances.wrong_state, alliances.not_a_member, alliances.signed_already, alliances.text_changed,
              alliances.term_over
    Announces MemorandumSigned, MemorandumTookForce
    """
    MEMORANDUM_STATES.advance(memorandum, "sign")
    members = await members_of(session, memorandum)
    member = _require_own_seat(actor, members)
    if member.signed_at is not None:
        raise Refused("alliances.signed_already", name=member.signer_name)
    if text_digest != memorandum.text_digest:
        raise Refused("alliances.text_changed")
    if memorandum.until_on < beijing_today():
        raise Refused("alliances.term_over", until_on=str(memorandum.until_on))
    member.signed_at, member.signer_id, member.signer_name = now(), actor.account_id, actor.name
    member.signed_digest = text_digest
    await session.flush()
    told = _about(memorandum, f"{actor.agency_name} 签署备忘录 {memorandum.title}")
    signed = events.MemorandumSigned(**told, member_area=member.area_code, text_digest=text_digest)
    await ledger.record(session, signed)
    if all(one.signed_at for one in members):
        await _take_force(session, memorandum, members)
    return memorandum


def _require_own_seat(actor: Actor, members: Sequence[MemorandumMember]) -> MemorandumMember:
    member = own_seat(actor, members)
    if member is None:
        raise Refused("alliances.not_a_member")
    return member


async def _take_force(session: AsyncSession, memorandum: Memorandum, members: Sequence[MemorandumMember]) -> None:
    MEMORANDUM_STATES.advance(memorandum, "take_force")
    memorandum.in_force_at = now()
    await session.flush()
    granting = Granting(
        memorandum.id,
        frozenset(member.area_code for member in members),
        frozenset({*memorandum.mechanisms, *memorandum.shares}),
        memorandum.from_on,
        memorandum.until_on,
    )
    await grant_to_allies(session, granting)
    if memorandum.replaces_id is not None:
        await _give_way(session, memorandum.replaces_id, memorandum)
    told = _about(memorandum, f"备忘录 {memorandum.title} 各方均已签署，{memorandum.from_on} 起生效")
    await ledger.record(session, events.MemorandumTookForce(**told))


async def _give_way(session: AsyncSession, former_id: UUID, newer: Memorandum) -> None:
    """The former memorandum grants up to the day before the newer one begins, and nothing after."""
    last = max(newer.from_on, beijing_today()) - timedelta(days=1)
    # past the gate: its members signed that it is replaced; whoever signed last may be a newcomer
    async with reaching(session, *newer.parties):
        former = await session.get_one(Memorandum, former_id, with_for_update=True)
        former.holds_until_on = min(former.holds_until_on, last)
        await session.flush()
    await shorten_ally_grants(session, former_id, last)


async def leave_memorandum(session: AsyncSession, actor: Actor, memorandum: Memorandum, reason: str) -> Memorandum:
    """The actor's area is granted nothing by it any more, and shows nothing; with one member left it has ended.

    Raises    alliances.wrong_state, alliances.not_a_member
    Announces MemberLeft, MemorandumEnded
    """
    MEMORANDUM_STATES.advance(memorandum, "leave")
    members = await members_of(session, memorandum)
    member = _require_own_seat(actor, members)
    member.left_at, member.leave_reason = now(), reason
    await session.flush()
    await end_ally_grants(session, memorandum.id, member.area_code)
    told = _about(memorandum, f"{actor.agency_name} 退出备忘录 {memorandum.title}：{reason}")
    await ledger.record(session, events.MemberLeft(**told, member_area=member.area_code, reason=reason))
    if len(still_members(members)) < FEWEST_MEMBERS:
        await _end(session, memorandum, reason)
    return memorandum


async def _end(session: AsyncSession, memorandum: Memorandum, reason: str) -> None:
    MEMORANDUM_STATES.advance(memorandum, "end")
    memorandum.ended_at, memorandum.end_reason = now(), reason
    await session.flush()
    await end_ally_grants(session, memorandum.id)
    told = _about(memorandum, f"备忘录 {memorandum.title} 终止：成员不足两方")
    await ledger.record(session, events.MemorandumEnded(**told, reason=reason))


async def expire_memoranda(session: AsyncSession) -> None:
    """What is over is called so. Its grants ended by themselves with the last day of its term.

    Announces MemorandumExpired
    """
    # past the gate: time passes for everybody
    over = select(Memorandum).where(
        Memorandum.state == MemorandumState.in_force.value, Memorandum.holds_until_on < beijing_today()
    )
    for memorandum in (await session.scalars(over.with_for_update(skip_locked=True))).all():
        MEMORANDUM_STATES.advance(memorandum, "expire")
        memorandum.ended_at = now()
        await session.flush()
        told = _about(memorandum, f"备忘录 {memorandum.title} 期满，共享与联动权限已自动收回")
        await ledger.record(session, events.MemorandumExpired(**told))


def _about(memorandum: Memorandum, words: str) -> dict[str, Any]:
    """What every fact about a memorandum says of it; all its members hear it."""
    return {
        "subject_id": memorandum.id,
        "subject": {"number": memorandum.number, "title": memorandum.title},
        "area_code": memorandum.area_code,
        "parties": tuple(memorandum.parties),
        "words": words,
    }
