"""What the live picture shows of a task."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.registers.sources.queries import source_name
from liandong.work.dispatch.tables import Assignment, Task

SHOWN = (
    "id", "number", "title", "state", "kind", "mode", "area_code", "source_id", "lon", "lat", "due_on",
    "assigned_at", "accepted_at", "arrived_at", "reported_at",
)  # fmt: skip


def item(task: Task, named: str | None, officer_ids: list[UUID]) -> dict[str, Any]:
    """The item of a task whose source's name and officers are known."""
    return {name: getattr(task, name) for name in SHOWN} | {"source_name": named, "officer_ids": officer_ids}


async def officers_on(session: AsyncSession, task_id: UUID) -> list[UUID]:
    """The officers who are on a task now, the lead first."""
    rows = select(Assignment.officer_id).where(Assignment.task_id == task_id, Assignment.ended_at.is_(None))
    ordered = rows.order_by(Assignment.is_lead.desc(), Assignment.assigned_at, Assignment.id)
    return list((await session.execute(ordered)).scalars())


async def task_item(session: AsyncSession, task: Task) -> dict[str, Any]:
    """The item of a task as it stands in this transaction."""
    named = await source_name(session, task.source_id) if task.source_id else None
    return item(task, named, await officers_on(session, task.id))
