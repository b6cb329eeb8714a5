"""What vehicles, boats and aircraft on the map are called, and whose they are."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.means.tracks.points import Kind
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.registers.jurisdictions.queries import agency_names
from liandong.registers.trackers.tables import Tracker
from liandong.work.drones.tables import Aircraft


class CarrierOut(BaseModel):
    """A vehicle, boat or aircraft that reports where it is."""

    id: UUID
    kind: str
    title: str
    agency_name: str
    area_code: str | None


async def list_carriers(session: AsyncSession, actor: Actor) -> list[CarrierOut]:
    """Every vehicle, boat and aircraft on record whose whereabouts the actor may see; people are in the picture itself.

    Raises    access.verb_missing
    """
    agencies = await agency_names(session)
    trackers = gate.visible(actor, "positions:read", Tracker).where(Tracker.kind != Kind.officer.value)
    devices = [(one, one.kind) for one in await session.scalars(trackers)]
    aircraft = await session.scalars(gate.visible(actor, "positions:read", Aircraft))
    found: list[tuple[Tracker | Aircraft, str]] = [*devices, *((one, Kind.aircraft.value) for one in aircraft)]
    return [
        CarrierOut(
            id=one.id,
            kind=kind,
            title=one.title,
            agency_name=agencies.get(one.agency_id, ""),
            area_code=one.area_code,
        )
        for one, kind in found
    ]
