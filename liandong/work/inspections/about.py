"""What every action on a visit shares: it is told alike, and nothing is added once it is submitted."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.registers.sources.queries import source_name
from liandong.work.inspections.states import INSPECTION_STATES, InspectionState
from liandong.work.inspections.tables import Inspection


async def about_visit(session: AsyncSession, inspection: Inspection, words: str) -> dict[str, Any]:
    """The fields that every fact of this room has in common."""
    named = await source_name(session, inspection.source_id) if inspection.source_id else None
    return {
        "subject_id": inspection.id,
        "subject": {"number": inspection.number, "title": named or inspection.number},
        "area_code": inspection.area_code,
        "task_id": inspection.task_id,
        "words": words,
    }


def require_open(inspection: Inspection) -> None:
    """Afterwards it is sure that something may still be added to the visit.

    Raises    inspections.wrong_state
    """
    INSPECTION_STATES.after(InspectionState(inspection.state), "submit")
