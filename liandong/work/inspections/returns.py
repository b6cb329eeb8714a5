"""退回: a supervisor sends the record of a visit back with comments. The return is a fact and counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.clock import now
from liandong.kernel.errors import Refused
from liandong.kernel.ids import new_id
from liandong.kernel.ledger import author_of
from liandong.registers.access.actor import Actor
from liandong.registers.sources.queries import source_name
from liandong.work.inspections.events import InspectionReturned
from liandong.work.inspections.states import INSPECTION_STATES, InspectionState
from liandong.work.inspections.tables import Inspection, RecordReturn


@dataclass(frozen=True)
class Comment:
    """What is to be put right. `about` names the part of the record, such as an item's key; None: all of it."""

    words: str
    about: str | None = None


async def return_record(
    session: AsyncSession, actor: Actor, inspection: Inspection, comments: Sequence[Comment]
) -> RecordReturn:
    """The record is returned with comments; those who made the visit see it wherever it lies.

    What was signed stays as it is; those officers may add to it (补正) and hand it in again.

    Raises    inspections.not_submitted, inspections.own_record: nobody returns the record of a visit of their own
    Announces InspectionReturned
    """
    if inspection.state == InspectionState.open:
        raise Refused("inspections.not_submitted")
    if actor.officer_id is not None and actor.officer_id in inspection.officer_ids:
        raise Refused("inspections.own_record")
    author = author_of(session)
    returned = RecordReturn(
        id=new_id(),
        inspection_id=inspection.id,
        task_id=inspection.task_id,
        area_code=inspection.area_code,
        comments=[{"about": comment.about, "words": comment.words} for comment in comments],
        returned_at=now(),
        returned_by=author.id,
        returner_name=author.name,
    )
    session.add(returned)
    INSPECTION_STATES.advance(inspection, "return")
    await session.flush()
    named = await source_name(session, inspection.source_id) if inspection.source_id else None
    fact = InspectionReturned(
        subject_id=inspection.id,
        subject={"number": inspection.number, "title": named or inspection.number},
        area_code=inspection.area_code,
        task_id=inspection.task_id,
        audience=tuple(inspection.officer_ids),
        words=f"{author.name} 退回检查记录 {inspection.number}：{comments[0].words[:40]}",
        count=len(comments),
        officer_ids=tuple(inspection.officer_ids),
        source_id=inspection.source_id,
    )
    await ledger.record(session, fact)
    return returned


async def returns_of(session: AsyncSession, inspection_id: UUID) -> Sequence[RecordReturn]:
    """The returns of a record that the actor sees, oldest first."""
    # past the gate: whoever asks sees the visit itself
    rows = select(RecordReturn).where(RecordReturn.inspection_id == inspection_id).order_by(RecordReturn.id)
    return (await session.execute(rows)).scalars().all()


async def last_return(session: AsyncSession, inspection_id: UUID) -> UUID | None:
    """The newest return of a record."""
    # past the gate: the visit itself is being carried out
    rows = select(RecordReturn.id).where(RecordReturn.inspection_id == inspection_id)
    newest = rows.order_by(RecordReturn.returned_at.desc(), RecordReturn.id.desc()).limit(1)
    return (await session.execute(newest)).scalar_one_or_none()
