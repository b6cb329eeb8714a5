"""问题录入质量 on record: what a problem's entry is worth by the rules of its day, kept beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.clock import now
from liandong.kernel.ledger import LedgerFact
from liandong.kernel.memory import learn, recall
from liandong.means.evidence.queries import taken_for
from liandong.registers import law
from liandong.work.inspections.queries import course_of
from liandong.work.problems.entry_score import EntryFacts, PhotoFacts, score_entry
from liandong.work.problems.events import ProblemFound
from liandong.work.problems.tables import EntryScore, Problem

MOST_OTHERS = 20


async def score_problem(session: AsyncSession, problem_id: UUID) -> None:
    """The score of a problem's entry is as its facts are now. Safe to repeat.

    A problem that was not entered here (loaded from a ledger, say) has no score. Asked for twice in one transaction
    it is computed once: whatever changes it later asks again.
    """
    if recall(session, (EntryScore, problem_id)):
        return
    learn(session, (EntryScore, problem_id), True)
    problem = await session.get_one(Problem, problem_id, with_for_update=True)
    found = await _entry_of(session, problem_id)
    if found is None or problem.inspection_id is None:
        return
    facts = await _facts(session, problem, problem.inspection_id, found.author_id)
    score = score_entry(facts, law.entry_rules(on=problem.found_on))
    row = {
        "task_id": problem.task_id,
        "area_code": problem.area_code,
        "found_on": problem.found_on,
        "score": score.score,
        "lost": [asdict(loss) for loss in score.lost],
        "rules_version": score.version,
        "scored_at": now(),
        "recorded_by": found.author_id,
        "recorder_name": found.author_name,
        "agency_id": found.agency_id,
    }
    keep = insert(EntryScore).values(problem_id=problem_id, **row)
    await session.execute(keep.on_conflict_do_update(index_elements=["problem_id"], set_=row))


async def score_problems_of(session: AsyncSession, inspection_id: UUID) -> None:
    """Every problem that was found in a visit has its score."""
    # past the gate: the visit was submitted, its problems are scored whoever may see them
    rows = select(Problem.id).where(Problem.inspection_id == inspection_id).order_by(Problem.id)
    for problem_id in (await session.execute(rows)).scalars().all():
        await score_problem(session, problem_id)


async def _facts(session: AsyncSession, problem: Problem, inspection_id: UUID, recorded_by: UUID | None) -> EntryFacts:
    """What the entry of a problem is scored by: its words, the evidence taken for it, the visit, and texts like it."""
    visit = await course_of(session, inspection_id)
    taken = await taken_for(session, problem.id, inspection_id)
    basis = problem.basis or {}
    return EntryFacts(
        element=problem.element,
        severity=problem.severity,
        description=problem.description,
        basis_key=basis.get("key"),
        basis_title=basis.get("title"),
        requirement=problem.requirement,
        rectify_by_on=str(problem.rectify_by_on) if problem.rectify_by_on else None,
        others=tuple(await _others(session, problem, recorded_by)),
        photos=tuple(PhotoFacts(item.purpose, _ms(item.taken_at)) for item in taken),
        is_positioned=visit.lon is not None,
        distance_m=visit.distance_m,
        accuracy_m=visit.accuracy_m,
        arrived_at_ms=_ms(visit.arrived_at),
        ended_at_ms=None if visit.ended_at is None else _ms(visit.ended_at),
    )


async def _others(session: AsyncSession, problem: Problem, recorded_by: UUID | None) -> Sequence[str]:
    """The words of earlier problems of the same visit, the same source, or entered by the same person."""
    kin = [Problem.inspection_id == problem.inspection_id]
    if problem.source_id is not None:
        kin.append(Problem.source_id == problem.source_id)
    own = select(EntryScore.problem_id).where(EntryScore.recorded_by == recorded_by)  # past the gate: words only
    own = own.where(EntryScore.found_on <= problem.found_on).order_by(EntryScore.found_on.desc()).limit(MOST_OTHERS)
    found: list[str] = []
    for condition in (or_(*kin), Problem.id.in_(own.scalar_subquery())):
        # past the gate: only how much the words are alike is kept
        rows = select(Problem.description).where(condition, Problem.id != problem.id)
        rows = rows.where(Problem.found_at <= problem.found_at).order_by(Problem.found_at.desc()).limit(MOST_OTHERS)
        found += (await session.execute(rows)).scalars().all()
    return found


async def _entry_of(session: AsyncSession, problem_id: UUID) -> LedgerFact | None:
    is_entry = LedgerFact.name == ProblemFound.__name__
    rows = select(LedgerFact).where(LedgerFact.subject_id == problem_id, is_entry)
    return (await session.execute(rows.order_by(LedgerFact.entry_no).limit(1))).scalar_one_or_none()


async def entry_score_of(session: AsyncSession, problem_id: UUID) -> EntryScore | None:
    """The score of a problem that the actor sees, once it is computed."""
    return await session.get(EntryScore, problem_id)


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
