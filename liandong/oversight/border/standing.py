"""How sources stand: who was last there, and what is open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, Select, Uuid, any_, literal
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.registers.jurisdictions.queries import agency_names, list_agencies
from liandong.registers.officers.queries import list_officers
from liandong.work.inspections.tables import Inspection
from liandong.work.problems.states import OPEN_STATES
from liandong.work.problems.tables import Problem


@dataclass
class Standing:
    """A source's last visit, by which agencies, and the deadlines of its open problems."""

    last_visit_on: date | None = None
    last_visit_by: list[str] = field(default_factory=list)
    due: list[date | None] = field(default_factory=list)

    @property
    def visit(self) -> tuple[date | None, list[str]]:
        """The day of the last visit, and the agencies that made it."""
        return self.last_visit_on, self.last_visit_by

    def overdue(self, today: date) -> int:
        """How many of the deadlines are over."""
        return sum(1 for due in self.due if due is not None and due < today)


async def standings(
    session: AsyncSession, inspections: Select[Inspection], problems: Select[Problem], ids: Collection[UUID]
) -> Mapping[UUID, Standing]:
    """How each of these sources stands, as far as these inspections and problems tell."""
    found: dict[UUID, Standing] = defaultdict(Standing)
    await _add_visits(session, inspections, ids, found)
    wanted = problems.where(
        Problem.source_id == any_(literal(list(ids), ARRAY(Uuid))), Problem.state.in_(OPEN_STATES)
    ).with_only_columns(Problem.source_id, Problem.rectify_by_on)
    for row in await session.execute(wanted):
        found[row.source_id].due.append(row.rectify_by_on)
    return found


async def _add_visits(
    session: AsyncSession, inspections: Select[Inspection], ids: Collection[UUID], found: dict[UUID, Standing]
) -> None:
    rows = inspections.where(Inspection.source_id == any_(literal(list(ids), ARRAY(Uuid))))
    newest = rows.with_only_columns(Inspection.source_id, Inspection.inspected_on, Inspection.officer_ids)
    newest = newest.ext(distinct_on(Inspection.source_id))
    last = (await session.execute(newest.order_by(Inspection.source_id, Inspection.arrived_at.desc()))).all()
    officers = {key for row in last for key in row.officer_ids}
    known = {one.id: one.agency_id for one in await list_officers(session, ids=officers, limit=len(officers) or 1)}
    names = await agency_names(session)
    for row in last:
        standing = found[row.source_id]
        standing.last_visit_on = row.inspected_on
        standing.last_visit_by = sorted({names.get(known[key], "") for key in row.officer_ids if key in known})


async def home_agencies(session: AsyncSession) -> dict[str, str]:
    """The bureau or branch that answers for each area: its short name, by area."""
    return {one.area_code: one.short_name for one in await list_agencies(session) if one.tier in ("bureau", "branch")}


def answers_for(area_code: str, agencies: Mapping[str, str]) -> str | None:
    """The agency that answers for an area: its own, else its district's; None: nobody is on record."""
    return agencies.get(area_code, agencies.get(area_code[:6]))
