"""What the live picture shows of a problem."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.registers.sources.queries import source_name
from liandong.work.problems.tables import Problem

SHOWN = (
    "id", "number", "state", "element", "severity", "description", "area_code", "source_id", "lon", "lat",
    "rectify_by_on", "found_at", "claimed_at", "closed_at", "relapse_count",
)  # fmt: skip


def item(problem: Problem, named: str | None) -> dict[str, Any]:
    """The item of a problem whose source's name is known."""
    return {name: getattr(problem, name) for name in SHOWN} | {"source_name": named}


async def problem_item(session: AsyncSession, problem: Problem) -> dict[str, Any]:
    """The item of a problem as it stands in this transaction."""
    return item(problem, await source_name(session, problem.source_id) if problem.source_id else None)
