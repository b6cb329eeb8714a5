"""回头看: a closed problem is looked back at on a set day; one that is as bad as before goes back on the list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.clock import beijing_today, now
from liandong.kernel.errors import Invalid, Refused
from liandong.kernel.ids import new_id
from liandong.means.evidence.queries import Proof
from liandong.registers import law
from liandong.work.problems.events import (
    LookBackDue,
    LookBackHeld,
    LookBackScheduled,
    ProblemRelapsed,
    ProblemSettled,
)
from liandong.work.problems.moves import Words, about, make_move, require_own
from liandong.work.problems.states import PROBLEM_STATES
from liandong.work.problems.tables import LookBack, Problem

INTERVAL_RULE = "look_back.interval"
OUTCOMES = frozenset({"held", "relapsed"})


async def schedule_look_back(session: AsyncSession, problem_id: UUID) -> None:
    """A closed problem has a day on which somebody looks back. Safe to repeat: one open look-back a problem.

    Announces LookBackScheduled
    """
    problem = await session.get_one(Problem, problem_id, with_for_update=True)
    if await find_open(session, problem_id) is not None or problem.state != "closed":
        return
    limit = law.deadline(INTERVAL_RULE, beijing_today(), area=problem.area_code)
    look_back = LookBack(
        id=new_id(),
        problem_id=problem.id,
        task_id=problem.task_id,
        area_code=problem.area_code,
        due_on=limit.due_on,
        due_rule=law.stamp(limit),
    )
    session.add(look_back)
    told = await about(session, problem, f"{problem.number} 定于 {look_back.due_on} 回头看")
    await ledger.record(session, LookBackScheduled(**told, look_back_id=look_back.id, due_on=look_back.due_on))


async def set_day(session: AsyncSession, problem: Problem, due_on: date) -> LookBack:
    """The open look-back of this problem is due on another day.

    Raises    problems.no_look_back, problems.deadline_past
    Announces LookBackScheduled
    """
    look_back = await find_open(session, problem.id)
    if look_back is None:
        raise Refused("problems.no_look_back")
    if due_on < beijing_today():
        raise Invalid("problems.deadline_past", day=due_on)
    look_back.due_on, look_back.due_rule = due_on, None
    told = await about(session, problem, f"{problem.number} 改于 {due_on} 回头看")
    await ledger.record(session, LookBackScheduled(**told, look_back_id=look_back.id, due_on=due_on))
    return look_back


async def find_open(session: AsyncSession, problem_id: UUID) -> LookBack | None:
    """The look-back of a problem that has not been held yet."""
    # past the gate: whoever asks holds the problem itself
    rows = select(LookBack).where(LookBack.problem_id == problem_id, LookBack.held_at.is_(None))
    return (await session.execute(rows)).scalar_one_or_none()


async def call_due(session: AsyncSession, today: date | None = None) -> None:
    """Every look-back whose day has come is announced, so that somebody is sent (see `flow.py`).

    Announces LookBackDue
    """
    due = LookBack.due_on <= (today or beijing_today())
    # past the gate: the timetable calls for every area
    rows = select(LookBack, Problem).join(Problem, Problem.id == LookBack.problem_id)
    for look_back, problem in (await session.execute(rows.where(LookBack.held_at.is_(None), due))).all():
        told = await about(session, problem, f"{problem.number} 回头看到期")
        title = f"回头看：{told['subject']['title']}"
        fact = LookBackDue(**told, **_where(problem, title), look_back_id=look_back.id, due_on=look_back.due_on)
        await ledger.record(session, fact)


def _where(problem: Problem, title: str) -> dict[str, Any]:
    """What a task needs to send somebody to the problem again."""
    return {
        "title": title,
        "element": problem.element,
        "source_id": problem.source_id,
        "lon": problem.lon,
        "lat": problem.lat,
    }


async def hold_look_back(
    session: AsyncSession, problem: Problem, outcome: str, note: str, proofs: Sequence[Proof]
) -> Problem:
    """Somebody looked back. Still in order: the problem is settled. As bad as before (回潮): it has relapsed.

    Raises    problems.wrong_state, problems.outcome_unknown, evidence.unknown, problems.no_evidence: a relapse needs
              proof, problems.evidence_before_close_out: taken since it was struck off
    Announces LookBackHeld, and ProblemSettled or ProblemRelapsed
    """
    if outcome not in OUTCOMES:
        raise Invalid("problems.outcome_unknown", outcome=outcome)
    verb = "settle" if outcome == "held" else "relapse"
    PROBLEM_STATES.after(PROBLEM_STATES.states(problem.state), verb)
    require_own(problem, proofs)
    if outcome == "relapsed":
        _require_proof(problem, proofs)
    look_back = await find_open(session, problem.id) or _unscheduled(session, problem)
    look_back.held_at, look_back.outcome, look_back.note = now(), outcome, note
    if outcome == "relapsed":
        problem.relapse_count += 1
    make_move(session, problem, verb, Words(note, [proof.id for proof in proofs]))
    await _tell(session, problem, look_back)
    return problem


def _require_proof(problem: Problem, proofs: Sequence[Proof]) -> None:
    if not proofs:
        raise Refused("problems.no_evidence")
    if problem.closed_at is not None and all(proof.taken_at < problem.closed_at for proof in proofs):
        raise Refused("problems.evidence_before_close_out", closed_at=problem.closed_at)


def _unscheduled(session: AsyncSession, problem: Problem) -> LookBack:
    look_back = LookBack(
        id=new_id(),
        problem_id=problem.id,
        task_id=problem.task_id,
        area_code=problem.area_code,
        due_on=beijing_today(),
    )
    session.add(look_back)
    return look_back


async def _tell(session: AsyncSession, problem: Problem, look_back: LookBack) -> None:
    relapsed = look_back.outcome == "relapsed"
    told = await about(session, problem, f"{problem.number} 回头看：{'回潮' if relapsed else '未反弹'}")
    held = LookBackHeld(**told, look_back_id=look_back.id, outcome=str(look_back.outcome))
    await ledger.record(session, held)
    if not relapsed:
        await ledger.record(session, ProblemSettled(**{**told, "words": f"{problem.number} 已稳定"}))
        return
    again = {**told, "words": f"{problem.number} 回潮", **_where(problem, f"回潮复查：{told['subject']['title']}")}
    await ledger.record(session, ProblemRelapsed(**again, relapse_count=problem.relapse_count))
