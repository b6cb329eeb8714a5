"""What the record of a visit holds, read from the rooms below: every row of the visit as plain JSON, by its path."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import canonical
from liandong.kernel.db import Base
from liandong.kernel.errors import Refused
from liandong.means.evidence.tables import Blob, Evidence
from liandong.oversight.records.proof import form
from liandong.registers.officers.tables import Certificate, Officer
from liandong.registers.sources.tables import Enterprise, Source
from liandong.work.dispatch.tables import Assignment, Task, Urging
from liandong.work.inspections.tables import (
    ChecklistAnswer,
    Inspection,
    RecordReturn,
    Sample,
    Signature,
    SupportNote,
    VisitEntry,
)
from liandong.work.problems.tables import LookBack, Problem, ProblemMove

Json = dict[str, Any]
Visit = Inspection
"""What the doors above call it, who may not open the room's own tables."""
ENDINGS = {
    "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic", "video/mp4": "mp4",
    "video/webm": "webm", "video/quicktime": "mov", "audio/mpeg": "mp3", "audio/webm": "weba", "audio/mp4": "m4a",
    "application/pdf": "pdf",
}  # fmt: skip


@dataclass(frozen=True)
class Original:
    """A file of the record as the store has it."""

    path: str
    sha256: str
    size: int


@dataclass
class Content:
    """The rows of a visit by path, the files they name, and the ids under which the ledger speaks of them."""

    inspection: Inspection
    docs: dict[str, Any] = field(default_factory=dict)
    originals: list[Original] = field(default_factory=list)
    subjects: set[UUID] = field(default_factory=set)


async def find_visit(session: AsyncSession, named: str) -> Inspection:
    """The visit with this id or number. For those who stand behind the gate: the command line, and after a gate.

    Raises    kernel.not_found
    """
    is_it = Inspection.number == named
    with suppress(ValueError):
        is_it = or_(is_it, Inspection.id == UUID(named))
    # past the gate: the command line serves whoever holds the installation; routes have asked the gate before
    visit = (await session.execute(select(Inspection).where(is_it))).scalar_one_or_none()
    if visit is None:
        raise Refused("kernel.not_found")
    return visit


async def read_content(session: AsyncSession, visit: Inspection) -> Content:
    """Everything of a visit that the rooms below have on record.

    Raises    records.originals_awaited: some are still on a phone
    """
    content = Content(visit, subjects={visit.id})
    content.docs[form.INSPECTION] = row_json(visit)
    await _add_task(session, content)
    await _add_place_and_people(session, content)
    # past the gate: the visit itself passed it
    answers = select(ChecklistAnswer).where(ChecklistAnswer.inspection_id == visit.id)
    in_order = answers.order_by(ChecklistAnswer.element, ChecklistAnswer.item_key)
    for number, answer in enumerate((await session.execute(in_order)).scalars(), 1):
        content.docs[f"{form.ANSWERS}{number:04d}.json"] = row_json(answer)
    # past the gate: the visit itself passed it
    signatures = await _by_id(session, content, form.SIGNATURES, Signature, Signature.inspection_id == visit.id)
    await _by_id(session, content, form.ENTRIES, VisitEntry, VisitEntry.inspection_id == visit.id)
    await _by_id(session, content, form.RETURNS, RecordReturn, RecordReturn.inspection_id == visit.id)
    await _by_id(session, content, form.SAMPLES, Sample, Sample.inspection_id == visit.id)
    support = await session.get(SupportNote, visit.id)
    if support is not None:
        content.docs[form.SUPPORT] = row_json(support)
    moves = await _add_problems(session, content)
    evidence = await _add_evidence(session, content, {proof for move in moves for proof in move.evidence_ids})
    digests = {row.sha256 for row in (*signatures, *evidence) if row.sha256 is not None}
    content.originals = await _originals(session, digests)
    return content


