"""帮扶、普法: visits that help and explain. What they were for is noted in a short form; advice is never a problem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.errors import Invalid, Refused
from liandong.kernel.memory import gather, into, write_out
from liandong.work.inspections.about import about_visit, require_open
from liandong.work.inspections.events import SupportNoted
from liandong.work.inspections.states import SUPPORT_KINDS
from liandong.work.inspections.tables import Inspection, SupportNote

NOTES = into(
    SupportNote,
    ("inspection_id",),
    "DO UPDATE SET asked = excluded.asked, advice = excluded.advice, materials = excluded.materials,"
    " people_count = excluded.people_count, noted_at = excluded.noted_at"
    " WHERE support_note.noted_at <= excluded.noted_at",
)


@dataclass(frozen=True)
class Support:
    """What was asked, advised and handed out, and how many people it reached. A material: `{name, count}`."""

    asked: str | None
    advice: Sequence[str]
    materials: Sequence[dict[str, Any]]
    people_count: int


def require_enforcement(inspection: Inspection, code: str = "inspections.support_visit") -> None:
    """Afterwards it is sure that the visit enforces the law, rather than helps or explains.

    Raises    the code given: inspections.support_visit, or problems.support_visit
    """
    if inspection.kind in SUPPORT_KINDS:
        raise Refused(code)


async def note_support(session: AsyncSession, inspection: Inspection, said: Support, happened_at: datetime) -> None:
    """The visit has its note; a later one of the device's clock would replace it, an earlier one does not.

    Raises    inspections.wrong_state, inspections.enforcement_visit, inspections.support_note_empty
    Announces SupportNoted
    """
    require_open(inspection)
    if inspection.kind not in SUPPORT_KINDS:
        raise Refused("inspections.enforcement_visit")
    if not (said.asked or said.advice or said.materials):
        raise Invalid("inspections.support_note_empty")
    row = {
        "inspection_id": inspection.id,
        "task_id": inspection.task_id,
        "area_code": inspection.area_code,
        "asked": said.asked,
        "advice": list(said.advice),
        "materials": list(said.materials),
        "people_count": said.people_count,
        "noted_at": happened_at,
    }
    gather(session, NOTES, row)
    about = await about_visit(session, inspection, f"{inspection.number} 记录帮扶普法：惠及 {said.people_count} 人")
    await ledger.record(session, SupportNoted(**about, happened_at=happened_at, people_count=said.people_count))


async def require_noted(session: AsyncSession, inspection: Inspection) -> None:
    """Afterwards it is sure that the visit has its note.

    Raises    inspections.support_note_missing
    """
    await write_out(session)
    # past the gate: the visit itself is being carried out
    noted = select(SupportNote.inspection_id).where(SupportNote.inspection_id == inspection.id)
    if (await session.execute(noted)).one_or_none() is None:
        raise Refused("inspections.support_note_missing")
