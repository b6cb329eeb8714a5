"""The page behind a scanned code, put together from the rooms below. Whoever calls has opened the pass."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.clock import beijing_today
from liandong.oversight.credentials.schemas import (
    ChannelOut,
    LineOut,
    NoticeOut,
    OfficerShown,
    PaperOut,
    VisitShown,
)
from liandong.registers import law
from liandong.registers.jurisdictions.tables import Agency
from liandong.registers.law.field_shapes import NoticeLine
from liandong.registers.officers.queries import OfficerEntry, list_officers
from liandong.registers.sources.queries import source_name
from liandong.work.dispatch.queries import parts_in
from liandong.work.dispatch.tables import Task, VisitPass
from liandong.work.inspections.tables import Inspection, Signature

CONFIDENTIAL_KINDS = frozenset({"petition_check", "clue_check"})
"""That somebody complained is nothing the party should learn from a page: 信访工作条例 keeps the complainant secret."""
RECORD = "inspection_record"


async def visit_shown(session: AsyncSession, held: VisitPass) -> VisitShown:
    """What the code of this pass tells today."""
    task = await session.get_one(Task, held.task_id)
    visit = await session.get(Inspection, task.inspection_id) if task.inspection_id else None
    today = beijing_today()
    ids = (
        list(visit.officer_ids)
        if visit
        else [part.officer_id for part in (await parts_in(session, {task.id}))[task.id]]
    )
    entries = {entry.id: entry for entry in await list_officers(session, ids=ids)}
    agencies = await _agencies(session, list(entries.values()))
    is_over = visit is not None and visit.ended_at is not None
    notice = law.visit_notice(on=today)
    return VisitShown(
        party=await source_name(session, task.source_id) if task.source_id else None,
        task_number=task.number,
        kind=None if task.kind in CONFIDENTIAL_KINDS else task.kind,
        mode=task.mode,
        matters=list(task.matters),
        legal_basis=[basis.cite for basis in notice.basis],
        state="over" if is_over else "on_site" if visit else "announced",
        arrived_at=visit.arrived_at if visit else None,
        ended_at=visit.ended_at if visit else None,
        agencies=list(dict.fromkeys(agencies[entries[one].agency_id] for one in ids)),
        officers=[_officer(entries[one], agencies, held, today, is_masked=is_over) for one in ids],
        notice=_notice(notice),
        papers=[PaperOut(name=RECORD, title_zh="现场检查（勘察）笔录", title_en="Record of the on-site inspection",
                         state=await paper_state(session, visit))],
        expires_at=held.expires_at,
    )  # fmt: skip


async def _agencies(session: AsyncSession, entries: Sequence[OfficerEntry]) -> dict[UUID, str]:
    rows = select(Agency.id, Agency.name).where(Agency.id.in_({entry.agency_id for entry in entries}))
    return {row.id: row.name for row in await session.execute(rows)}


def _officer(
    entry: OfficerEntry, agencies: dict[UUID, str], held: VisitPass, today: date, *, is_masked: bool
) -> OfficerShown:
    certificate = entry.certificate
    number = certificate.number if certificate else None
    return OfficerShown(
        name=entry.name,
        agency=agencies[entry.agency_id],
        certificate=masked(number) if number and is_masked else number,
        number_masked=is_masked,
        valid_from_on=certificate.valid_from_on if certificate else None,
        valid_to_on=certificate.valid_to_on if certificate else None,
        is_valid=entry.is_certified(today),
        is_holder=entry.id == held.officer_id,
    )


def masked(number: str) -> str:
    """The number with its middle hidden.

    While officers stand before the party it needs the whole number to check them; once they have left, that purpose is
    over, the page may have been passed on, and the record that the party holds names the number in full.
    """
    return f"{number[:2]}{'*' * max(len(number) - 4, 1)}{number[-2:]}" if len(number) > 4 else "*" * len(number)


async def paper_state(session: AsyncSession, visit: Inspection | None) -> Literal["ready", "not_yet", "not_signed"]:
    """Whether the party may fetch the record: it is complete, and the party signed it."""
    if visit is None or visit.ended_at is None:
        return "not_yet"
    # past the gate: the pass opens this visit
    rows = select(Signature.is_refused).where(
        Signature.inspection_id == visit.id, Signature.signer == "manager", Signature.interview_id.is_(None)
    )
    last = (await session.execute(rows.order_by(Signature.signed_at.desc(), Signature.id.desc()).limit(1))).scalar()
    return "ready" if last is False else "not_signed"


async def signed_visit_of(session: AsyncSession, held: VisitPass) -> UUID | None:
    """The visit whose record this pass opens; None if there is none that the party signed."""
    task = await session.get_one(Task, held.task_id)
    visit = await session.get(Inspection, task.inspection_id) if task.inspection_id else None
    return visit.id if visit is not None and await paper_state(session, visit) == "ready" else None


def _notice(notice: law.Notice) -> NoticeOut:
    said = notice.version

    def _lines(lines: tuple[NoticeLine, ...]) -> list[LineOut]:
        return [LineOut(zh=one.zh, en=one.en, cite=notice.cite(one.basis)) for one in lines]

    return NoticeOut(
        status=said.status,
        source=said.source,
        rights=_lines(said.rights),
        duties=_lines(said.duties),
        checks=_lines(said.checks),
        channels=[ChannelOut(zh=one.zh, en=one.en, value=one.value) for one in said.channels],
    )
