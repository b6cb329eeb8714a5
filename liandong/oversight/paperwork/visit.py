"""Everything that is on record of a visit and that its 笔录 tells, read in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import blobs
from liandong.means.evidence.tables import Evidence
from liandong.registers.jurisdictions.tables import Agency
from liandong.registers.officers.tables import Certificate, Officer
from liandong.registers.sources.tables import Enterprise, Source
from liandong.work.inspections.tables import ChecklistAnswer, Inspection, Sample, Signature
from liandong.work.problems.tables import Problem


@dataclass(frozen=True)
class Inspector:
    """An officer who took part: with the unit, and the certificate that was valid on the day of the visit."""

    id: UUID
    name: str
    agency: str
    certificate: str | None


@dataclass(frozen=True)
class Visit:
    """The rows of a visit. `signatures` are the last of each signer, `drawn` the kept pictures by digest."""

    inspection: Inspection
    source: Source | None
    enterprise: Enterprise | None
    inspectors: tuple[Inspector, ...]
    answers: Sequence[ChecklistAnswer]
    problems: Sequence[Problem]
    photos: Sequence[Evidence]
    signatures: dict[UUID | None, Signature]
    drawn: dict[str, bytes]
    samples: Sequence[Sample] = ()

    @property
    def manager(self) -> Signature | None:
        """The signature, or the refusal, of who answered for the site."""
        return self.signatures.get(None)


async def read_visit(session: AsyncSession, inspection_id: UUID) -> Visit:
    """The visit whole: every reader who may have its 笔录 gets the same one. Whoever calls has asked the gate.

    Raises    sqlalchemy.exc.NoResultFound
    """
    inspection = await session.get_one(Inspection, inspection_id)
    source = await session.get(Source, inspection.source_id) if inspection.source_id else None
    signatures = await _signatures(session, inspection.id)
    # past the gate: the visit itself passed it
    answers = select(ChecklistAnswer).where(ChecklistAnswer.inspection_id == inspection.id)
    # past the gate: the visit itself passed it
    problems = select(Problem).where(Problem.inspection_id == inspection.id)
    # past the gate: the visit itself passed it
    photos = select(Evidence).where(Evidence.inspection_id == inspection.id)
    # past the gate: the visit itself passed it
    samples = select(Sample).where(Sample.inspection_id == inspection.id)
    in_order = answers.order_by(ChecklistAnswer.element, ChecklistAnswer.item_key)
    return Visit(
        inspection=inspection,
        source=source,
        enterprise=await session.get(Enterprise, source.enterprise_id) if source and source.enterprise_id else None,
        inspectors=await _inspectors(session, inspection),
        answers=(await session.execute(in_order)).scalars().all(),
        problems=(await session.execute(problems.order_by(Problem.found_at, Problem.id))).scalars().all(),
        photos=(await session.execute(photos.order_by(Evidence.taken_at, Evidence.id))).scalars().all(),
        signatures=signatures,
        drawn=await _drawn(signatures),
        samples=(await session.execute(samples.order_by(Sample.sampled_at, Sample.id))).scalars().all(),
    )


async def _signatures(session: AsyncSession, inspection_id: UUID) -> dict[UUID | None, Signature]:
    """The last signature of each officer, and under None the manager's."""
    # past the gate: the visit itself passed it
    rows = select(Signature).where(Signature.inspection_id == inspection_id)
    given = (await session.execute(rows.order_by(Signature.signed_at, Signature.id))).scalars()
    return {one.officer_id if one.signer == "officer" else None: one for one in given}


async def _inspectors(session: AsyncSession, inspection: Inspection) -> tuple[Inspector, ...]:
    """Who took part, in the order in which the visit names them."""
    rows = (
        select(Officer.id, Officer.name, Agency.name.label("agency"), Certificate.number)
        .join(Agency, Agency.id == Officer.agency_id)
        .outerjoin(Certificate, (Certificate.officer_id == Officer.id) & _is_valid_on(inspection))
        .where(Officer.id.in_(inspection.officer_ids))
        .order_by(Certificate.number.desc())
    )
    known = {row.id: Inspector(row.id, row.name, row.agency, row.number) for row in await session.execute(rows)}
    return tuple(known[officer_id] for officer_id in inspection.officer_ids if officer_id in known)


def _is_valid_on(inspection: Inspection) -> ColumnElement[bool]:
    day = inspection.inspected_on
    return (Certificate.valid_from_on <= day) & (Certificate.valid_to_on.is_(None) | (Certificate.valid_to_on >= day))


async def _drawn(signatures: dict[UUID | None, Signature]) -> dict[str, bytes]:
    """The pictures as the store has them; one that is not there is empty, and so is told to be unreadable."""
    found = {}
    for sha256 in {one.sha256 for one in signatures.values() if one.sha256 and not one.is_refused}:
        try:
            found[sha256] = await blobs.fetch(sha256)
        except FileNotFoundError:
            found[sha256] = b""
    return found
