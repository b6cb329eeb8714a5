"""Every read of the officers room. Names and certificates are a directory for signed-in agencies; duty is not secret."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, Row, Uuid, any_, bindparam, exists, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from liandong.kernel.clock import beijing_today
from liandong.kernel.errors import Refused
from liandong.registers import law
from liandong.registers.officers.tables import Certificate, Duty, Officer

OFFICERS_MINIMUM = "officers.minimum"


@dataclass(frozen=True)
class OfficerEntry:
    """An officer as the directory shows him on one day."""

    id: UUID
    name: str
    agency_id: UUID
    area_code: str
    is_on_duty: bool
    certificate: Certificate | None

    def is_certified(self, on: date) -> bool:
        """Whether the certificate is valid on a day."""
        held = self.certificate
        return held is not None and held.valid_from_on <= on and (held.valid_to_on is None or on <= held.valid_to_on)


_newest = (
    select(Certificate)
    .where(Certificate.officer_id == Officer.id)
    .order_by(Certificate.valid_to_on.desc().nulls_first())
    .limit(1)
    .lateral()
)
_Newest = aliased(Certificate, _newest, name="newest")
_on_duty = exists().where(Duty.officer_id == Officer.id, Duty.ended_at.is_(None))
_ENTRIES = select(Officer, _Newest, _on_duty.label("is_on_duty")).outerjoin(_newest, true())
_BY_IDS = _ENTRIES.where(Officer.id == any_(bindparam("ids", type_=ARRAY(Uuid))))


async def list_officers(
    session: AsyncSession,
    *,
    agency_id: UUID | None = None,
    areas: frozenset[str] | None = None,
    ids: Iterable[UUID] | None = None,
    words: str | None = None,
    limit: int = 500,
) -> Sequence[OfficerEntry]:
    """Officers by area and name, each with the certificate that lasts longest."""
    rows = _ENTRIES.order_by(Officer.area_code, Officer.name, Officer.id).limit(limit)
    if agency_id is not None:
        rows = rows.where(Officer.agency_id == agency_id)
    if areas is not None:
        rows = rows.where(Officer.area_code.in_(areas))
    if ids is not None:
        rows = rows.where(Officer.id.in_(list(ids)))
    if words:
        rows = rows.where(Officer.name.contains(words, autoescape=True))
    return [_entry(row) for row in await session.execute(rows)]


def _entry(row: Row[Officer, Certificate, bool]) -> OfficerEntry:
    officer = row.Officer
    return OfficerEntry(officer.id, officer.name, officer.agency_id, officer.area_code, row.is_on_duty, row.newest)


async def certified(session: AsyncSession, officer_ids: list[UUID], on: date | None = None) -> list[OfficerEntry]:
    """The officers, in the order asked, each with a certificate valid on the day (default: today in Beijing).

    Raises    officers.unknown, officers.certificate_expired
    Basis     行政处罚法 §42
    """
    day = on or beijing_today()
    rows = await session.execute(_BY_IDS, {"ids": officer_ids})
    known = {entry.id: entry for entry in map(_entry, rows)}
    entries = []
    for officer_id in officer_ids:
        entry = known.get(officer_id)
        if entry is None:
            raise Refused("officers.unknown")
        if not entry.is_certified(day):
            until = entry.certificate.valid_to_on if entry.certificate else None
            raise Refused("officers.certificate_expired", name=entry.name, until=until or "—", on=day)
        entries.append(entry)
    return entries


def require_enough(officer_ids: Iterable[UUID], code: str, *, on: date, area: str) -> None:
    """Afterwards it is sure that as many officers are named as the law asks for on that day in that area.

    Raises    `code`, with the rule
    Basis     行政处罚法 §42
    """
    rule, count = law.rule(OFFICERS_MINIMUM, on=on, area=area), len(set(officer_ids))
    if count < rule.number:
        raise Refused(code, rule=law.stamp(rule), count=count)


async def names(session: AsyncSession, officer_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of officers by id."""
    rows = await session.execute(select(Officer.id, Officer.name).where(Officer.id.in_(list(officer_ids))))
    return {row.id: row.name for row in rows}
