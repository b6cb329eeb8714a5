"""问题录入质量 on record: what a problem's entry is worth by the rules of its day, kept beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.clock import now
from liandong.kernel.ledger import LedgerFact
from liandong.kernel.memory import gather, into, learn, recall
from liandong.means.evidence.queries import Taken, taken_for
from liandong.registers import law
from liandong.work.inspections.queries import Course, courses_of
from liandong.work.problems.entry_score import EntryFacts, PhotoFacts, Score, score_entry
from liandong.work.problems.events import ProblemFound
from liandong.work.problems.tables import EntryScore, Problem

MOST_OTHERS = 20
SCORES = into(
    EntryScore,
    ("problem_id",),
    "DO UPDATE SET score = excluded.score, lost = excluded.lost, rules_version = excluded.rules_version,"
    " scored_at = excluded.scored_at",
)


async def score_problems(session: AsyncSession, problem_ids: Iterable[UUID]) -> None:
    """The score of each problem's entry is as its facts are now. Safe to repeat.

    A problem that was not entered here (loaded from a ledger, say) has no score. Asked for twice in one transaction
    it is computed once: whatever changes it later asks again. The number of statements does not grow with the problems.
    """
    wanted = [one for one in sorted(set(problem_ids)) if not recall(session, (EntryScore, one))]
    if not wanted:
        return
    # past the gate: scored whoever may see them; locked in one order, so that two workers never wait for each other
    rows = select(Problem).where(Problem.id.in_(wanted), Problem.inspection_id.is_not(None)).order_by(Problem.id)
    problems = (await session.execute(rows.with_for_update())).scalars().all()
    entries = await _entries_of(session, wanted)
    for entry, facts in await _facts(session, [Entered(one, entries[one.id]) for one in problems if one.id in entries]):
        score = score_entry(facts, law.entry_rules(on=entry.problem.found_on))
        gather(session, SCORES, _row(entry, score))
    for one in wanted:
        learn(session, (EntryScore, one), True)


async def score_problems_of(session: AsyncSession, inspection_ids: Iterable[UUID]) -> None:
    """Every problem that was found in these visits has its score."""
    # past the gate: the visits were submitted, their problems are scored whoever may see them
    rows = select(Problem.id).where(Problem.inspection_id.in_(inspection_ids))
    await score_problems(session, (await session.execute(rows)).scalars().all())


class Recorder(NamedTuple):
    """Who entered a problem."""

    id: UUID | None
    name: str
    agency_id: UUID | None


class Entered(NamedTuple):
    """A problem and who entered it."""

    problem: Problem
    by: Recorder


def _row(entry: Entered, score: Score) -> dict[str, Any]:
    problem, by = entry
    return {
        "problem_id": problem.id,
        "task_id": problem.task_id,
        "area_code": problem.area_code,
        "found_on": problem.found_on,
        "score": score.score,
        "lost": [asdict(loss) for loss in score.lost],
        "rules_version": score.version,
        "scored_at": now(),
        "recorded_by": by.id,
        "recorder_name": by.name,
        "agency_id": by.agency_id,
    }


async def _entries_of(session: AsyncSession, problem_ids: Sequence[UUID]) -> dict[UUID, Recorder]:
    """Who entered each of these problems first, as the ledger tells."""
    said = (LedgerFact.subject_id, LedgerFact.author_id, LedgerFact.author_name, LedgerFact.agency_id)
    rows = select(*said).where(LedgerFact.subject_id.in_(problem_ids), LedgerFact.name == ProblemFound.__name__)
    latest_first = await session.execute(rows.order_by(LedgerFact.entry_no.desc()))
    return {row.subject_id: Recorder(row.author_id, row.author_name, row.agency_id) for row in latest_first}


async def _facts(session: AsyncSession, entries: Sequence[Entered]) -> list[tuple[Entered, EntryFacts]]:
    """What each entry is scored by: its words, the evidence taken for it, the visit, and texts like it."""
    if not entries:
        return []
    visits = await courses_of(session, {_visit_of(entry) for entry in entries})
    taken = await taken_for(session, {entry.problem.id: _visit_of(entry) for entry in entries})
    others = await _others(session, entries)
    return [
        (entry, _facts_of(entry.problem, visits[_visit_of(entry)], taken.get(entry.problem.id, []), words))
        for entry, words in zip(entries, others, strict=True)
    ]


def _visit_of(entry: Entered) -> UUID:
    assert entry.problem.inspection_id is not None
    return entry.problem.inspection_id


def _facts_of(problem: Problem, visit: Course, taken: Sequence[Taken], others: Sequence[str]) -> EntryFacts:
    basis = problem.basis or {}
    return EntryFacts(
        element=problem.element,
        severity=problem.severity,
        description=problem.description,
        basis_key=basis.get("key"),
        basis_title=basis.get("title"),
        requirement=problem.requirement,
        rectify_by_on=str(problem.rectify_by_on) if problem.rectify_by_on else None,
        others=tuple(others),
        photos=tuple(PhotoFacts(item.purpose, _ms(item.taken_at)) for item in taken),
        is_positioned=visit.lon is not None,
        distance_m=visit.distance_m,
        accuracy_m=visit.accuracy_m,
        arrived_at_ms=_ms(visit.arrived_at),
        ended_at_ms=None if visit.ended_at is None else _ms(visit.ended_at),
    )


# past the gate: only how much the words are alike is kept
_ALIKE = text(
    """
    SELECT asked.place, kin.description
      FROM unnest(CAST(:ids AS uuid[]), CAST(:recorders AS uuid[])) WITH ORDINALITY AS asked (id, recorder, place)
      JOIN problem entered ON entered.id = asked.id
     CROSS JOIN LATERAL (
        (SELECT description FROM problem
          WHERE (inspection_id = entered.inspection_id OR source_id = entered.source_id)
            AND id <> entered.id AND found_at <= entered.found_at
          ORDER BY found_at DESC LIMIT :most)
        UNION ALL
        (SELECT problem.description FROM problem
          WHERE id IN (SELECT problem_id FROM entry_score
                        WHERE recorded_by = asked.recorder AND found_on <= entered.found_on
                        ORDER BY found_on DESC LIMIT :most)
            AND id <> entered.id AND found_at <= entered.found_at
          ORDER BY found_at DESC LIMIT :most)
     ) kin
    """
)


async def _others(session: AsyncSession, entries: Sequence[Entered]) -> list[list[str]]:
    """By entry: the words of earlier problems of the same visit, the same source, or entered by the same person."""
    asked = {"ids": [entry.problem.id for entry in entries], "recorders": [entry.by.id for entry in entries]}
    found = [_entered_beside(entry, entries) for entry in entries]
    for place, words in await session.execute(_ALIKE, {**asked, "most": MOST_OTHERS}):
        found[place - 1].append(words)
    return found


def _entered_beside(entry: Entered, entries: Sequence[Entered]) -> list[str]:
    """What the same person entered before it among those that have no score yet."""
    problem, by = entry
    return [
        other.problem.description
        for other in entries
        if by.id is not None
        and other.by.id == by.id
        and other.problem.id != problem.id
        and other.problem.found_at <= problem.found_at
    ]


async def entry_score_of(session: AsyncSession, problem_id: UUID) -> EntryScore | None:
    """The score of a problem that the actor sees, once it is computed."""
    return await session.get(EntryScore, problem_id)


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
