"""Aircraft that speak MAVLink: under which number, and signed with which key."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.clock import now
from liandong.kernel.errors import Refused
from liandong.kernel.ids import new_id
from liandong.work.drones.events import AutopilotLinked
from liandong.work.drones.tables import Aircraft, Autopilot

PASSPHRASE_BYTES = 15


@dataclass(frozen=True)
class LinkedAircraft:
    """An aircraft as the listener needs it. `swath_per_height` as on record; `signing_key`: 32 bytes, a secret."""

    aircraft_id: UUID
    title: str
    area_code: str
    system_id: int
    signing_key: bytes
    swath_per_height: float


async def link_autopilot(session: AsyncSession, aircraft: Aircraft, system_id: int) -> tuple[Autopilot, str]:
    """The aircraft may report by MAVLink under this number. Returns that with the passphrase, which is kept nowhere; done
    again, the number and the key before are no good any more.

    Raises    drones.system_id_taken
    Announces AutopilotLinked
    """
    passphrase = secrets.token_urlsafe(PASSPHRASE_BYTES)
    # past the gate: the aircraft is the actor's own, whoever calls has asked
    rows = select(Autopilot).where(Autopilot.aircraft_id == aircraft.id).with_for_update()
    link = (await session.execute(rows)).scalar_one_or_none()
    if link is None:
        link = Autopilot(id=new_id(), aircraft_id=aircraft.id, area_code=aircraft.area_code)
    try:
        async with session.begin_nested():
            link.system_id, link.linked_at = system_id, now()
            link.signing_key = sha256(passphrase.encode()).hexdigest()
            session.add(link)
    except IntegrityError as error:  # one's own, or somebody else's out of sight
        raise Refused("drones.system_id_taken", system_id=system_id) from error
    about: dict[str, Any] = {
        "subject_id": aircraft.id,
        "subject": {"title": aircraft.title},
        "area_code": aircraft.area_code,
    }
    words = f"无人机 {aircraft.title} 接入 MAVLink，系统编号 {system_id}，发放新密钥"
    await ledger.record(session, AutopilotLinked(**about, words=words, system_id=system_id))
    return link, passphrase


async def linked_aircraft(session: AsyncSession) -> dict[int, LinkedAircraft]:
    """Every aircraft that may report by MAVLink, whoever's it is, by its number: for the listener, for nobody's eyes."""
    # past the gate: a device that speaks for itself has no account
    joined = select(Autopilot, Aircraft.title, Aircraft.swath_per_height).join_from(Autopilot, Aircraft)
    return {
        link.system_id: LinkedAircraft(
            link.aircraft_id, title, link.area_code, link.system_id, bytes.fromhex(link.signing_key), swath
        )
        for link, title, swath in await session.execute(joined)
    }
