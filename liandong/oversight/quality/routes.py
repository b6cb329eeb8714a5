"""HTTP routes of the quality room."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from liandong.kernel.http import ERRORS
from liandong.oversight.quality.queries import asked_of, quality_report
from liandong.oversight.quality.schemas import QualityOut
from liandong.registers.access.door import Signed

router = APIRouter(prefix="/quality", tags=["quality"], responses=ERRORS)


@router.get("")
async def read_quality(
    signed: Signed,
    area_code: str,
    first: Annotated[date, Query(alias="from")],
    last: Annotated[date, Query(alias="to")],
) -> QualityOut:
    """How well problems were entered and how often records came back, by officer and by agency."""
    report = await quality_report(signed.session, asked_of(signed.actor, area_code, first, last))
    return QualityOut.model_validate({"area_code": area_code, "from": first, "to": last, **report})
