"""Every change of the problems room up to the close-out, one verb a function. Look-backs: `look_backs.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.clock import beijing_day, beijing_today, now
from liandong.kernel.errors import Invalid, Refused
from liandong.kernel.numbers import next_number
from liandong.means.evidence.queries import Proof, count_awaited
from liandong.registers import law
from liandong.registers.access.actor import Actor
from liandong.work.inspections.queries import VisitBrief
from liandong.work.inspections.states import SUPPORT_KINDS
from liandong.work.problems.events import (
    ClaimReturned,
    CloseOutClaimed,
    ProblemClosed,
    ProblemFound,
    RectificationOrdered,
)
from liandong.work.problems.moves import Words, about, keep_move, make_move, require_own
from liandong.work.problems.states import PROBLEM_STATES
from liandong.work.problems.tables import Problem, ProblemMove

SEVERITIES = frozenset({"minor", "major", "severe"})


@dataclass(frozen=True)
class Finding:
    """A problem as the officer on site describes it. The deadline is a proposal until the order is given."""

    problem_id: UUID
    element: str
    severity: str
    description: str
    basis_key: str | None = None
    rectify_by_on: date | None = None
    requirement: str | None = None


async def find_problem(session: AsyncSession, visit: VisitBrief, finding: Finding, found_at: datetime) -> Problem:
    """The problem is on the list, with its legal basis as it stood on the day.

    Raises    problems.support_visit: 帮扶、普法 find none, problems.severity_unknown, problems.basis_of_other_element, law.basis_unknown,
              problems.deadline_before_finding
    Announces ProblemFound
    """
    day = beijing_day(found_at)
    if visit.kind in SUPPORT_KINDS:
        raise Refused("problems.support_visit")
    if finding.severity not in SEVERITIES:
        raise Invalid("problems.severity_unknown", severity=finding.severity)
    if finding.rectify_by_on is not None and finding.rectify_by_on < day:
        raise Invalid("problems.deadline_before_finding", day=finding.rectify_by_on)
    problem = Problem(
        id=finding.problem_id,
        number=await next_number(session, "WT"),
        state=PROBLEM_STATES.first.value,
        element=finding.element,
        severity=finding.severity,
        description=finding.description,
        basis=_basis(finding, visit.area_code, day),
        requirement=finding.requirement,
        rectify_by_on=finding.rectify_by_on,
        source_id=visit.source_id,
        inspection_id=visit.id,
        task_id=visit.task_id,
        area_code=visit.area_code,
        lon=visit.lon,
        lat=visit.lat,
        found_at=found_at,
        found_on=day,
        found_by=list(visit.officer_ids),
        relapse_count=0,
    )
    session.add(problem)
    keep_move(session, problem, "find", None, Words(finding.description))
    told = await about(session, problem, f"发现问题 {problem.number}：{finding.description[:40]}")
    await ledger.record(session, ProblemFound(**told, happened_at=found_at))
    return problem


def _basis(finding: Finding, area_code: str, day: date) -> dict[str, object] | None:
    if finding.basis_key is None:
        return None
    basis = law.problem_basis(finding.basis_key, on=day, area=area_code)
    if basis.element != finding.element:
        raise Invalid("problems.basis_of_other_element", key=finding.basis_key, element=finding.element)
    return law.stamp(basis)


async def order_rectification(
    session: AsyncSession, problem: Problem, rectify_by_on: date, requirement: str
) -> Problem:
    """The party has been told what to put right and by when (责令改正).

    Raises    problems.wrong_state, problems.deadline_past
    Announces RectificationOrdered
    Basis     行政处罚法 §28
    """
    if rectify_by_on < beijing_today():
        raise Invalid("problems.deadline_past", day=rectify_by_on)
    make_move(session, problem, "order", Words(f"{requirement}（限期 {rectify_by_on}）"))
    problem.rectify_by_on, problem.requirement, problem.ordered_at = rectify_by_on, requirement, now()
    problem.claimed_at = problem.claimed_by = problem.closed_at = problem.rectified_on = None
    told = await about(session, problem, f"责令改正 {problem.number}，限期 {rectify_by_on}")
    await ledger.record(session, RectificationOrdered(**told, rectify_by_on=rectify_by_on))
    return problem


async def claim_close_out(
    session: AsyncSession, actor: Actor, problem: Problem, statement: str, proofs: Sequence[Proof]
) -> Problem:
    """The rectifying party says that it is put right, and shows it (申请销号).

    Raises    problems.wrong_state, evidence.unknown, problems.no_evidence, problems.evidence_too_old
    Announces CloseOutClaimed
    """
    PROBLEM_STATES.after(PROBLEM_STATES.states(problem.state), "claim")
    require_own(problem, proofs)
    require_fresh(problem, proofs)
    make_move(session, problem, "claim", Words(statement, [proof.id for proof in proofs]))
    problem.claimed_at, problem.claimed_by = now(), actor.account_id
    told = await about(session, problem, f"申请销号 {problem.number}")
    await ledger.record(session, CloseOutClaimed(**told))
    return problem


def require_fresh(problem: Problem, proofs: Sequence[Proof]) -> None:
    """Afterwards it is sure that something was sealed since the order was given.

    Raises    problems.no_evidence, problems.evidence_too_old
    """
    if not proofs:
        raise Refused("problems.no_evidence")
    if problem.ordered_at is not None and all(proof.taken_at < problem.ordered_at for proof in proofs):
        raise Refused("problems.evidence_too_old", ordered_at=problem.ordered_at)


async def return_claim(session: AsyncSession, problem: Problem, reason: str) -> Problem:
    """The claim does not hold; the order stands as it was.

    Raises    problems.wrong_state
    Announces ClaimReturned
    """
    make_move(session, problem, "return", Words(reason))
    problem.claimed_at = problem.claimed_by = None
    told = await about(session, problem, f"退回销号申请 {problem.number}：{reason}")
    await ledger.record(session, ClaimReturned(**told, reason=reason))
    return problem


async def close_out(
    session: AsyncSession, actor: Actor, problem: Problem, opinion: str, proofs: Sequence[Proof]
) -> Problem:
    """Strike a problem off the list (销号).

    The claim was made by the rectifying party and is checked by the home agency, never by whoever made it; what it
    points to can be looked at, because its bytes are here.

    Raises    problems.wrong_state, evidence.unknown, problems.own_close_out, problems.proof_on_its_way
    Announces ProblemClosed
    Basis     行政处罚法 §28 (责令改正); memorandum of the alliance, 属地处理
    """
    PROBLEM_STATES.after(PROBLEM_STATES.states(problem.state), "close_out")
    require_own(problem, proofs)
    if problem.claimed_by == actor.account_id:
        raise Refused("problems.own_close_out")
    await _require_arrived(session, problem, proofs)
    problem.closed_at, problem.rectified_on = now(), beijing_day(problem.claimed_at or now())
    make_move(session, problem, "close_out", Words(opinion, [proof.id for proof in proofs]))
    told = await about(session, problem, f"销号 {problem.number}")
    await ledger.record(session, ProblemClosed(**told))
    return problem


async def _require_arrived(session: AsyncSession, problem: Problem, proofs: Sequence[Proof]) -> None:
    """Since a claim goes ahead of its pictures, somebody might strike a problem off whose proof nobody can see yet."""
    # past the gate: the claim on the problem in hand
    claims = select(ProblemMove.evidence_ids).where(ProblemMove.problem_id == problem.id, ProblemMove.verb == "claim")
    last = (await session.execute(claims.order_by(ProblemMove.moved_at.desc()).limit(1))).scalar_one_or_none()
    awaited = await count_awaited(session, [*(last or ()), *(proof.id for proof in proofs)])
    if awaited:
        raise Refused("problems.proof_on_its_way", count=awaited)
