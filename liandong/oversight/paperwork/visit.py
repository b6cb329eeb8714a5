"""Everything that is on record of a visit and that its 笔录 tells, read in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import blobs
from liandong.means.evidence.tables import Blob, Evidence
from liandong.registers.jurisdictions.tables import Agency
from liandong.registers.officers.tables import Certificate, Officer
from liandong.registers.sources.tables import Enterprise, Source
from liandong.work.inspections.tables import ChecklistAnswer, Inspection, Sample, Signature, VisitEntry
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
    """The rows of a visit. `signatures` are the last of each signer on its record, `interview_signatures` those on
    interviews by interview, `drawn` the kept pictures by digest; `entries` are in the order of the device's clock.

    `arrived` are the digests of the photos whose originals are here; the others are still on the phone.
    """

    inspection: Inspection
    source: Source | None
    enterprise: Enterprise | None
    inspectors: tuple[Inspector, ...]
    answers: Sequence[ChecklistAnswer]
    problems: Sequence[Problem]
    photos: Sequence[Evidence]
    arrived: frozenset[str]
    signatures: dict[UUID | None, Signature]
    interview_signatures: dict[UUID, dict[UUID | None, Signature]]
    entries: Sequence[VisitEntry]
    drawn: dict[str, bytes]
    samples: Sequence[Sample] = ()

    @property
    def manager(self) -> Signature | None:
        """The signature, or the refusal, of who answered for the site."""
        return self.signatures.get(None)

    def last(self, kind: str) -> VisitEntry | None:
        """The latest entry of a kind: the one that counts."""
        return next((one for one in reversed(self.entries) if one.kind == kind), None)

    @property
    def particulars(self) -> dict[str, Any]:
        """What the form asks of the party and the site, as it was last written down; empty if it was not."""
        last = self.last("record_particulars")
        return last.content if last else {}

    @property
    def interviews(self) -> dict[UUID, VisitEntry]:
        """Each interview as it was last written down, in the order in which they were begun."""
        found = {UUID(one.content["interview_id"]): one for one in self.entries if one.kind == "record_interview"}
        return dict(sorted(found.items(), key=lambda pair: str(pair[1].content["began_at"])))


async def read_visit(session: AsyncSession, inspection_id: UUID) -> Visit:
    """The visit whole: every reader who may have its 笔录 gets the same one. Whoever calls has asked the gate.

    Raises    sqlalchemy.exc.NoResultFound
    """
    inspection = await session.get_one(Inspection, inspection_id)
    source = await session.get(Source, inspection.source_id) if inspection.source_id else None
    signatures, of_interviews = await _signatures(session, inspection.id)
    # past the gate: the visit itself passed it
    answers = select(ChecklistAnswer).where(ChecklistAnswer.inspection_id == inspection.id)
    # past the gate: the visit itself passed it
    problems = select(Problem).where(Problem.inspection_id == inspection.id)
    # past the gate: the visit itself passed it
    photos = select(Evidence).where(Evidence.inspection_id == inspection.id)
    # past the gate: the visit itself passed it
    entries = select(VisitEntry).where(VisitEntry.inspection_id == inspection.id)
    taken = (await session.execute(photos.order_by(Evidence.taken_at, Evidence.id))).scalars().all()
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
        photos=taken,
        arrived=await _arrived(session, taken),
        signatures=signatures,
        interview_signatures=of_interviews,
        entries=(await session.execute(entries.order_by(VisitEntry.said_at, VisitEntry.id))).scalars().all(),
        drawn=await _drawn(
            [*signatures.values(), *(one for found in of_interviews.values() for one in found.values())]
        ),
        samples=(await session.execute(samples.order_by(Sample.sampled_at, Sample.id))).scalars().all(),
    )


async def _arrived(session: AsyncSession, photos: Sequence[Evidence]) -> frozenset[str]:
    rows = select(Blob.sha256).where(Blob.sha256.in_({photo.sha256 for photo in photos}))
    return frozenset((await session.execute(rows)).scalars())


Signatures = dict[UUID | None, Signature]


async def _signatures(session: AsyncSession, inspection_id: UUID) -> tuple[Signatures, dict[UUID, Signatures]]:
    """The last signature of each officer, and under None the party's: on the record, and on each interview."""
    # past the gate: the visit itself passed it
    rows = select(Signature).where(Signature.inspection_id == inspection_id)
    given = (await session.execute(rows.order_by(Signature.signed_at, Signature.id))).scalars()
    record: Signatures = {}
    interviews: dict[UUID, Signatures] = {}
    for one in given:
        held = record if one.interview_id is None else interviews.setdefault(one.interview_id, {})
        held[one.officer_id if one.signer == "officer" else None] = one
    return record, interviews


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


async def _drawn(signatures: Sequence[Signature]) -> dict[str, bytes]:
    """The pictures as the store has them; one that is not there is empty, and so is told to be unreadable."""
    found = {}
    for sha256 in {one.sha256 for one in signatures if one.sha256 and not one.is_refused}:
        try:
            found[sha256] = await blobs.fetch(sha256)
        except FileNotFoundError:
            found[sha256] = b""
    return found