async def _add_task(session: AsyncSession, content: Content) -> None:
    task_id = content.inspection.task_id
    if task_id is None:
        return
    content.docs[form.TASK] = row_json(await session.get_one(Task, task_id))
    content.subjects.add(task_id)
    await _by_id(session, content, form.ASSIGNMENTS, Assignment, Assignment.task_id == task_id)
    await _by_id(session, content, form.URGINGS, Urging, Urging.task_id == task_id)


async def _add_place_and_people(session: AsyncSession, content: Content) -> None:
    visit = content.inspection
    if visit.source_id is not None:
        source = await session.get_one(Source, visit.source_id)
        enterprise = await session.get(Enterprise, source.enterprise_id) if source.enterprise_id else None
        shown = {name: getattr(source, name) for name in ("id", "name", "uscc", "permit_code", "address", "lon", "lat")}
        content.docs[form.SOURCE] = canonical.plain({**shown, "enterprise": enterprise and enterprise.name})
    rows = select(Officer.id, Officer.name, Certificate.number, Certificate.valid_from_on, Certificate.valid_to_on)
    joined = rows.outerjoin(Certificate, Certificate.officer_id == Officer.id).where(Officer.id.in_(visit.officer_ids))
    found = (await session.execute(joined.order_by(Officer.id, Certificate.number))).mappings()
    content.docs[form.OFFICERS] = {"officers": [canonical.plain(dict(row)) for row in found]}


async def _add_problems(session: AsyncSession, content: Content) -> Sequence[ProblemMove]:
    problems = await _by_id(session, content, form.PROBLEMS, Problem, Problem.inspection_id == content.inspection.id)
    ids = [problem.id for problem in problems]
    content.subjects |= set(ids)
    await _by_id(session, content, form.LOOK_BACKS, LookBack, LookBack.problem_id.in_(ids))
    return await _by_id(session, content, form.MOVES, ProblemMove, ProblemMove.problem_id.in_(ids))


async def _add_evidence(session: AsyncSession, content: Content, proofs: set[UUID]) -> Sequence[Evidence]:
    """What was sealed in the visit, on its problems, and whatever their moves point to."""
    own = or_(
        Evidence.inspection_id == content.inspection.id,
        Evidence.problem_id.in_(content.subjects),
        Evidence.id.in_(proofs),
    )
    found = await _by_id(session, content, form.PHOTOS, Evidence, own)
    content.subjects |= {row.id for row in found}
    return found


async def _by_id(
    session: AsyncSession, content: Content, folder: str, table: type[Any], which: ColumnElement[bool]
) -> Sequence[Any]:
    rows: Select[Any] = select(table).where(which).order_by(table.id)
    found: Sequence[Any] = (await session.execute(rows)).scalars().all()
    content.docs.update({f"{folder}{row.id}.json": row_json(row) for row in found})
    return found


async def _originals(session: AsyncSession, digests: Collection[str]) -> list[Original]:
    """The files of the record. One that lacks some would be no record of the visit."""
    rows = select(Blob).where(Blob.sha256.in_(list(digests))).order_by(Blob.sha256)
    found = (await session.execute(rows)).scalars().all()
    if len(found) < len(digests):
        raise Refused("records.originals_awaited", missing=len(digests) - len(found), total=len(digests))
    return [
        Original(f"{form.ORIGINALS}{blob.sha256}.{ENDINGS.get(blob.media_type, 'bin')}", blob.sha256, blob.size)
        for blob in found
    ]


def row_json(row: Base) -> Json:
    """Every column of a row as JSON has it; instants in UTC."""
    values = {column.key: getattr(row, column.key) for column in row.__mapper__.column_attrs}
    return dict(canonical.plain({name: in_utc(value) for name, value in values.items()}))


def in_utc(value: Any) -> Any:
    """An instant in UTC; anything else as it is."""
    return value.astimezone(UTC) if isinstance(value, datetime) else value
