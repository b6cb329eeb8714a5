"""HTTP routes of the problems room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, UploadFile
from pydantic import AwareDatetime

from liandong.kernel.canonical import plain
from liandong.kernel.clock import beijing_today
from liandong.kernel.http import ERRORS, Cursor, Limit, Page, take_page
from liandong.means.evidence import actions as evidence
from liandong.means.evidence.queries import of_problem, require_all, shown
from liandong.means.evidence.schemas import EvidenceOut
from liandong.registers.access.buttons import buttons
from liandong.registers.access.door import Acting, Signed
from liandong.registers.sources.queries import source_names
from liandong.work.inspections.queries import numbers_of
from liandong.work.problems import actions, look_backs
from liandong.work.problems.quality import entry_score_of
from liandong.work.problems.queries import ProblemFilter, find_problem, look_backs_of, moves_of, visible_problems
from liandong.work.problems.schemas import (
    ClaimIn,
    CloseOutIn,
    EntryScoreOut,
    LookBackDayIn,
    LookBackIn,
    LookBackOut,
    MoveOut,
    OrderIn,
    ProblemFileOut,
    ProblemOut,
    ReturnIn,
)
from liandong.work.problems.states import OPEN_STATES, PROBLEM_STATES, ProblemState
from liandong.work.problems.tables import Problem

router = APIRouter(prefix="/problems", tags=["problems"], responses=ERRORS)
BUTTONS = {
    "order": "problems:order",
    "claim": "problems:claim",
    "return": "problems:return",
    "close_out": "problems:close_out",
    "settle": "problems:look_back",
}


async def problems_out(signed: Acting, problems: Sequence[Problem]) -> list[ProblemOut]:
    """Problems as the wire carries them: with names, the open look-back and this actor's verbs."""
    session, ids = signed.session, {problem.id for problem in problems}
    named = await source_names(session, {problem.source_id for problem in problems if problem.source_id})
    numbers = await numbers_of(session, {problem.inspection_id for problem in problems if problem.inspection_id})
    looks = await look_backs_of(session, ids)
    found = []
    for problem in problems:
        shown = ProblemOut.model_validate(problem)
        shown.source_name = named.get(problem.source_id) if problem.source_id else None
        shown.inspection_number = numbers.get(problem.inspection_id) if problem.inspection_id else None
        shown.is_overdue = is_overdue(problem)
        shown.look_back_due_on = next((look.due_on for look in looks.get(problem.id, []) if not look.held_at), None)
        shown.is_own_claim = problem.claimed_by == signed.actor.account_id
        shown.verbs = buttons(signed.actor, problem, problem.state, PROBLEM_STATES, BUTTONS)
        if shown.is_own_claim and "close_out" in shown.verbs:
            shown.verbs.remove("close_out")  # whoever claims it cannot grant it
        found.append(shown)
    return found


def is_overdue(problem: Problem) -> bool:
    """Whether an open problem's deadline is past, in Beijing days."""
    late = problem.rectify_by_on is not None and problem.rectify_by_on < beijing_today()
    return late and problem.state in OPEN_STATES


async def _one(signed: Acting, problem: Problem) -> ProblemOut:
    return (await problems_out(signed, [problem]))[0]


@router.get("")
async def list_problems(
    signed: Signed,
    state: ProblemState | None = None,
    area_code: str | None = None,
    source_id: UUID | None = None,
    inspection_id: UUID | None = None,
    overdue: bool = False,
    is_open: bool = False,
    look_back_due: bool = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ProblemOut]:
    """Problems this actor may see, newest first."""
    wanted = ProblemFilter(
        state=state.value if state else None,
        area_code=area_code,
        source_id=source_id,
        inspection_id=inspection_id,
        overdue_on=beijing_today() if overdue else None,
        is_open=is_open,
        look_back_by=beijing_today() if look_back_due else None,
    )
    rows = visible_problems(signed.actor, wanted)
    problems, total, following = await take_page(signed.session, rows, limit=limit, cursor=cursor)
    return Page(items=await problems_out(signed, problems), total=total, next_cursor=following)


