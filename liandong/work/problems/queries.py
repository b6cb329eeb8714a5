"""Every read of the problems room, through the gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.work.problems.states import OPEN_STATES
from liandong.work.problems.tables import LookBack, Problem, ProblemMove


@dataclass(frozen=True)
class ProblemFilter:
    """What a list of problems is narrowed down to; None narrows nothing."""

    state: str | None = None
    area_code: str | None = None
    source_id: UUID | None = None
    inspection_id: UUID | None = None
    overdue_on: date | None = None
    is_open: bool = False
    look_back_by: date | None = None


def visible_problems(actor: Actor, wanted: ProblemFilter) -> Select[Problem]:
    """The problems that the actor may see and that fit the filter.

    `overdue_on`: open and due before that day; `look_back_by`: to be looked back at on that day or before.
    """
    rows = gate.visible(actor, "problems:read", Problem)
    for column, value in (
        (Problem.state, wanted.state),
        (Problem.area_code, wanted.area_code),
        (Problem.source_id, wanted.source_id),
        (Problem.inspection_id, wanted.inspection_id),
    ):
        if value is not None:
            rows = rows.where(column == value)
    if wanted.is_open or wanted.overdue_on is not None:
        rows = rows.where(Problem.state.in_(OPEN_STATES))
    if wanted.overdue_on is not None:
        rows = rows.where(Problem.rectify_by_on < wanted.overdue_on)
    if wanted.look_back_by is not None:
        # past the gate: it narrows what the gate gave
        due = select(LookBack.problem_id).where(LookBack.held_at.is_(None), LookBack.due_on <= wanted.look_back_by)
        rows = rows.where(Problem.id.in_(due))
    return rows


async def find_problem(
    session: AsyncSession, actor: Actor, problem_id: UUID, verb: str = "problems:read", *, lock: bool = False
) -> Problem:
    """A problem that the actor may see and do `verb` to.

    Raises    kernel.not_found, access.verb_missing, access.way_missing
    """
    return await gate.find(session, actor, verb, Problem, problem_id, lock=lock)


async def moves_of(session: AsyncSession, problem_id: UUID) -> Sequence[ProblemMove]:
    """The history of a problem that the actor sees, oldest first."""
    # past the gate: whoever asks sees the problem itself
    rows = select(ProblemMove).where(ProblemMove.problem_id == problem_id)
    return (await session.execute(rows.order_by(ProblemMove.id))).scalars().all()


async def look_backs_of(session: AsyncSession, problem_ids: set[UUID]) -> dict[UUID, list[LookBack]]:
    """The look-backs at each of these problems, oldest first."""
    # past the gate: whoever asks sees the problems themselves
    rows = select(LookBack).where(LookBack.problem_id.in_(problem_ids)).order_by(LookBack.id)
    found: dict[UUID, list[LookBack]] = {}
    for look_back in (await session.execute(rows)).scalars():
        found.setdefault(look_back.problem_id, []).append(look_back)
    return found
