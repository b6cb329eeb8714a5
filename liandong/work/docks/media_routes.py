"""HTTP routes of what docks brought: the photographs, films and data of a mission's flights, and of flights by hand."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from liandong.kernel.http import ERRORS
from liandong.means.evidence.queries import of_ids, shown
from liandong.means.evidence.schemas import EvidenceOut
from liandong.registers.access.door import Acting, Signed
from liandong.work.docks import queries
from liandong.work.docks.tables import DockFile
from liandong.work.drones.queries import find_mission

router = APIRouter(tags=["drones"], responses=ERRORS)


class FlightMediaOut(BaseModel):
    """A file of a flight, as evidence. `order_id` is empty for a flight by hand; not `is_reported`: the dock sent it and
    never said of which flight it is."""

    id: UUID
    order_id: UUID | None
    is_reported: bool
    evidence: EvidenceOut


class FlightCountsOut(BaseModel):
    """Of an ordered flight: so many files are evidence, and so many its dock expects and says that it has sent; empty:
    unsaid."""

    order_id: UUID
    filed: int
    expected: int | None
    uploaded: int | None


class MissionMediaOut(BaseModel):
    """What docks brought of a mission's flights, in the order it was taken."""

    flights: list[FlightCountsOut]
    media: list[FlightMediaOut]


@router.get("/missions/{mission_id}/media")
async def read_mission_media(signed: Signed, mission_id: UUID) -> MissionMediaOut:
    """What docks brought of a mission's flights, and how much they still expect."""
    await find_mission(signed.session, signed.actor, mission_id)
    files = await queries.media_of_mission(signed.session, signed.actor, mission_id)
    by_order: dict[UUID, list[DockFile]] = {}
    for file in files:
        if file.order_id is not None:
            by_order.setdefault(file.order_id, []).append(file)
    return MissionMediaOut(
        flights=[_counts(order_id, found) for order_id, found in by_order.items()], media=await _shown(signed, files)
    )


def _counts(order_id: UUID, files: Sequence[DockFile]) -> FlightCountsOut:
    expected = [file.expected_files for file in files if file.expected_files is not None]
    uploaded = [file.uploaded_files for file in files if file.uploaded_files is not None]
    return FlightCountsOut(
        order_id=order_id, filed=len(files), expected=max(expected, default=None), uploaded=max(uploaded, default=None)
    )


@router.get("/docks/{dock_id}/media")
async def list_dock_media(signed: Signed, dock_id: UUID) -> list[FlightMediaOut]:
    """The newest files of a dock that belong to no mission: of flights by hand, and those that it never reported."""
    dock = await queries.find_dock(signed.session, signed.actor, dock_id, "drones:read")
    found = await _shown(signed, await queries.media_by_hand(signed.session, signed.actor, dock.id))
    return found[::-1]


async def _shown(signed: Acting, files: Sequence[DockFile]) -> list[FlightMediaOut]:
    ids = [file.evidence_id for file in files if file.evidence_id is not None]
    items = await shown(signed.session, await of_ids(signed.session, signed.actor, ids))
    by_id = {item.id: item for item in items}
    found = [
        FlightMediaOut(
            id=file.id, order_id=file.order_id, is_reported=file.is_reported, evidence=by_id[file.evidence_id]
        )
        for file in files
        if file.evidence_id in by_id
    ]
    return sorted(found, key=lambda one: (one.evidence.taken_at, one.id))
