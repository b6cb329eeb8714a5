"""Every read of the quality room: averages and return rates of an area in a period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import ARRAY, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.errors import Refused
from liandong.oversight.quality import sql
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.registers.jurisdictions.divisions import prefix_of

TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Asked:
    """An area with all below it that the actor answers for, and the days, both included."""

    areas: list[str]
    from_on: date
    to_on: date


def asked_of(actor: Actor, area_code: str, from_on: date, to_on: date) -> Asked:
    """What is asked for, as far as the actor may know it.

    Raises    access.verb_missing, access.other_area
    """
    gate.may(actor, "efficiency:read")
    if area_code not in actor.areas:
        raise Refused("access.other_area")
    prefix = prefix_of(area_code)
    return Asked(sorted(area for area in actor.areas if area.startswith(prefix)), from_on, to_on)


async def quality_report(session: AsyncSession, asked: Asked) -> dict[str, Any]:
    """Averages of entry quality and return rates: the whole, by officer, by agency, and which rules cost most.

    Shape     {whole, officers, agencies: {entries, average, records, returned, return_rate, …}, rules: {rule, times,
              points}}; `average` and `return_rate` are None of nothing
    Units     average 0–100 and return_rate percent, one digit, half up
    """
    entries = (await _ask(session, sql.ENTRY_TOTALS, asked))[0]
    records = (await _ask(session, sql.RECORD_TOTALS, asked))[0]
    return {
        "whole": _figures({**entries._mapping, **records._mapping}),
        "officers": [_figures(row._mapping) for row in await _ask(session, sql.BY_OFFICER, asked)],
        "agencies": [_figures(row._mapping) for row in await _ask(session, sql.BY_AGENCY, asked)],
        "rules": [
            {"rule": row.rule, "times": row.times, "points": float(row.points)}
            for row in await _ask(session, sql.BY_RULE, asked)
        ],
    }


async def _ask(session: AsyncSession, query: str, asked: Asked) -> Sequence[Any]:
    values = {"areas": asked.areas, "from_on": asked.from_on, "to_on": asked.to_on}
    return (await session.execute(text(query).bindparams(bindparam("areas", type_=ARRAY(Text()))), values)).all()


def _figures(row: Any) -> dict[str, Any]:
    rate = Decimal(100 * row["returned"]) / row["records"] if row["records"] else None
    return {**row, "average": _rounded(row["average"]), "return_rate": _rounded(rate)}


def _rounded(value: Decimal | float | None) -> float | None:
    return None if value is None else float(Decimal(str(value)).quantize(TENTH, rounding=ROUND_HALF_UP))
