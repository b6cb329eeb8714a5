"""销号清单: the problems of a board, struck off one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case, or_
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.clock import beijing_today, start_of_day
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.registers.sources.queries import source_names
from liandong.work.inspections.tables import Inspection
from liandong.work.problems.states import OPEN_STATES
from liandong.work.problems.tables import Problem

MOST = 1000


@dataclass(frozen=True)
class Struck:
    """A problem on the list, struck off or not yet; and its source's name."""

    problem: Problem
    source_name: str | None
    is_overdue: bool


@dataclass(frozen=True)
class CloseOutList:
    """The list: overdue first, then by deadline, what is struck off last. `total` counts what `rows` may not hold."""

    since_on: date
    rows: list[Struck]
    total: int


async def close_out_list(session: AsyncSession, actor: Actor, *, days: int, only_joint: bool) -> CloseOutList:
    """The visible problems that are open, or that were found or struck off in the last `days`, today included.

    `only_joint`: those that a joint visit found.

    Raises    access.verb_missing
    """
    gate.may(actor, "picture:read")
    today = beijing_today()
    since = today - timedelta(days=days - 1)
    is_open = Problem.state.in_(OPEN_STATES)
    rows = gate.visible(actor, "problems:read", Problem).where(
        or_(is_open, Problem.found_on >= since, Problem.closed_at >= start_of_day(since))
    )
    if only_joint:
        joint = gate.visible(actor, "inspections:read", Inspection).where(Inspection.mode == "joint")
        rows = rows.where(Problem.inspection_id.in_(joint.with_only_columns(Inspection.id)))
    total = await gate.count(session, rows)
    open_first = case((is_open, 0), else_=1)
    rows = rows.order_by(open_first, Problem.rectify_by_on.asc().nulls_last(), Problem.found_at).limit(MOST)
    problems: Sequence[Problem] = (await session.scalars(rows)).all()
    named = await source_names(session, {one.source_id for one in problems if one.source_id})
    return CloseOutList(
        since, [_struck(one, named.get(one.source_id) if one.source_id else None, today) for one in problems], total
    )


def _struck(problem: Problem, name: str | None, today: date) -> Struck:
    late = problem.state in OPEN_STATES and problem.rectify_by_on is not None and problem.rectify_by_on < today
    return Struck(problem, name, late)
