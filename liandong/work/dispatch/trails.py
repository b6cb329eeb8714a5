"""The way that officers took in a task, for whoever may look; and that he looked."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.means.tracks.queries import Footprint, trail_of
from liandong.registers.access.actor import Actor
from liandong.work.dispatch.events import TrailViewed
from liandong.work.dispatch.tables import Task


async def look_at_trail(session: AsyncSession, actor: Actor, task: Task) -> Sequence[Footprint]:
    """The points walked in a task, by officer and in the order of their time; that they were looked at is on the ledger.

    Raises    access.verb_missing
    Announces TrailViewed
    Basis     个人信息保护法 §28 (行踪轨迹)
    """
    fact = TrailViewed(
        subject_id=task.id,
        subject={"number": task.number, "title": task.title},
        area_code=task.area_code,
        task_id=task.id,
        words=f"查看任务 {task.number} 的轨迹",
    )
    await ledger.record(session, fact)
    return await trail_of(session, actor, task.id)
