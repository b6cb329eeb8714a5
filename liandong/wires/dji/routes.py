"""HTTP routes of DJI's formats."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Path, Response

from liandong.kernel.errors import Refused
from liandong.kernel.http import ERRORS
from liandong.registers.access.door import Signed
from liandong.wires.dji.wpml import Wayline, kmz
from liandong.work.drones.queries import PlannedFlight, find_flight

router = APIRouter(tags=["drones"], responses=ERRORS)
KMZ = "application/vnd.google-earth.kmz"


@router.get("/missions/{mission_id}/flights/{number}.kmz", responses={200: {"content": {KMZ: {}}}})
async def read_route_file(signed: Signed, mission_id: UUID, number: int = Path(ge=1, le=1000)) -> Response:
    """One flight of a mission as a route file for DJI aircraft; flights are numbered from 1."""
    flight = await find_flight(signed.session, signed.actor, mission_id, number)
    name = f"{flight.mission_number}-{number}.kmz"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(kmz(_wayline(flight), flight.drafted_at), media_type=KMZ, headers=headers)


def _wayline(flight: PlannedFlight) -> Wayline:
    """A flight without take-off and landing, which the aircraft does by itself.

    Raises    drones.no_wpml_keys
    """
    keys = flight.aircraft["wpml_keys"]
    if keys is None:
        raise Refused("drones.no_wpml_keys", title=flight.aircraft["title"])
    places, is_at_work, is_photographed = _stops(flight)
    return Wayline(
        places=places,
        is_at_work=is_at_work,
        is_photographed=is_photographed,
        height_m=flight.height_m,
        speed_m_s=flight.aircraft["speed_m_s"],
        length_m=flight.length_m,
        minutes=flight.minutes,
        **keys,
    )


def _stops(flight: PlannedFlight) -> tuple[list[tuple[float, float]], list[bool], list[bool]]:
    """The places between take-off and landing, no two in a row the same: whether the leg after each is filmed, and
    whether a photograph is taken there, which in the plan is a leg of no length."""
    [first, *rest] = flight.steps[1:-1]
    places, is_filmed, is_photographed = [first], list[bool](), [False]
    for step, at_work in zip(rest, flight.is_at_work[1:-1], strict=True):
        if step == places[-1]:
            is_photographed[-1] |= at_work
        else:
            places.append(step)
            is_filmed.append(at_work)
            is_photographed.append(False)
    return places, is_filmed, is_photographed
