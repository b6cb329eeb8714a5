"""现场记载: what is said and stated in a visit beside its checklists. Entries are added and never changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.errors import Refused
from liandong.kernel.ledger import Fact, author_of
from liandong.kernel.memory import forget, recall
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.registers.officers.queries import require_enough
from liandong.registers.sources.queries import source_name
from liandong.work.inspections.events import (
    CertificateShown,
    InspectionResubmitted,
    InterviewRecorded,
    ParticularsRecorded,
    RecordAmended,
)
from liandong.work.inspections.returns import last_return
from liandong.work.inspections.states import INSPECTION_STATES, InspectionState
from liandong.work.inspections.tables import Inspection, VisitEntry

Content = dict[str, Any]
Announce = Callable[[Content, dict[str, Any]], Fact]
WORDS = {
    "show_certificate": "出示执法证件",
    "record_particulars": "填写笔录要素",
    "record_interview": "调查询问",
    "amend_record": "补正记录",
    "resubmit_inspection": "重新提交记录",
}
ANNOUNCES: dict[str, Announce] = {
    "show_certificate": lambda said, about: CertificateShown(**about, answer=said["answer"]),
    "record_particulars": lambda _, about: ParticularsRecorded(**about),
    "record_interview": lambda said, about: InterviewRecorded(**about, interview_id=said["interview_id"]),
    "amend_record": lambda said, about: RecordAmended(**about, about=said["about"]),
    "resubmit_inspection": lambda _, about: InspectionResubmitted(**about),
}
NEEDS_MOVE = {"amend_record": "resubmit", "resubmit_inspection": "resubmit"}
"""An amendment is made to a returned record; everything else is entered while the visit is open."""


async def add_entry(
    session: AsyncSession, inspection: Inspection, kind: str, entry_id: UUID, content: Content, said_at: datetime
) -> None:
    """The entry stands in the visit, beside all that were made before; handing in again takes the return off it.

    Raises    inspections.wrong_state, inspections.officer_not_present, inspections.two_officers_required,
              inspections.return_unknown, inspections.nothing_amended
    Announces CertificateShown, ParticularsRecorded, InterviewRecorded, RecordAmended, InspectionResubmitted
    Basis     行政处罚法 §47, §55
    """
    INSPECTION_STATES.after(InspectionState(inspection.state), NEEDS_MOVE.get(kind, "submit"))
    _require_officers(inspection, kind, content)
    if kind in NEEDS_MOVE:
        await _answer_return(session, inspection, kind, content)
    entry = VisitEntry(
        id=entry_id,
        inspection_id=inspection.id,
        task_id=inspection.task_id,
        area_code=inspection.area_code,
        kind=kind,
        content=content,
        said_at=said_at,
        author_name=author_of(session).name,
    )
    await session.flush()  # the visit is written before what hangs from it
    session.add(entry)
    await session.flush()
    forget(session, (VisitEntry, inspection.id))
    title = await source_name(session, inspection.source_id) if inspection.source_id else None
    about = {
        "subject_id": inspection.id,
        "subject": {"number": inspection.number, "title": title or inspection.number},
        "area_code": inspection.area_code,
        "task_id": inspection.task_id,
        "words": f"{entry.author_name} {WORDS[kind]}（{inspection.number}）",
        "happened_at": said_at,
    }
    await ledger.record(session, ANNOUNCES[kind](content, about))


def _require_officers(inspection: Inspection, kind: str, content: Content) -> None:
    """Whoever is said to show a certificate or to ask is one of those present, and to ask takes two (行政处罚法 §42)."""
    named = content.get("officer_ids")
    if named is None:
        return
    if not set(named) <= {str(one) for one in inspection.officer_ids}:
        raise Refused("inspections.officer_not_present")
    if kind == "record_interview":
        asking = sorted({UUID(one) for one in named})
        require_enough(
            asking, "inspections.two_officers_required", on=inspection.inspected_on, area=inspection.area_code
        )


async def _answer_return(session: AsyncSession, inspection: Inspection, kind: str, content: Content) -> None:
    """Only the newest return is answered, and handed in again is only what was amended since."""
    returned = await last_return(session, inspection.id)
    if content["return_id"] != str(returned):
        raise Refused("inspections.return_unknown")
    if kind == "amend_record":
        return
    # past the gate: the visit itself is being carried out
    rows = select(VisitEntry.id).where(VisitEntry.inspection_id == inspection.id, VisitEntry.kind == "amend_record")
    fresh = rows.where(VisitEntry.content["return_id"].astext == str(returned))
    if (await session.execute(fresh.limit(1))).first() is None:
        raise Refused("inspections.nothing_amended")
    INSPECTION_STATES.advance(inspection, "resubmit")


async def entries_of(session: AsyncSession, actor: Actor, inspection_id: UUID) -> Sequence[VisitEntry]:
    """The entries of a visit, in the order of the device's clock."""
    rows = gate.visible(actor, "inspections:read", VisitEntry).where(VisitEntry.inspection_id == inspection_id)
    return (await session.execute(rows.order_by(VisitEntry.said_at, VisitEntry.id))).scalars().all()


async def last_particulars(session: AsyncSession, inspection_id: UUID) -> Content:
    """What was last written down of the party and the site; empty if nothing was. A visit just begun need not be asked."""
    known: Content | None = recall(session, (VisitEntry, inspection_id))
    if known is not None:
        return known
    # past the gate: the visit itself is being carried out
    rows = select(VisitEntry.content).where(
        VisitEntry.inspection_id == inspection_id, VisitEntry.kind == "record_particulars"
    )
    latest = rows.order_by(VisitEntry.said_at.desc(), VisitEntry.id.desc()).limit(1)
    found: Content | None = (await session.execute(latest)).scalar_one_or_none()
    return found or {}


async def has_interview(session: AsyncSession, inspection_id: UUID, interview_id: UUID) -> bool:
    """Whether this interview was written down in the visit."""
    # past the gate: the visit itself is being carried out
    rows = select(VisitEntry.id).where(VisitEntry.inspection_id == inspection_id, VisitEntry.kind == "record_interview")
    of_it = rows.where(VisitEntry.content["interview_id"].astext == str(interview_id)).limit(1)
    return (await session.execute(of_it)).first() is not None
