"""Every change of the referrals room, one verb a function. The clue itself is moved by the clues room (see `flow.py`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.clock import beijing_today, now
from liandong.kernel.errors import Refused
from liandong.kernel.numbers import next_number
from liandong.means.evidence.actions import show_to
from liandong.registers import law
from liandong.registers.access.actor import Actor
from liandong.registers.alliances.queries import memorandum_between
from liandong.registers.alliances.vocabulary import Mechanism
from liandong.work.clues.queries import Tellable
from liandong.work.referrals import events
from liandong.work.referrals.states import REFERRAL_STATES, ReferralState
from liandong.work.referrals.tables import Referral

ANSWER_RULE = "referral.answer_within"


@dataclass(frozen=True)
class Telling:
    """To which neighbour a clue is told, and with which words. `id` is made by whoever tells, so that saying it twice is once."""

    id: UUID
    to_area: str
    note: str | None = None


async def send_referral(session: AsyncSession, actor: Actor, clue: Tellable, telling: Telling) -> Referral:
    """The neighbour is told. The clue stays where it is until he accepts it; while he may, nobody takes it up or declines it.

    Raises    referrals.to_oneself, referrals.no_memorandum, referrals.said_otherwise
    Announces ReferralSent
    Basis     行政处罚法 §22; 四区生态环境执法联动工作备忘录
    """
    if telling.to_area == clue.area_code:
        raise Refused("referrals.to_oneself")
    memorandum = await memorandum_between(session, clue.area_code, telling.to_area, Mechanism.clue_referral)
    if memorandum is None:
        raise Refused("referrals.no_memorandum")
    rule = law.rule(ANSWER_RULE, on=beijing_today(), area=clue.area_code)
    referral = Referral(
        id=telling.id, number=await next_number(session, "TB"), clue_id=clue.id, clue_number=clue.number,
        memorandum_id=memorandum.id, area_code=clue.area_code, to_area=telling.to_area, parties=[telling.to_area],
        kind=clue.kind, element=clue.element, description=clue.description, lon=clue.lon, lat=clue.lat,
        evidence_ids=sorted(clue.evidence_ids), note=telling.note, state=ReferralState.sent.value, sent_at=now(),
        sender_id=actor.account_id, sender_name=actor.name, answer_by_at=now() + timedelta(hours=rule.number),
        answer_rule=law.stamp(rule),
    )  # fmt: skip
    session.add(referral)
    try:
        await session.flush()
    except IntegrityError as error:  # somebody else's has this id, which nobody may learn anything of
        raise Refused("referrals.said_otherwise") from error
    await show_to(session, referral.evidence_ids, clue.area_code, [telling.to_area])
    words = f"通报线索 {clue.number}：{clue.description[:40]}"
    await ledger.record(session, events.ReferralSent(**_about(referral, words)))
    return referral


async def accept_referral(session: AsyncSession, actor: Actor, referral: Referral) -> Referral:
    """The clue is the receiver's from now on, and the answer stands.

    Raises    referrals.wrong_state
    Announces ReferralAccepted
    """
    _answer(actor, referral, "accept")
    await session.flush()
    words = f"{actor.agency_name} 接收线索 {referral.clue_number}"
    await ledger.record(session, events.ReferralAccepted(**_about(referral, words)))
    return referral


async def return_referral(session: AsyncSession, actor: Actor, referral: Referral, reason: str) -> Referral:
    """The clue is the sender's as it was, with the reason; the sender has a task for it (see `flow.py`).

    Raises    referrals.wrong_state
    Announces ReferralReturned
    """
    _answer(actor, referral, "return")
    referral.reason = reason
    await session.flush()
    await show_to(session, referral.evidence_ids, referral.area_code, [])
    told = _about(referral, f"{actor.agency_name} 退回线索 {referral.clue_number}：{reason}")
    returned = events.ReferralReturned(
        **told, title=f"核实被退回的线索：{referral.description[:40]}", element=referral.element, reason=reason,
        lon=referral.lon, lat=referral.lat,
    )  # fmt: skip
    await ledger.record(session, returned)
    return referral


async def withdraw_referral(session: AsyncSession, referral: Referral, reason: str) -> Referral:
    """The sender keeps the clue.

    Raises    referrals.wrong_state
    Announces ReferralWithdrawn
    """
    REFERRAL_STATES.advance(referral, "withdraw")
    referral.reason = reason
    await session.flush()
    await show_to(session, referral.evidence_ids, referral.area_code, [])
    told = _about(referral, f"撤回通报的线索 {referral.clue_number}：{reason}")
    await ledger.record(session, events.ReferralWithdrawn(**told, reason=reason))
    return referral


async def escalate_overdue(session: AsyncSession) -> None:
    """What nobody answered in time lies before the superior. Safe to repeat.

    Announces ReferralEscalated
    """
    # past the gate: time passes for everybody
    late = select(Referral).where(Referral.state == ReferralState.sent.value, Referral.answer_by_at <= now())
    for referral in (await session.scalars(late.with_for_update(skip_locked=True).limit(500))).all():
        REFERRAL_STATES.advance(referral, "escalate")
        referral.escalated_at = now()
        await session.flush()
        told = _about(referral, f"线索 {referral.clue_number} 通报后逾期无人接收，请联动值守协调")
        await ledger.record(session, events.ReferralEscalated(**told))


async def ask_superior(session: AsyncSession, referral: Referral, reason: str) -> Referral:
    """The superior is asked whose the clue is; whoever took it over owns it until then and cannot hand it on himself.

    Raises    referrals.wrong_state
    Announces ReferralAsked
    Basis     行政处罚法 §25 (指定管辖)
    """
    REFERRAL_STATES.advance(referral, "ask")
    referral.reason = reason
    await session.flush()
    told = _about(referral, f"线索 {referral.clue_number} 报请上级指定管辖：{reason}")
    await ledger.record(session, events.ReferralAsked(**told, reason=reason))
    return referral


async def designate(session: AsyncSession, actor: Actor, referral: Referral, area_code: str) -> Referral:
    """The clue belongs to this one of the two from now on.

    Raises    referrals.not_a_party, referrals.not_above_both, referrals.wrong_state
    Announces ReferralDesignated
    Basis     行政处罚法 §25 (指定管辖)
    """
    both = {referral.area_code, referral.to_area}
    if area_code not in both:
        raise Refused("referrals.not_a_party")
    if not both <= actor.areas:
        raise Refused("referrals.not_above_both")
    _answer(actor, referral, "designate")
    referral.designated_area = area_code
    await session.flush()
    await show_to(
        session, referral.evidence_ids, referral.area_code, [area_code] if area_code == referral.to_area else []
    )
    told = _about(referral, f"{actor.agency_name} 指定线索 {referral.clue_number} 的管辖")
    await ledger.record(session, events.ReferralDesignated(**told, area=area_code))
    return referral


def _answer(actor: Actor, referral: Referral, verb: str) -> None:
    REFERRAL_STATES.advance(referral, verb)
    referral.answered_at, referral.answered_by = now(), f"{actor.agency_name} {actor.name}"


async def note_outcome(session: AsyncSession, clue_id: UUID, outcome: str) -> None:
    """Whoever found the clue is told what became of it. Safe to repeat.

    Announces ReferralAnswered
    """
    moved = (ReferralState.accepted.value, ReferralState.designated.value)
    # past the gate: the sender was promised an answer
    rows = select(Referral).where(Referral.clue_id == clue_id, Referral.state.in_(moved), Referral.outcome.is_(None))
    referral = (await session.scalars(rows.with_for_update())).one_or_none()
    if referral is None:
        return
    referral.outcome, referral.outcome_at = outcome, now()
    await session.flush()
    told = _about(referral, f"通报的线索 {referral.clue_number} 反馈：{outcome}")
    await ledger.record(session, events.ReferralAnswered(**told, outcome=outcome))


def _about(referral: Referral, words: str) -> dict[str, Any]:
    """What every fact about a referral says of it; both sides hear it."""
    return {
        "subject_id": referral.id,
        "subject": {"number": referral.number, "title": referral.description[:60]},
        "area_code": referral.area_code,
        "parties": tuple(referral.parties),
        "words": words,
        "clue_id": referral.clue_id,
        "from_area": referral.area_code,
        "to_area": referral.to_area,
    }
