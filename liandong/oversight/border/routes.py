"""HTTP routes of the border room."""

from __future__ import annotations

from fastapi import APIRouter

from liandong.kernel.http import ERRORS
from liandong.oversight.border.queries import BorderList, Listed, Shown, border_list
from liandong.oversight.border.schemas import BorderLineOut, BorderListOut, BorderSourceOut, SharingMemorandumOut
from liandong.oversight.border.tables import BorderEntry
from liandong.registers import law
from liandong.registers.access.door import Signed
from liandong.registers.alliances.queries import InForce

router = APIRouter(prefix="/border-sources", tags=["border"], responses=ERRORS)


@router.get("")
async def read_border_list(signed: Signed) -> BorderListOut:
    """The sources near the borders of this actor's board, and those that allies share."""
    found = await border_list(signed.session, signed.actor)
    return BorderListOut(
        band=law.stamp(found.band), borders=[_line(one) for one in found.borders],
        items=[_source(row, found) for row in found.rows], total=found.total, unplaced=found.unplaced,
    )  # fmt: skip


def _line(shown: Shown) -> BorderLineOut:
    stretch = shown.stretch
    return BorderLineOut(
        one=stretch.one, other=stretch.other, line=list(stretch.line), length_m=round(stretch.length_m),
        band_m=shown.band_m, memorandum=_memorandum(shown.memorandum),
    )  # fmt: skip


def _memorandum(one: InForce | None) -> SharingMemorandumOut | None:
    return None if one is None else SharingMemorandumOut(id=one.id, number=one.number, title=one.title)


def _source(row: Listed, found: BorderList) -> BorderSourceOut:
    of = row.record
    assert of is not None
    shared = of if isinstance(of, BorderEntry) else None
    return BorderSourceOut(
        id=row.id, name=of.name, uscc=of.uscc, address=of.address, area_code=of.area_code,
        neighbour_code=row.neighbour_code, agency_name=row.agency_name, distance_m=round(row.distance_m),
        lon=of.lon, lat=of.lat, supervision_class=of.supervision_class, elements=of.elements or [],
        last_visit_on=row.last_visit_on, last_visit_by=row.last_visit_by, open_problems=row.open_problems,
        overdue_problems=row.overdue_problems,
        memorandum=_memorandum(found.memoranda.get(shared.memorandum_id)) if shared else None,
    )  # fmt: skip
