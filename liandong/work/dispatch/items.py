"""What the live picture shows of a task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.memory import forget, held, learn, recall
from liandong.registers.sources.queries import source_name
from liandong.work.dispatch.tables import Assignment, Task

SHOWN = (
    "id", "number", "title", "state", "kind", "mode", "area_code", "source_id", "lon", "lat", "due_on",
    "assigned_at", "answer_by_at", "chased_at", "accepted_at", "arrived_at", "reported_at",
)  # fmt: skip


ANSWERS = ("received_at", "read_at", "accepted_at")


def item(task: Task, named: str | None, parts: Sequence[Assignment]) -> dict[str, Any]:
    """The item of a task whose source's name and officers are known, and how far the order has come with each, in the same order."""
    shown = {name: getattr(task, name) for name in SHOWN} | {"source_name": named}
    answers = [{name: getattr(part, name) for name in ANSWERS} for part in parts]
    return shown | {"officer_ids": [part.officer_id for part in parts], "answers": answers}


_PARTS_NOW = (
    select(Assignment)
    .where(Assignment.task_id == bindparam("of_task"), Assignment.ended_at.is_(None))
    .order_by(Assignment.is_lead.desc(), Assignment.assigned_at, Assignment.id)
)


async def parts_now(session: AsyncSession, task_id: UUID) -> list[Assignment]:
    """Who is on a task now, the lead first. While the task is held nobody else changes that: it is asked for once."""
    known: list[Assignment] | None = recall(session, (Assignment, task_id))
    if known is None:
        known = list((await session.execute(_PARTS_NOW, {"of_task": task_id})).scalars())
        if held(session, Task, task_id) is not None:
            learn(session, (Assignment, task_id), known)
    return [part for part in known if part.ended_at is None]


def put_on(session: AsyncSession, parts: list[Assignment]) -> None:
    """Officers are on a task."""
    session.add_all(parts)
    for part in parts:
        forget(session, (Assignment, part.task_id))


async def officers_on(session: AsyncSession, task_id: UUID) -> list[UUID]:
    """The officers who are on a task now, the lead first."""
    return [part.officer_id for part in await parts_now(session, task_id)]


async def task_item(session: AsyncSession, task: Task) -> dict[str, Any]:
    """The item of a task as it stands in this transaction."""
    named = await source_name(session, task.source_id) if task.source_id else None
    return item(task, named, await parts_now(session, task.id))


async def about(session: AsyncSession, task: Task, words: str) -> dict[str, Any]:
    """What every fact about a task says: which one, where, in which words, and how it stands afterwards."""
    return {
        "subject_id": task.id,
        "subject": {"number": task.number, "title": task.title},
        "area_code": task.area_code,
        "task_id": task.id,
        "words": words,
        "after": {"tasks": {str(task.id): await task_item(session, task)}},
    }
