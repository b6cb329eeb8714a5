"""What every action on a problem shares: the move is made, kept, and told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.clock import now
from liandong.kernel.errors import Refused
from liandong.kernel.ids import new_id
from liandong.kernel.ledger import author_of
from liandong.kernel.memory import gather, into
from liandong.means.evidence.queries import Proof
from liandong.work.problems.items import problem_item
from liandong.work.problems.states import PROBLEM_STATES
from liandong.work.problems.tables import Problem, ProblemMove

MOVES = into(ProblemMove)


@dataclass(frozen=True)
class Words:
    """What somebody said when making a move, and the evidence pointed to."""

    words: str | None = None
    evidence_ids: Sequence[UUID] = ()


def require_own(problem: Problem, proofs: Sequence[Proof]) -> None:
    """Afterwards it is sure that none of these items was sealed to show another problem.

    Raises    evidence.unknown
    """
    if any(proof.problem_id not in (None, problem.id) for proof in proofs):
        raise Refused("evidence.unknown")


def make_move(session: AsyncSession, problem: Problem, verb: str, said: Words = Words()) -> None:
    """The problem has moved by `verb`, and the move is on its history.

    Raises    problems.wrong_state
    """
    before = problem.state
    PROBLEM_STATES.advance(problem, verb)
    keep_move(session, problem, verb, before, said)


def keep_move(session: AsyncSession, problem: Problem, verb: str, before: str | None, said: Words) -> None:
    """The move from `before` to the present state is on the problem's history."""
    author = author_of(session)
    move = {
        "id": new_id(),
        "problem_id": problem.id,
        "task_id": problem.task_id,
        "area_code": problem.area_code,
        "verb": verb,
        "before": before,
        "after": problem.state,
        "moved_at": now(),
        "moved_by": author.id,
        "mover_name": author.name,
        "words": said.words,
        "evidence_ids": list(said.evidence_ids),
    }
    gather(session, MOVES, move)


async def about(session: AsyncSession, problem: Problem, words: str) -> dict[str, Any]:
    """The fields that every fact of this room has in common."""
    shown = await problem_item(session, problem)
    return {
        "subject_id": problem.id,
        "subject": {"number": problem.number, "title": shown["source_name"] or problem.description[:40]},
        "area_code": problem.area_code,
        "task_id": problem.task_id,
        "words": words,
        "after": {"problems": {str(problem.id): shown}},
    }
