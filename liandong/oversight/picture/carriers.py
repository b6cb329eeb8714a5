"""What vehicles, boats and aircraft on the map are called, and whose they are."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.means.tracks.points import Kind
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.registers.jurisdictions.queries import agency_names
from liandong.registers.officers.queries import names
from liandong.registers.trackers.queries import titles_of
from liandong.registers.trackers.tables import Tracker
from liandong.work.drones.queries import aircraft_titles
from liandong.work.drones.tables import Aircraft


class CarrierOut(BaseModel):
    """A vehicle, boat or aircraft that reports where it is."""

    id: UUID
    kind: str
    title: str
    agency_name: str
    area_code: str | None


async def names_of(session: AsyncSession, kinds: Mapping[UUID, str]) -> dict[UUID, str]:
    """What people call these carriers, whose kinds are known, as far as the transaction sees them."""
    officers = [one for one, kind in kinds.items() if kind == Kind.officer]
    things = [one for one, kind in kinds.items() if kind != Kind.officer]
    found = await names(session, officers) if officers else {}
    if things:
        found |= await titles_of(session, things)
        found |= await aircraft_titles(session, things)
    return found


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
