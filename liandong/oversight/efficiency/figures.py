"""The figures of one area and period, computed in the database, each with what made it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Date, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.errors import Broken, Refused
from liandong.oversight.efficiency import sql
from liandong.oversight.efficiency.arithmetic import index, mean, share
from liandong.oversight.efficiency.periods import Period, batch_period
from liandong.registers.jurisdictions.divisions import prefix_of
from liandong.registers.law.deadlines import calendar

ARRAYS: dict[str, Any] = {"areas": ARRAY(Text()), "days": ARRAY(Date()), "campaigns": ARRAY(Uuid())}


@dataclass(frozen=True)
class Found:
    """One figure, its parts, the digest of the rows it counted, and what it is about beyond area and period."""

    key: str
    value: Decimal
    digest: str
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Activity:
    """The main figures of one period."""

    visits: int
    turnouts: int
    roster: int
    working_days: int
    officer_days: int
    activity: Decimal | None
    found: list[Found]


@dataclass
class CampaignFigures:
    """The figures of one campaign, whole."""

    id: UUID
    name: str
    points: int
    turnouts: int
    problems: int = 0
    rectified: int = 0
    coverage: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Cut:
    """What the figures are asked for: an area with all that lies below it, and a period."""

    area: str
    areas: tuple[str, ...]
    period: Period

    def parameters(self, query: str, **more: Any) -> dict[str, Any]:
        """The values of the parameters that a query has."""
        known = {"areas": list(self.areas), "from_on": self.period.from_on, "to_on": self.period.to_on, **more}
        return {name: value for name, value in known.items() if f":{name}" in query}


async def cut_of(session: AsyncSession, area: str, period: Period) -> Cut:
    """The cut for an area that is on record.

    Raises    jurisdictions.area_unknown
    """
    rows = await session.execute(
        text("SELECT area_code FROM area WHERE area_code LIKE :prefix || '%' ORDER BY area_code"),
        {"prefix": prefix_of(area)},
    )
    areas = tuple(rows.scalars())
    if area not in areas:
        raise Refused("jurisdictions.area_unknown", area_code=area)
    return Cut(area, areas, period)


async def ask(session: AsyncSession, query: str, cut: Cut, **more: Any) -> Sequence[Any]:
    """The rows of a query over a cut."""
    values = cut.parameters(query, **more)
    typed = [bindparam(name, type_=ARRAYS[name]) for name in values if name in ARRAYS]
    return (await session.execute(text(query).bindparams(*typed), values)).all()


def working_days(period: Period) -> list[date]:
    """The working days of a period.

    Raises    law.calendar_missing, as a refusal: nobody can tell yet
    """
    span = (date.fromordinal(day) for day in range(period.from_on.toordinal(), period.to_on.toordinal() + 1))
    official = calendar()
    try:
        return [day for day in span if official.is_working_day(day)]
    except Broken as missing:
        raise Refused(missing.code, status=409, **missing.values) from missing


async def activity(session: AsyncSession, cut: Cut) -> Activity:
    """Visits, turnouts and the activity index of a period.

    Raises    law.calendar_missing
    """
    days = working_days(cut.period)
    visited = (await ask(session, sql.VISIT_TOTALS, cut))[0]
    roster = (await ask(session, sql.ROSTER_TOTALS, cut, days=days))[0]
    turnouts, officer_days = int(visited.turnouts), int(roster.officer_days)
    value = index(turnouts, officer_days)
    found = [
        Found("site_visits", Decimal(visited.visits), visited.digest),
        Found("officer_turnouts", Decimal(turnouts), visited.digest),
    ]
    if value is not None:
        found.append(
            Found(
                "activity_index", value, roster.digest, numerator=Decimal(turnouts), denominator=Decimal(officer_days)
            )
        )
    return Activity(visited.visits, turnouts, roster.officers, len(days), officer_days, value, found)


async def record_quality(session: AsyncSession, cut: Cut) -> dict[str, Found]:
    """The average entry quality and the return rate of a period, by key; what there is nothing of is left out."""
    entered = (await ask(session, sql.ENTRY_TOTALS, cut))[0]
    records = (await ask(session, sql.RECORD_TOTALS, cut))[0]
    average = mean(Decimal(entered.points), entered.entries)
    rate = share(records.returned, records.records)
    parts = (
        ("entry_quality", average, entered.digest, Decimal(entered.points), entered.entries),
        ("return_rate", rate, records.digest, Decimal(records.returned), records.records),
    )
    return {
        key: Found(key, value, digest, numerator=part, denominator=Decimal(whole))
        for key, value, digest, part, whole in parts
        if value is not None
    }


async def counted_apart(session: AsyncSession, cut: Cut) -> dict[str, Found]:
    """What is counted on its own, by key: put right on the spot, visits that help and explain, people reached."""
    spot = (await ask(session, sql.ON_SPOT_TOTALS, cut))[0]
    support = (await ask(session, sql.SUPPORT_TOTALS, cut))[0]
    parts = (
        ("on_spot_rectified", spot.problems, spot.digest),
        ("assistance_visits", support.assistance, support.digest),
        ("outreach_visits", support.outreach, support.digest),
        ("people_reached", support.people, support.digest),
    )
    return {key: Found(key, Decimal(value), digest) for key, value, digest in parts}


async def campaigns(session: AsyncSession, cut: Cut) -> tuple[list[CampaignFigures], list[Found]]:
    """Every campaign that touches the period, whole, in the order in which they began."""
    held: dict[UUID, CampaignFigures] = {}
    found: list[Found] = []
    for row in await ask(session, sql.CAMPAIGN_TOTALS, cut):
        held[row.id] = CampaignFigures(row.id, row.name, row.points, int(row.turnouts))
        about = {"campaign": row.name}
        found.append(Found("campaign_points", Decimal(row.points), row.digest, about=about))
        found.append(Found("campaign_turnouts", Decimal(row.turnouts), row.digest, about=about))
    if held:
        found += await _problems(session, cut, held)
        found += await _coverage(session, cut, held)
    return list(held.values()), found


async def _problems(session: AsyncSession, cut: Cut, held: Mapping[UUID, CampaignFigures]) -> list[Found]:
    found = []
    for row in await ask(session, sql.PROBLEM_TOTALS, cut, campaigns=list(held)):
        one = held[row.campaign_id]
        one.problems, one.rectified = row.problems, row.rectified
        about = {"campaign": one.name}
        for key, value in (("campaign_problems", row.problems), ("campaign_rectified", row.rectified)):
            found.append(Found(key, Decimal(value), row.digest, about=about))
    return found


async def _coverage(session: AsyncSession, cut: Cut, held: Mapping[UUID, CampaignFigures]) -> list[Found]:
    found = []
    for row in await ask(session, sql.COVERAGE_TOTALS, cut, campaigns=list(held)):
        one, percent = held[row.campaign_id], share(row.covered, row.total)
        assert percent is not None
        one.coverage.append({"kind": row.kind, "covered": row.covered, "total": row.total, "percent": percent})
        about = {"campaign": one.name, "kind": row.kind}
        covered, total = Decimal(row.covered), Decimal(row.total)
        found.append(Found("coverage_rate", percent, row.digest, numerator=covered, denominator=total, about=about))
    return found


async def draws(session: AsyncSession, cut: Cut) -> tuple[list[dict[str, Any]], list[Found]]:
    """Every batch of random draws that touches the period, whole, by level.

    A batch stands for the quarter, month or year in its name; one without such a name for the days of its visits.
    """
    batches: dict[str, list[Any]] = defaultdict(list)
    for row in await ask(session, sql.DRAW_TOTALS, cut):
        batches[row.batch].append(row)
    drawn, found = [], []
    for batch, rows in batches.items():
        days = batch_period(batch) or _days_of(rows)
        if days is None or not days.touches(cut.period):
            continue
        for row in rows:
            drawn.append({"batch": batch, "level": row.level, "drawn": row.drawn})
            about = {"batch": batch, "level": row.level}
            found.append(Found("drawn", Decimal(row.drawn), row.digest, about=about))
    return drawn, found


def _days_of(rows: Sequence[Any]) -> Period | None:
    first = [row.first_on for row in rows if row.first_on is not None]
    last = [row.last_on for row in rows if row.last_on is not None]
    return Period(min(first), max(last)) if first else None
