"""Every read of the efficiency room: the report, and the rows behind each of its figures."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.errors import Invalid, Refused
from liandong.oversight.efficiency import sql
from liandong.oversight.efficiency.actions import keep
from liandong.oversight.efficiency.arithmetic import Compared
from liandong.oversight.efficiency.figures import (
    Activity,
    CampaignFigures,
    Cut,
    Found,
    activity,
    ask,
    campaigns,
    counted_apart,
    cut_of,
    draws,
    record_quality,
    working_days,
)
from liandong.oversight.efficiency.periods import Period
from liandong.oversight.efficiency.rows import ROWS

COMPARISONS = ("year",)
NEEDED = ("campaign", "kind", "batch", "level")


@dataclass
class Report:
    """The efficiency of an area in a period, beside the same days a year before if asked."""

    area: str
    period: Period
    site_visits: Compared
    officer_turnouts: Compared
    activity_index: Compared
    entry_quality: Compared
    return_rate: Compared
    roster: int
    working_days: int
    apart: dict[str, Compared]
    campaigns: list[CampaignFigures]
    draws: list[dict[str, Any]]

    def whole(self) -> dict[str, Any]:
        """The report as JSON, with the figures of quality that came after the command line's contract."""
        quality = {"entry_quality": _compared(self.entry_quality), "return_rate": _compared(self.return_rate)}
        return {**self.body(), **quality, **{key: _compared(one) for key, one in self.apart.items()}}

    def body(self) -> dict[str, Any]:
        """The report as JSON, exactly as the command line promises it: others script against it."""
        return {
            "area": self.area,
            "from": self.period.from_on.isoformat(),
            "to": self.period.to_on.isoformat(),
            "site_visits": _compared(self.site_visits),
            "officer_turnouts": _compared(self.officer_turnouts),
            "activity_index": _compared(self.activity_index),
            "roster": self.roster,
            "working_days": self.working_days,
            "campaigns": [_campaign(one) for one in self.campaigns],
            "draws": self.draws,
        }


async def efficiency_report(session: AsyncSession, area: str, period: Period, compare: str | None = None) -> Report:
    """The efficiency report of an area; every figure in it is kept with the query, the parts and the rows that made it.

    Raises    jurisdictions.area_unknown, efficiency.comparison_unknown, law.calendar_missing
    """
    if compare is not None and compare not in COMPARISONS:
        raise Invalid("efficiency.comparison_unknown", compare=compare)
    cut = await cut_of(session, area, period)
    now, quality, apart = await _figures(session, cut)
    held, held_found = await campaigns(session, cut)
    drawn, drawn_found = await draws(session, cut)
    await keep(session, cut, [*now.found, *quality.values(), *apart.values(), *held_found, *drawn_found])
    before, quality_before, apart_before = None, dict[str, Found](), dict[str, Found]()
    if compare is not None:
        earlier = Cut(cut.area, cut.areas, period.year_before())
        before, quality_before, apart_before = await _figures(session, earlier)
        await keep(session, earlier, [*before.found, *quality_before.values(), *apart_before.values()])
    return Report(
        area=area,
        period=period,
        site_visits=Compared(Decimal(now.visits), Decimal(before.visits) if before else None),
        officer_turnouts=Compared(Decimal(now.turnouts), Decimal(before.turnouts) if before else None),
        activity_index=Compared(now.activity, before.activity if before else None),
        entry_quality=_beside(quality, quality_before, "entry_quality"),
        return_rate=_beside(quality, quality_before, "return_rate"),
        roster=now.roster,
        working_days=now.working_days,
        apart={key: _beside(apart, apart_before, key) for key in apart},
        campaigns=held,
        draws=drawn,
    )


async def _figures(session: AsyncSession, cut: Cut) -> tuple[Activity, dict[str, Found], dict[str, Found]]:
    return await activity(session, cut), await record_quality(session, cut), await counted_apart(session, cut)


@dataclass(frozen=True)
class Rows:
    """One page of the rows behind a figure, how many there are, and where the next page starts."""

    items: list[dict[str, Any]]
    total: int
    next_offset: int | None


async def rows_behind(
    session: AsyncSession, figure: str, area: str, period: Period, *, limit: int, offset: int = 0, **about: str
) -> Rows:
    """The rows that a figure of the report counts. `about` says which campaign, kind, batch and level it is of.

    Raises    efficiency.figure_unknown, kernel.field_missing, jurisdictions.area_unknown, law.calendar_missing
    """
    query = ROWS.get(figure)
    if query is None:
        raise Invalid("efficiency.figure_unknown", figure=figure)
    cut = await cut_of(session, area, period)
    more: dict[str, Any] = {name: about.get(name) for name in NEEDED}
    if ":campaigns" in query:
        more["campaigns"] = [await _campaign_id(session, cut, about.get("campaign"))]
    elif ":days" in query:
        more["days"] = working_days(period)
    needed = cut.parameters(query, **more)
    if None in needed.values():
        raise Invalid("kernel.field_missing")
    total = (await ask(session, f"SELECT count(*) AS total FROM ({query}) shown", cut, **more))[0].total  # noqa: S608
    page = await ask(session, f"{query} LIMIT {limit:d} OFFSET {offset:d}", cut, **more)
    following = offset + limit if offset + limit < total else None
    return Rows([dict(row._mapping) for row in page], total, following)


async def _campaign_id(session: AsyncSession, cut: Cut, name: str | None) -> Any:
    if name is None:
        raise Invalid("kernel.field_missing")
    found = [row.id for row in await ask(session, sql.CAMPAIGN_TOTALS, cut) if row.name == name]
    if not found:
        raise Refused("campaigns.not_found")
    return found[0]


def _beside(now: dict[str, Found], before: dict[str, Found], key: str) -> Compared:
    one, other = now.get(key), before.get(key)
    return Compared(one.value if one else None, other.value if other else None)


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() and value.as_tuple().exponent == 0 else float(value)


def _compared(figure: Compared) -> dict[str, Any]:
    return {
        "value": _number(figure.value),
        "previous": _number(figure.previous),
        "change": _number(figure.change),
        "percent": _number(figure.percent),
    }


def _campaign(one: CampaignFigures) -> dict[str, Any]:
    return {
        "name": one.name,
        "officer_turnouts": one.turnouts,
        "points": one.points,
        "problems": one.problems,
        "rectified": one.rectified,
        "coverage": [{**kind, "percent": _number(kind["percent"])} for kind in one.coverage],
    }
