"""Every change of the screens room: layouts of the wall are kept and withdrawn, measures are ticked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.clock import beijing_today, now
from liandong.kernel.errors import Refused
from liandong.kernel.ids import new_id
from liandong.means.video.queries import find_stream
from liandong.oversight.screens.episode import measures_of
from liandong.oversight.screens.events import MeasureChecked, WallLayoutKept, WallLayoutWithdrawn
from liandong.oversight.screens.tables import MeasureCheck, WallLayout
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.registers.sources.tables import Source


async def keep_layout(session: AsyncSession, actor: Actor, operation: str, stream_ids: Sequence[UUID]) -> WallLayout:
    """The wall's layout for an operation is this one, for every screen of the actor's area; the one before is history.

    Raises    screens.stream_twice · kernel.not_found for a stream out of sight · access.verb_missing
    Announces WallLayoutKept
    """
    gate.may(actor, "screens:arrange")
    if len(set(stream_ids)) != len(stream_ids):
        raise Refused("screens.stream_twice")
    for stream_id in stream_ids:
        await find_stream(session, actor, stream_id, "video:read")
    # two screens may keep the same operation's layout at one moment: the second waits for the first
    await session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"{actor.home_area} {operation}", 0)))
    )
    held = gate.visible(actor, "screens:arrange", WallLayout).where(
        WallLayout.area_code == actor.home_area, WallLayout.operation == operation, WallLayout.ended_at.is_(None)
    )
    before = (await session.execute(held)).scalar_one_or_none()
    if before is not None:
        before.ended_at = now()
        await session.flush()
    layout = WallLayout(
        id=new_id(), area_code=actor.home_area, agency_id=actor.agency_id, operation=operation,
        stream_ids=list(stream_ids), made_at=now(), made_by=actor.account_id, maker_name=actor.name,
    )  # fmt: skip
    session.add(layout)
    await session.flush()
    about = _about(layout, f"保存视频墙布局：{operation}")
    await ledger.record(session, WallLayoutKept(**about, operation=operation, stream_ids=list(stream_ids)))
    return layout


async def withdraw_layout(session: AsyncSession, layout: WallLayout) -> None:
    """The layout is no longer offered.

    Raises    screens.layout_ended
    Announces WallLayoutWithdrawn
    """
    if layout.ended_at is not None:
        raise Refused("screens.layout_ended", operation=layout.operation)
    layout.ended_at = now()
    await session.flush()
    about = _about(layout, f"撤下视频墙布局：{layout.operation}")
    await ledger.record(session, WallLayoutWithdrawn(**about, operation=layout.operation))


def _about(layout: WallLayout, words: str) -> dict[str, Any]:
    subject = {"title": layout.operation}
    return {"subject_id": layout.id, "subject": subject, "area_code": layout.area_code, "words": words}


async def check_measure(
    session: AsyncSession, actor: Actor, source: Source, measure: str, *, is_met: bool
) -> MeasureCheck:
    """It is on record that this measure of the source was met today, or was not.

    Raises    screens.measure_unknown
    Announces MeasureChecked
    """
    known = measures_of(source.extra)
    if known is None or measure not in known:
        raise Refused("screens.measure_unknown", measure=measure)
    check = MeasureCheck(
        id=new_id(), area_code=source.area_code, source_id=source.id, measure=measure, is_met=is_met,
        checked_on=beijing_today(), checked_at=now(), checked_by=actor.account_id, checker_name=actor.name,
    )  # fmt: skip
    session.add(check)
    await session.flush()
    words = f"核对减排措施 {source.name}：{measure}（{'已落实' if is_met else '未落实'}）"
    about: dict[str, Any] = {
        "subject_id": source.id,
        "subject": {"title": source.name},
        "area_code": source.area_code,
        "words": words,
    }
    await ledger.record(session, MeasureChecked(**about, measure=measure, is_met=is_met))
    return check
