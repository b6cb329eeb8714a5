"""Every read of the inspections room, through the gate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.errors import Refused
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.registers.sources.queries import place_of
from liandong.work.inspections.states import SUPPORT_KINDS
from liandong.work.inspections.tables import ChecklistAnswer, Inspection, Sample, Signature, SupportNote

_SUPPORT = ", ".join(f"'{kind}'" for kind in sorted(SUPPORT_KINDS))
ENFORCES, SUPPORTS = f"i.kind NOT IN ({_SUPPORT})", f"i.kind IN ({_SUPPORT})"
"""For queries that are written out: whether the visit `i` enforces the law, or helps and explains (帮扶、普法)."""


@dataclass(frozen=True)
class VisitBrief:
    """What rooms further along need of a visit."""

    id: UUID
    task_id: UUID | None
    source_id: UUID | None
    area_code: str
    officer_ids: tuple[UUID, ...]
    lon: float | None
    lat: float | None
    kind: str = "routine"


async def find_inspection(
    session: AsyncSession, actor: Actor, inspection_id: UUID, verb: str = "inspections:read"
) -> Inspection:
    """A visit that the actor may see and do `verb` to.

    Raises    kernel.not_found, access.verb_missing, access.way_missing
    """
    return await gate.find(session, actor, verb, Inspection, inspection_id)


async def find_running(session: AsyncSession, actor: Actor, inspection_id: UUID, task_id: UUID) -> Inspection:
    """The visit that the actor is carrying out for this task, held until the end of the transaction.

    Raises    kernel.not_found, access.way_missing
    """
    inspection = await gate.find(session, actor, "inspections:carry_out", Inspection, inspection_id, lock=True)
    if inspection.task_id != task_id:
        raise Refused("kernel.not_found")
    return inspection


@dataclass(frozen=True)
class Course:
    """When a visit began and ended, and where the officers stood; None: not known."""

    arrived_at: datetime
    ended_at: datetime | None
    lon: float | None
    accuracy_m: float | None
    distance_m: float | None


async def courses_of(session: AsyncSession, inspection_ids: Iterable[UUID]) -> dict[UUID, Course]:
    """The courses of visits that records in hand hang from, by visit."""
    columns = (Inspection.arrived_at, Inspection.ended_at, Inspection.lon, Inspection.accuracy_m, Inspection.distance_m)
    # past the gate: the visits that records in hand hang from
    rows = await session.execute(select(Inspection.id, *columns).where(Inspection.id.in_(inspection_ids)))
    return {row[0]: Course(*row[1:]) for row in rows}


async def brief(session: AsyncSession, inspection: Inspection) -> VisitBrief:
    """A visit in short; its position is the source's, or where the officers stood if the source has none."""
    lon, lat = await place_of(session, inspection.source_id) if inspection.source_id else (None, None)
    if lon is None:
        lon, lat = inspection.lon, inspection.lat
    return VisitBrief(
        inspection.id,
        inspection.task_id,
        inspection.source_id,
        inspection.area_code,
        tuple(inspection.officer_ids),
        lon,
        lat,
        inspection.kind,
    )


def visible_inspections(
    actor: Actor, source_id: UUID | None = None, *, since: date | None = None, enforces: bool = False
) -> Select[Inspection]:
    """The visits that the actor may see, of one source if it is named, after the day `since` if it is named.

    `enforces`: without assistance and outreach visits, which are no 行政检查.
    """
    rows = gate.visible(actor, "inspections:read", Inspection)
    if enforces:
        rows = rows.where(Inspection.kind.not_in(SUPPORT_KINDS))
    if since is not None:
        rows = rows.where(Inspection.inspected_on > since)
    return rows if source_id is None else rows.where(Inspection.source_id == source_id)


async def answers_of(session: AsyncSession, actor: Actor, inspection_id: UUID) -> Sequence[ChecklistAnswer]:
    """The answers given in a visit."""
    rows = gate.visible(actor, "inspections:read", ChecklistAnswer)
    of_it = rows.where(ChecklistAnswer.inspection_id == inspection_id)
    return (await session.execute(of_it.order_by(ChecklistAnswer.element, ChecklistAnswer.item_key))).scalars().all()


async def signatures_of(session: AsyncSession, actor: Actor, inspection_id: UUID) -> Sequence[Signature]:
    """The signatures on the record of a visit, in the order they were given."""
    rows = gate.visible(actor, "inspections:read", Signature).where(Signature.inspection_id == inspection_id)
    return (await session.execute(rows.order_by(Signature.signed_at, Signature.id))).scalars().all()


async def samples_of(session: AsyncSession, actor: Actor, inspection_id: UUID) -> Sequence[Sample]:
    """The samples that were taken in a visit, in the order they were taken."""
    rows = gate.visible(actor, "inspections:read", Sample).where(Sample.inspection_id == inspection_id)
    return (await session.execute(rows.order_by(Sample.sampled_at, Sample.id))).scalars().all()


async def support_of(session: AsyncSession, actor: Actor, inspection_id: UUID) -> SupportNote | None:
    """The note of an assistance or outreach visit, once there is one."""
    rows = gate.visible(actor, "inspections:read", SupportNote).where(SupportNote.inspection_id == inspection_id)
    return (await session.execute(rows)).scalar_one_or_none()


async def numbers_of(session: AsyncSession, inspection_ids: set[UUID]) -> dict[UUID, str]:
    """The numbers of visits that other records hang from, by id."""
    # past the gate: the number of a visit that a record in sight hangs from
    rows = await session.execute(select(Inspection.id, Inspection.number).where(Inspection.id.in_(inspection_ids)))
    return {row.id: row.number for row in rows}
