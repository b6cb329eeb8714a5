"""HTTP routes of the border room."""

from __future__ import annotations

from fastapi import APIRouter

from liandong.kernel.http import ERRORS
from liandong.oversight.border.queries import BorderList, Listed, Shown, border_list
from liandong.oversight.border.schemas import (
    BorderLineOut,
    BorderListOut,
    BorderSegmentOut,
    BorderSideOut,
    BorderSourceOut,
    BorderWatchOut,
    SharingMemorandumOut,
)
from liandong.oversight.border.tables import BorderEntry, BorderSegment
from liandong.oversight.border.watch import BorderWatch, Piece, Watch, border_watch
from liandong.registers import law
from liandong.registers.access.door import Signed
from liandong.registers.alliances.queries import InForce

router = APIRouter(tags=["border"], responses=ERRORS)


@router.get("/border-sources")
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


@router.get("/border-watch")
async def read_border_watch(signed: Signed) -> BorderWatchOut:
    """Which pieces of the borders between members were watched, by whom and when, and which by nobody."""
    found = await border_watch(signed.session, signed.actor)
    lengths = [(piece.sides[0].length_m, piece.watch) for piece in found.pieces]
    return BorderWatchOut(
        window=law.stamp(found.window), items=[_segment(piece, found) for piece in found.pieces],
        total_m=sum(metres for metres, _ in lengths),
        blind_m=sum(metres for metres, watch in lengths if watch is Watch.nobody),
    )  # fmt: skip


def _segment(piece: Piece, found: BorderWatch) -> BorderSegmentOut:
    first = piece.sides[0]
    one, other = sorted((first.area_code, first.neighbour_code))
    return BorderSegmentOut(
        one=one, other=other, line=first.line, length_m=first.length_m, band_m=first.band_m, watch=piece.watch,
        memorandum=_memorandum(found.memoranda.get(first.memorandum_id)), sides=[_side(side) for side in piece.sides],
    )  # fmt: skip


def _side(side: BorderSegment) -> BorderSideOut:
    said = {name: getattr(side, name) for name in BorderSideOut.model_fields}
    return BorderSideOut(**said | {"watchers": side.watchers or []})
