"""HTTP routes of DJI's formats."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

from liandong.kernel.db import Database, Role
from liandong.kernel.http import ERRORS
from liandong.registers.access.door import Signed
from liandong.wires.dji.files import check_ticket, packed
from liandong.work.drones.carriers import find_open
from liandong.work.drones.queries import find_flight

router = APIRouter(tags=["drones"], responses=ERRORS)
KMZ = "application/vnd.google-earth.kmz"


@router.get("/missions/{mission_id}/flights/{number}.kmz", responses={200: {"content": {KMZ: {}}}})
async def read_route_file(signed: Signed, mission_id: UUID, number: int = Path(ge=1, le=1000)) -> Response:
    """One flight of a mission as a route file for DJI aircraft; flights are numbered from 1."""
    flight = await find_flight(signed.session, signed.actor, mission_id, number)
    name = f"{flight.mission_number}-{number}.kmz"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(packed(flight), media_type=KMZ, headers=headers)


@router.get("/flight-orders/{order_id}/route.kmz", responses={200: {"content": {KMZ: {}}}})
async def fetch_route_file(request: Request, order_id: UUID, ticket: Annotated[str, Query(max_length=200)]) -> Response:
    """The route file of an open order, for the dock that was told this address: it has no account."""
    check_ticket(order_id, ticket)
    db: Database = request.app.state.db
    # A dock has no scope of sight: the signature alone opens, and only the one file.
    async with db.transaction(Role.worker) as session:
        ordered = await find_open(session, order_id)
        return Response(packed(ordered.flight), media_type=KMZ)
