"""边检查、边整治: what is put right before the officers leave goes onto the list as ordered and claimed, with its proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.clock import beijing_day
from liandong.kernel.errors import Invalid, Refused
from liandong.means.evidence.queries import Proof
from liandong.registers.access.actor import Actor
from liandong.work.problems.actions import require_fresh
from liandong.work.problems.events import CloseOutClaimed, RectificationOrdered
from liandong.work.problems.moves import Words, about, make_move, require_own
from liandong.work.problems.tables import Problem


@dataclass(frozen=True)
class OnSpot:
    """What was ordered and when, what was done, and who answers for its being so. Instants are the device's."""

    requirement: str
    ordered_at: datetime
    statement: str
    confirmed_by: str
    done_at: datetime


async def rectify_on_spot(
    session: AsyncSession, actor: Actor, problem: Problem, visit_id: UUID, said: OnSpot, proofs: Sequence[Proof]
) -> Problem:
    """The problem was ordered to be put right at once, was, and waits for the office: claimed, never closed from here.

    Raises    kernel.not_found: it was found on another visit · problems.wrong_state, problems.on_spot_out_of_order,
              evidence.unknown, problems.no_evidence, problems.evidence_too_old: nothing was taken after the order
    Announces RectificationOrdered, CloseOutClaimed
    Basis     行政处罚法 §28 (责令改正)
    """
    if problem.inspection_id != visit_id:
        raise Refused("kernel.not_found")
    if not problem.found_at <= said.ordered_at <= said.done_at:
        raise Invalid("problems.on_spot_out_of_order")
    day = beijing_day(said.ordered_at)
    make_move(session, problem, "order", Words(f"{said.requirement}（当场改正，限期 {day}）"))
    problem.rectify_by_on, problem.requirement, problem.ordered_at = day, said.requirement, said.ordered_at
    told = await about(session, problem, f"当场责令改正 {problem.number}")
    await ledger.record(session, RectificationOrdered(**told, happened_at=said.ordered_at, rectify_by_on=day))
    require_own(problem, proofs)
    require_fresh(problem, proofs)
    make_move(session, problem, "claim", Words(said.statement, [proof.id for proof in proofs]))
    problem.claimed_at, problem.claimed_by = said.done_at, actor.account_id
    problem.on_spot_at, problem.on_spot_confirmed_by = said.done_at, said.confirmed_by
    told = await about(session, problem, f"当场整改 {problem.number}，申请销号（{said.confirmed_by}确认）")
    await ledger.record(session, CloseOutClaimed(**told, happened_at=said.done_at))
    return problem
