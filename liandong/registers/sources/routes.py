"""HTTP routes of the sources room."""

from __future__ import annotations

from fastapi import APIRouter

from liandong.kernel.http import ERRORS, Cursor, Limit, Page, take_page
from liandong.registers.access.door import Signed
from liandong.registers.sources.queries import SourceFilter, list_points, visible_sources
from liandong.registers.sources.schemas import PointsOut, SourceOut

router = APIRouter(prefix="/sources", tags=["sources"], responses=ERRORS)
POINT_FIELDS = ["id", "name", "lon", "lat", "permit_class", "supervision_class"]


@router.get("")
async def list_sources(
    signed: Signed,
    q: str | None = None,
    area_code: str | None = None,
    element: str | None = None,
    permit_class: str | None = None,
    supervision_class: str | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[SourceOut]:
    """Sources this actor may see."""
    wanted = SourceFilter(q, area_code, element, permit_class, supervision_class)
    rows = visible_sources(signed.actor, wanted)
    sources, total, following = await take_page(signed.session, rows, limit=limit, cursor=cursor)
    return Page(items=[SourceOut.model_validate(one) for one in sources], total=total, next_cursor=following)


@router.get("/points")
async def source_points(signed: Signed, area_code: str | None = None) -> PointsOut:
    """Every source with a position that this actor may see, in short."""
    rows = await list_points(signed.session, signed.actor, area_code)
    return PointsOut(fields=POINT_FIELDS, rows=[list(row) for row in rows])
