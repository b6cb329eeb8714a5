"""一企一档: one file per enterprise, put together from every room that knows something about a source."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from liandong.kernel.clock import beijing_today
from liandong.kernel.http import ERRORS, take_page
from liandong.registers.access import gate
from liandong.registers.access.door import Acting, Signed
from liandong.registers.sources.queries import find_enterprise, find_source
from liandong.registers.sources.schemas import EnterpriseOut, SourceOut
from liandong.work.clues.queries import visible_clues
from liandong.work.clues.routes import clues_out
from liandong.work.clues.schemas import ClueOut
from liandong.work.dispatch.queries import TaskFilter, visible_tasks
from liandong.work.dispatch.routes import tasks_out
from liandong.work.dispatch.schemas import TaskOut
from liandong.work.inspections.queries import visible_inspections
from liandong.work.inspections.routes import briefs_out
from liandong.work.inspections.schemas import InspectionBrief
from liandong.work.problems.queries import ProblemFilter, visible_problems
from liandong.work.problems.routes import problems_out
from liandong.work.problems.schemas import ProblemOut

router = APIRouter(tags=["sources"], responses=ERRORS)
MOST = 50


class EnterpriseFile(BaseModel):
    """What is on record about one source: the newest of each kind, and how often it was visited in a year."""

    source: SourceOut
    enterprise: EnterpriseOut | None
    visits: list[InspectionBrief]
    problems: list[ProblemOut]
    tasks: list[TaskOut]
    clues: list[ClueOut]
    visit_count_12m: int


async def enterprise_file(signed: Acting, source_id: UUID) -> EnterpriseFile:
    """The file of a source that the actor sees."""
    session, actor = signed.session, signed.actor
    source = await find_source(session, actor, source_id)
    visit_rows = visible_inspections(actor, source.id)
    visits, _, _ = await take_page(session, visit_rows, limit=MOST)
    problem_rows = visible_problems(actor, ProblemFilter(source_id=source.id))
    problems, _, _ = await take_page(session, problem_rows, limit=MOST)
    task_rows = visible_tasks(actor, TaskFilter(source_id=source.id))
    tasks, _, _ = await take_page(session, task_rows, limit=MOST)
    clues, _, _ = await take_page(session, visible_clues(actor, source_id=source.id), limit=MOST)
    since = beijing_today() - timedelta(days=365)
    enterprise = await find_enterprise(session, source)
    return EnterpriseFile(
        source=SourceOut.model_validate(source),
        enterprise=EnterpriseOut.model_validate(enterprise) if enterprise else None,
        visits=await briefs_out(signed, visits),
        problems=await problems_out(signed, problems),
        tasks=await tasks_out(signed, tasks),
        clues=await clues_out(signed, list(clues)),
        visit_count_12m=await gate.count(session, visible_inspections(actor, source.id, since=since, enforces=True)),
    )


@router.get("/sources/{source_id}")
async def read_enterprise_file(signed: Signed, source_id: UUID) -> EnterpriseFile:
    """One file per enterprise."""
    return await enterprise_file(signed, source_id)