@router.get("/{problem_id}")
async def read_problem(signed: Signed, problem_id: UUID) -> ProblemFileOut:
    """One problem with its whole history."""
    problem = await find_problem(signed.session, signed.actor, problem_id)
    looks = (await look_backs_of(signed.session, {problem.id})).get(problem.id, [])
    sealed = await of_problem(signed.session, signed.actor, problem.id)
    scored = await entry_score_of(signed.session, problem.id)
    return ProblemFileOut(
        **(await _one(signed, problem)).model_dump(),
        moves=[MoveOut.model_validate(move) for move in await moves_of(signed.session, problem.id)],
        look_backs=[LookBackOut.model_validate(look) for look in looks],
        evidence=[plain(item.model_dump()) for item in await shown(signed.session, sealed)],
        entry_score=EntryScoreOut.model_validate(scored) if scored else None,
    )


@router.post("/{problem_id}/evidence", status_code=201)
async def seal_evidence(
    signed: Signed,
    problem_id: UUID,
    file: Annotated[UploadFile, File()],
    sha256: Annotated[str, Form(pattern="^[0-9a-f]{64}$")],
    purpose: Annotated[str, Form(min_length=1, max_length=500)],
    taken_at: Annotated[AwareDatetime, Form()],
) -> EvidenceOut:
    """Seal a file as evidence of a problem or of its rectification."""
    problem = await find_problem(signed.session, signed.actor, problem_id, "evidence:seal")
    await evidence.keep_file(signed.session, signed.actor, sha256, await file.read(), file.content_type or "")
    item = evidence.Item(
        sha256=sha256,
        purpose=purpose,
        taken_at=taken_at,
        area_code=problem.area_code,
        taker_officer_id=signed.actor.officer_id,
        task_id=problem.task_id,
        problem_id=problem.id,
    )
    return (await shown(signed.session, [await evidence.seal(signed.session, item)]))[0]


@router.post("/{problem_id}/order")
async def order_rectification(signed: Signed, problem_id: UUID, body: OrderIn) -> ProblemOut:
    """Tell the party what to put right and by when."""
    problem = await find_problem(signed.session, signed.actor, problem_id, "problems:order", lock=True)
    await actions.order_rectification(signed.session, problem, body.rectify_by_on, body.requirement)
    return await _one(signed, problem)


@router.post("/{problem_id}/claim")
async def claim_close_out(signed: Signed, problem_id: UUID, body: ClaimIn) -> ProblemOut:
    """Say that it is put right, and show it."""
    problem = await find_problem(signed.session, signed.actor, problem_id, "problems:claim", lock=True)
    proofs = await require_all(signed.session, signed.actor, body.evidence_ids)
    return await _one(
        signed, await actions.claim_close_out(signed.session, signed.actor, problem, body.statement, proofs)
    )


@router.post("/{problem_id}/return")
async def return_claim(signed: Signed, problem_id: UUID, body: ReturnIn) -> ProblemOut:
    """Return a claim that does not hold."""
    problem = await find_problem(signed.session, signed.actor, problem_id, "problems:return", lock=True)
    return await _one(signed, await actions.return_claim(signed.session, problem, body.reason))


@router.post("/{problem_id}/close_out")
async def close_out(signed: Signed, problem_id: UUID, body: CloseOutIn) -> ProblemOut:
    """Strike a problem off the list."""
    problem = await find_problem(signed.session, signed.actor, problem_id, "problems:close_out", lock=True)
    proofs = await require_all(signed.session, signed.actor, body.evidence_ids)
    return await _one(signed, await actions.close_out(signed.session, signed.actor, problem, body.opinion, proofs))


@router.post("/{problem_id}/look_back")
async def hold_look_back(signed: Signed, problem_id: UUID, body: LookBackIn) -> ProblemOut:
    """Record what was found when looking back. A relapse sends officers there again by itself."""
    problem = await find_problem(signed.session, signed.actor, problem_id, "problems:look_back", lock=True)
    proofs = await require_all(signed.session, signed.actor, body.evidence_ids)
    return await _one(signed, await look_backs.hold_look_back(signed.session, problem, body.outcome, body.note, proofs))


@router.post("/{problem_id}/look_back_day")
async def set_look_back_day(signed: Signed, problem_id: UUID, body: LookBackDayIn) -> ProblemOut:
    """Set another day for the look-back."""
    problem = await find_problem(signed.session, signed.actor, problem_id, "problems:look_back", lock=True)
    await look_backs.set_day(signed.session, problem, body.due_on)
    return await _one(signed, problem)
