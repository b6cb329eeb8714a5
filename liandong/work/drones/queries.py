"""Every read of the drones room, through the gate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.clock import beijing_today
from liandong.kernel.errors import Refused
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.work.drones.tables import Aircraft, FlightOrder, Mission, NoFlyZone

CARRIER_CHANNEL = "liandong_flight_orders"
"""PostgreSQL tells here, with a carrier's name, that something waits for it."""
AROUND_DEG = 0.5
"""Farther from home than any mission leads, on the parallel of the far north too."""


def visible_aircraft(actor: Actor) -> Select[Aircraft]:
    """The aircraft that the actor may see."""
    return gate.visible(actor, "drones:read", Aircraft)


async def aircraft_titles(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, str]:
    """What people call these aircraft, by id, as far as the transaction sees them."""
    # past the gate: for whoever may see the positions that name them
    rows = select(Aircraft.id, Aircraft.title).where(Aircraft.id.in_(list(ids)))
    return {row.id: row.title for row in await session.execute(rows)}


async def aircraft_of(session: AsyncSession, aircraft_id: UUID) -> Aircraft:
    """An aircraft that is on record."""
    # past the gate: for whoever speaks with devices
    return await session.get_one(Aircraft, aircraft_id)


async def find_aircraft(session: AsyncSession, actor: Actor, aircraft_id: UUID, verb: str = "drones:read") -> Aircraft:
    """An aircraft that the actor may see and do `verb` with.

    Raises    kernel.not_found, access.verb_missing, access.way_missing
    """
    return await gate.find(session, actor, verb, Aircraft, aircraft_id)


async def aircraft_by_serial(session: AsyncSession, serial_no: str) -> Aircraft | None:
    """The aircraft with this serial number, whoever's it is: asked when the device itself speaks, for nobody's eyes."""
    # past the gate: a device that speaks for itself has no account
    return (await session.execute(select(Aircraft).where(Aircraft.serial_no == serial_no))).scalar_one_or_none()


def visible_missions(actor: Actor, state: str | None = None, task_id: UUID | None = None) -> Select[Mission]:
    """The missions that the actor may see, narrowed to a state or a task."""
    rows = gate.visible(actor, "drones:read", Mission)
    if state is not None:
        rows = rows.where(Mission.state == state)
    return rows if task_id is None else rows.where(Mission.task_id == task_id)


async def find_mission(
    session: AsyncSession, actor: Actor, mission_id: UUID, verb: str = "drones:read", *, lock: bool = False
) -> Mission:
    """A mission that the actor may see and do `verb` to.

    Raises    kernel.not_found, access.verb_missing, access.way_missing
    """
    return await gate.find(session, actor, verb, Mission, mission_id, lock=lock)


@dataclass(frozen=True)
class PlannedFlight:
    """One flight of a mission as it is kept: `steps` (lon, lat) from home to home, `is_at_work` of each leg between
    them; `aircraft` holds the figures that it was planned with."""

    mission_number: str
    drafted_at: datetime
    height_m: float
    steps: list[tuple[float, float]]
    is_at_work: list[bool]
    length_m: float
    minutes: float
    filmed_m: float
    photos: int
    waypoints: int
    aircraft: dict[str, Any]


async def find_flight(session: AsyncSession, actor: Actor, mission_id: UUID, number: int) -> PlannedFlight:
    """A flight of a mission that the actor may see; flights are numbered from 1.

    Raises    kernel.not_found, access.verb_missing, drones.no_such_flight
    """
    return planned_flight(await find_mission(session, actor, mission_id), number)


def planned_flight(mission: Mission, number: int) -> PlannedFlight:
    """A flight of a mission; flights are numbered from 1.

    Raises    drones.no_such_flight
    """
    flights: list[dict[str, Any]] = mission.plan["flights"]
    if not 1 <= number <= len(flights):
        raise Refused("drones.no_such_flight", number=number)
    kept = {**flights[number - 1], "steps": [(lon, lat) for lon, lat in flights[number - 1]["steps"]]}
    return PlannedFlight(
        mission.number, mission.drafted_at, mission.height_m, aircraft=mission.asked["aircraft"], **kept
    )


def _in_force() -> Select[NoFlyZone]:
    """Those that bind a mission planned now; one that begins later binds too: the mission may be flown later."""
    has_not_ended = or_(NoFlyZone.valid_to_on.is_(None), NoFlyZone.valid_to_on >= beijing_today())
    return select(NoFlyZone).where(NoFlyZone.lifted_at.is_(None), has_not_ended).order_by(NoFlyZone.id)


async def zones(session: AsyncSession) -> Sequence[NoFlyZone]:
    """Every no-fly zone that is in force."""
    return (await session.execute(_in_force())).scalars().all()


async def find_zone(session: AsyncSession, zone_id: UUID) -> NoFlyZone:
    """A no-fly zone that is in force, locked: zones bind everybody, so everybody sees them.

    Raises    kernel.not_found
    """
    row = (await session.execute(_in_force().where(NoFlyZone.id == zone_id).with_for_update())).scalar_one_or_none()
    if row is None:
        raise Refused("kernel.not_found")
    return row


async def zones_around(session: AsyncSession, home: tuple[float, float]) -> Sequence[NoFlyZone]:
    """The no-fly zones in force within reach of a place (lon, lat)."""
    lon, lat = home
    rows = _in_force().where(
        NoFlyZone.west < lon + AROUND_DEG,
        NoFlyZone.east > lon - AROUND_DEG,
        NoFlyZone.south < lat + AROUND_DEG,
        NoFlyZone.north > lat - AROUND_DEG,
    )
    return (await session.execute(rows)).scalars().all()


async def orders_of(session: AsyncSession, actor: Actor, mission_id: UUID) -> Sequence[FlightOrder]:
    """The flight orders of a mission that the actor may see, newest first."""
    rows = gate.visible(actor, "drones:read", FlightOrder).where(FlightOrder.mission_id == mission_id)
    return (await session.execute(rows.order_by(FlightOrder.ordered_at.desc()))).scalars().all()


async def find_order(session: AsyncSession, actor: Actor, order_id: UUID, *, lock: bool = False) -> FlightOrder:
    """A flight order that the actor may see.

    Raises    kernel.not_found, access.verb_missing
    """
    return await gate.find(session, actor, "drones:read", FlightOrder, order_id, lock=lock)


@dataclass(frozen=True)
class FlownFor:
    """An order that an aircraft was given, as much as the files of its flight need."""

    order_id: UUID
    flight_number: int
    mission_id: UUID
    mission_number: str
    mission_title: str
    task_id: UUID | None
    area_code: str


async def flown_for(session: AsyncSession, order_id: UUID, aircraft_id: UUID) -> FlownFor | None:
    """This order, however it ended; None: this aircraft was never given it."""
    # past the gate: a device acts for nobody
    rows = select(FlightOrder).where(FlightOrder.id == order_id, FlightOrder.aircraft_id == aircraft_id)
    order = (await session.execute(rows)).scalar_one_or_none()
    if order is None:
        return None
    mission = await session.get_one(Mission, order.mission_id)
    return FlownFor(
        order.id, order.flight_number, mission.id, mission.number, mission.title, order.task_id, order.area_code
    )
