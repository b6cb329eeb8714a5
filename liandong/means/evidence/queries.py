"""Every read of the evidence room, through the gate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.errors import Refused
from liandong.means.evidence.schemas import EvidenceOut
from liandong.means.evidence.tables import Blob, Evidence
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor


async def find_evidence(session: AsyncSession, actor: Actor, evidence_id: UUID) -> Evidence:
    """An item that the actor may see.

    Raises    kernel.not_found
    """
    return await gate.find(session, actor, "evidence:read", Evidence, evidence_id)


async def of_inspection(session: AsyncSession, actor: Actor, inspection_id: UUID) -> Sequence[Evidence]:
    """The items of a visit in the order they were taken."""
    rows = gate.visible(actor, "evidence:read", Evidence).where(Evidence.inspection_id == inspection_id)
    return (await session.execute(rows.order_by(Evidence.taken_at, Evidence.id))).scalars().all()


async def of_problem(session: AsyncSession, actor: Actor, problem_id: UUID) -> Sequence[Evidence]:
    """The items that show a problem or its rectification, in the order they were taken."""
    rows = gate.visible(actor, "evidence:read", Evidence).where(Evidence.problem_id == problem_id)
    return (await session.execute(rows.order_by(Evidence.taken_at, Evidence.id))).scalars().all()


async def of_ids(session: AsyncSession, actor: Actor, ids: Iterable[UUID]) -> Sequence[Evidence]:
    """Those of these items that the actor may see."""
    rows = gate.visible(actor, "evidence:read", Evidence).where(Evidence.id.in_(set(ids)))
    return (await session.execute(rows)).scalars().all()


async def shown(session: AsyncSession, items: Sequence[Evidence]) -> list[EvidenceOut]:
    """These items as people see them, each with when its bytes arrived."""
    rows = select(Blob.sha256, Blob.stored_at).where(Blob.sha256.in_({item.sha256 for item in items}))
    arrived = {row.sha256: row.stored_at for row in await session.execute(rows)} if items else {}
    found = [EvidenceOut.model_validate(item) for item in items]
    for item in found:
        item.arrived_at = arrived.get(item.sha256)
    return found


@dataclass(frozen=True)
class Arrival:
    """How many items a visit has, and of how many the bytes have arrived."""

    sealed: int = 0
    arrived: int = 0

    @property
    def awaited(self) -> int:
        """How many are still on the phone."""
        return self.sealed - self.arrived


async def arrivals(session: AsyncSession, inspection_ids: Iterable[UUID]) -> dict[UUID, Arrival]:
    """By visit; one without items is left out."""
    # past the gate: counts of visits that whoever asks has in hand
    rows = select(Evidence.inspection_id, func.count(), func.count(Blob.sha256))
    joined = rows.outerjoin(Blob, Blob.sha256 == Evidence.sha256).where(Evidence.inspection_id.in_(set(inspection_ids)))
    found = await session.execute(joined.group_by(Evidence.inspection_id))
    return {visit_id: Arrival(sealed, arrived) for visit_id, sealed, arrived in found if visit_id}


@dataclass(frozen=True)
class Proof:
    """An item that somebody points to: which one, when it was taken by the device's clock, and of which problem."""

    id: UUID
    taken_at: datetime
    problem_id: UUID | None


async def require_all(session: AsyncSession, actor: Actor, evidence_ids: Iterable[UUID]) -> Sequence[Proof]:
    """Every one of these items.

    Raises    evidence.unknown: one of them does not exist for this actor
    """
    wanted = set(evidence_ids)
    rows = gate.visible(actor, "evidence:read", Evidence).where(Evidence.id.in_(wanted))
    found = (await session.execute(rows)).scalars().all()
    if len(found) != len(wanted):
        raise Refused("evidence.unknown")
    return [Proof(evidence.id, evidence.taken_at, evidence.problem_id) for evidence in found]


async def count_awaited(session: AsyncSession, evidence_ids: Iterable[UUID]) -> int:
    """Of how many of these items the bytes have not arrived."""
    # past the gate: a count of items that a record in hand points to
    rows = select(func.count()).select_from(Evidence).outerjoin(Blob, Blob.sha256 == Evidence.sha256)
    awaited = rows.where(Evidence.id.in_(set(evidence_ids)), Blob.sha256.is_(None))
    return (await session.execute(awaited)).scalar_one()


@dataclass(frozen=True)
class Taken:
    """What an item is said to prove, and when it was taken by the device's clock."""

    purpose: str
    taken_at: datetime


async def taken_for(session: AsyncSession, visits: Mapping[UUID, UUID]) -> dict[UUID, list[Taken]]:
    """By problem, the items taken for it during the visit that found it, as taken; `visits` are visits by problem."""
    columns = (Evidence.problem_id, Evidence.inspection_id, Evidence.purpose, Evidence.taken_at)
    # past the gate: whoever asks holds the problems themselves
    rows = select(*columns).where(Evidence.problem_id.in_(visits), Evidence.inspection_id.in_(set(visits.values())))
    found: dict[UUID, list[Taken]] = {}
    for row in await session.execute(rows.order_by(Evidence.taken_at, Evidence.id)):
        if row.inspection_id == visits[row.problem_id]:
            found.setdefault(row.problem_id, []).append(Taken(row.purpose, row.taken_at))
    return found
