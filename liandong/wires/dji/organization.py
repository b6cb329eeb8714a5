"""To whom a device belongs, as the registers say: a dock asks at its start, and when it is set up on site."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from liandong.kernel.db import Database, Role
from liandong.registers.jurisdictions.queries import agency_of
from liandong.work.docks.queries import dock_by_serial
from liandong.work.drones.queries import aircraft_by_serial

NOT_BOUND = 210231
"""The number with which the maker's own example says that a device could not be bound."""
REFUSED = 1


class Owned(NamedTuple):
    """A device on record."""

    callsign: str
    agency_id: UUID
    agency_name: str


async def _owned(db: Database, serial_no: str) -> Owned | None:
    async with db.transaction(Role.worker) as session:
        found = await dock_by_serial(session, serial_no) or await aircraft_by_serial(session, serial_no)
        if found is None:
            return None
        agency = await agency_of(session, found.agency_id)
        return Owned(found.title, agency.id, agency.short_name)


async def bind_status(db: Database, serials: tuple[str, ...]) -> dict[str, Any]:
    """Of each device whether it is on record, and whose it is."""
    status = []
    for serial_no in serials:
        owned = await _owned(db, serial_no)
        told: dict[str, Any] = {"sn": serial_no, "is_device_bind_organization": owned is not None}
        if owned is not None:
            told["organization_id"], told["organization_name"] = str(owned.agency_id), owned.agency_name
            told["device_callsign"] = owned.callsign
        status.append(told)
    return {"result": 0, "output": {"bind_status": status}}


async def organization(db: Database, serial_no: str) -> dict[str, Any]:
    """The agency of the dock that asks; whoever is not on record is told of none, whatever code was typed in."""
    owned = await _owned(db, serial_no)
    return {"result": REFUSED} if owned is None else {"result": 0, "output": {"organization_name": owned.agency_name}}


async def bind(db: Database, serials: tuple[str, ...]) -> dict[str, Any]:
    """Devices are bound by their registers, not by the device: those that are on record are, the others are named."""
    unknown = [serial_no for serial_no in serials if await _owned(db, serial_no) is None]
    return {"result": 0, "output": {"err_infos": [{"sn": one, "err_code": NOT_BOUND} for one in unknown]}}
