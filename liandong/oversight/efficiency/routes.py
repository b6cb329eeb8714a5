"""HTTP routes of the efficiency room."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from liandong.kernel.errors import Refused
from liandong.kernel.http import ERRORS, Limit
from liandong.oversight.efficiency.periods import Period
from liandong.oversight.efficiency.queries import efficiency_report, rows_behind
from liandong.oversight.efficiency.schemas import EfficiencyOut, FigureRowsOut
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.registers.access.door import Signed

router = APIRouter(prefix="/efficiency", tags=["efficiency"], responses=ERRORS)
First = Annotated[date, Query(alias="from")]
Last = Annotated[date, Query(alias="to")]


def _require(actor: Actor, area_code: str) -> None:
    gate.may(actor, "efficiency:read")
    if area_code not in actor.areas:
        raise Refused("access.other_area")


@router.get("")
async def read_report(
    signed: Signed, area_code: str, first: First, last: Last, compare: str | None = None
) -> EfficiencyOut:
    """The efficiency of an area with all that lies below it; every figure is kept with what made it."""
    _require(signed.actor, area_code)
    report = await efficiency_report(signed.session, area_code, Period(first, last), compare)
    return EfficiencyOut.model_validate(report.whole())


@router.get("/rows")
async def read_rows(
    signed: Signed,
    figure: str,
    area_code: str,
    first: First,
    last: Last,
    campaign: str | None = None,
    kind: str | None = None,
    batch: str | None = None,
    level: str | None = None,
    limit: Limit = 50,
    cursor: Annotated[int, Query(ge=0, description="`next_cursor` of the page before")] = 0,
) -> FigureRowsOut:
    """The rows that a figure counts; `campaign`, `kind`, `batch` and `level` say which of several figures it is."""
    _require(signed.actor, area_code)
    wanted = {"campaign": campaign, "kind": kind, "batch": batch, "level": level}
    about = {name: value for name, value in wanted.items() if value is not None}
    page = await rows_behind(
        signed.session, figure, area_code, Period(first, last), limit=limit, offset=cursor, **about
    )
    following = None if page.next_offset is None else str(page.next_offset)
    return FigureRowsOut(items=page.items, total=page.total, next_cursor=following)
