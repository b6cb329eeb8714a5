"""HTTP routes of docks."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from liandong.kernel.errors import LiandongError
from liandong.kernel.http import ERRORS
from liandong.means.video.queries import find_stream
from liandong.registers.access import gate
from liandong.registers.access.door import Acting, Signed
from liandong.work.docks import actions, queries
from liandong.work.docks.states import DOCK_STATES, DockState
from liandong.work.docks.tables import Dock
from liandong.work.drones.queries import find_aircraft
from liandong.work.drones.schemas import Lat, Lon

router = APIRouter(prefix="/docks", tags=["drones"], responses=ERRORS)
MOVES = {"start": "drones:order", "stop": "drones:order"}


class DockIn(BaseModel):
    """A dock of one's own agency: where it stands, which aircraft lives in it, where that one's picture goes."""

    model_config = ConfigDict(extra="forbid")
    title: str = Field(min_length=1, max_length=100)
    serial_no: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{4,64}$")]
    lon: Lon
    lat: Lat
    aircraft_id: UUID
    stream_id: UUID | None = None


class DockOut(BaseModel):
    """A dock on record, with what this actor may do to its picture now and why the last wish was not done."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    title: str
    serial_no: str
    lon: float
    lat: float
    area_code: str
    agency_id: UUID
    aircraft_id: UUID
    stream_id: UUID | None
    state: str
    picture_fault: str | None
    picture_device_code: str | None
    fault_zh: str | None = None
    fault_en: str | None = None
    verbs: list[str] = []


def _shown(signed: Acting, dock: Dock) -> DockOut:
    shown = DockOut.model_validate(dock)
    if dock.picture_fault:
        words = LiandongError(dock.picture_fault, number=dock.picture_device_code)
        shown.fault_zh, shown.fault_en = words.title("zh"), words.title("en")
    if dock.stream_id is not None:
        shown.verbs = [
            move
            for move, verb in MOVES.items()
            if DOCK_STATES.allows(DockState(dock.state), move) and gate.allowed(signed.actor, verb, dock)
        ]
    return shown


@router.get("")
async def list_docks(signed: Signed) -> list[DockOut]:
    """Docks this actor may see, in the order they were registered."""
    rows = queries.visible_docks(signed.actor).order_by(Dock.id)
    return [_shown(signed, one) for one in (await signed.session.scalars(rows)).all()]


@router.post("", status_code=201)
async def register_dock(signed: Signed, body: DockIn) -> DockOut:
    """Put a dock of one's own agency on record."""
    gate.may(signed.actor, "drones:register")
    session, actor = signed.session, signed.actor
    await find_aircraft(session, actor, body.aircraft_id, "drones:register")
    if body.stream_id is not None:
        await find_stream(session, actor, body.stream_id, "video:publish")
    return _shown(signed, await actions.register_dock(session, actor, body.model_dump()))


@router.post("/{dock_id}/start_picture")
async def start_picture(signed: Signed, dock_id: UUID) -> DockOut:
    """Ask a dock to send its aircraft's picture to its stream."""
    dock = await queries.find_dock(signed.session, signed.actor, dock_id, "drones:order", lock=True)
    await actions.ask_for_picture(signed.session, dock, wanted=True)
    return _shown(signed, dock)


@router.post("/{dock_id}/stop_picture")
async def stop_picture(signed: Signed, dock_id: UUID) -> DockOut:
    """Ask a dock to stop sending."""
    dock = await queries.find_dock(signed.session, signed.actor, dock_id, "drones:order", lock=True)
    await actions.ask_for_picture(signed.session, dock, wanted=False)
    return _shown(signed, dock)
