"""Every change of the drones room, one verb a function."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shapely import Polygon
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.clock import beijing_today, now
from liandong.kernel.errors import Refused
from liandong.kernel.ids import new_id
from liandong.kernel.ledger import author_of
from liandong.kernel.numbers import next_number
from liandong.registers import law
from liandong.registers.access.actor import Actor
from liandong.registers.jurisdictions.queries import area_index
from liandong.registers.officers.queries import certified
from liandong.work.drones.events import (
    AircraftRegistered,
    MissionCancelled,
    MissionDrafted,
    MissionFlown,
    MissionReleased,
    NoFlyZoneLifted,
    NoFlyZoneSet,
)
from liandong.work.drones.orders import require_no_open_order
from liandong.work.drones.planning.shapes import Flying
from liandong.work.drones.queries import zones_around
from liandong.work.drones.routing import Forbidden, Wish, leads_over, read_shape, work_out
from liandong.work.drones.states import MISSION_STATES
from liandong.work.drones.tables import Aircraft, Mission, NoFlyZone


def _about(record_id: UUID, title: str, area_code: str | None, words: str) -> dict[str, Any]:
    return {"subject_id": record_id, "subject": {"title": title}, "area_code": area_code, "words": words}


async def register_aircraft(session: AsyncSession, actor: Actor, said: dict[str, Any]) -> Aircraft:
    """The aircraft is on record, with the actor's agency.

    Raises    drones.already_registered
    Announces AircraftRegistered
    """
    aircraft = Aircraft(id=new_id(), agency_id=actor.agency_id, area_code=actor.home_area, registered_at=now(), **said)
    try:
        async with session.begin_nested():
            session.add(aircraft)
    except IntegrityError as error:  # one's own, or somebody else's out of sight: a serial number is unique
        raise Refused("drones.already_registered", serial_no=aircraft.serial_no) from error
    about = _about(aircraft.id, aircraft.title, aircraft.area_code, f"登记无人机 {aircraft.title}（{aircraft.model}）")
    await ledger.record(session, AircraftRegistered(**about, serial_no=aircraft.serial_no))
    return aircraft


async def set_no_fly_zone(session: AsyncSession, actor: Actor, said: dict[str, Any]) -> NoFlyZone:
    """No mission that is planned or released from now on leads over this area, whoever plans it.

    Raises    drones.shape_unreadable, drones.shape_too_large, kernel.position_out_of_range
    Announces NoFlyZoneSet
    """
    west, south, east, north = read_shape(said["outline"], Polygon).bounds
    zone = NoFlyZone(
        id=new_id(), **said, west=west, south=south, east=east, north=north,
        agency_id=actor.agency_id, set_at=now(), set_by=author_of(session).name,
    )  # fmt: skip
    session.add(zone)
    await session.flush()
    await ledger.record(session, NoFlyZoneSet(**_about(zone.id, zone.title, None, f"设置禁飞区：{zone.title}")))
    return zone


async def lift_no_fly_zone(session: AsyncSession, actor: Actor, zone: NoFlyZone, reason: str) -> None:
    """The zone binds nobody any more; plans worked out around it stay as they are.

    Raises    drones.zone_of_others
    Announces NoFlyZoneLifted
    """
    if zone.agency_id != actor.agency_id:
        raise Refused("drones.zone_of_others", title=zone.title, by=zone.set_by)
    zone.lifted_at, zone.lift_reason = now(), reason
    await session.flush()
    about = _about(zone.id, zone.title, None, f"解除禁飞区：{zone.title}，{reason}")
    await ledger.record(session, NoFlyZoneLifted(**about, reason=reason))


@dataclass(frozen=True)
class NewMission:
    """A wish, and how it is to be flown. `overlap` is the share of one strip that the next sees again."""

    title: str
    wish: Wish
    height_m: float
    overlap: float
    task_id: UUID | None = None


async def draft_mission(session: AsyncSession, actor: Actor, aircraft: Aircraft, new: NewMission) -> Mission:
    """The mission is worked out and on record; nobody may fly it yet.

    Raises    drones.shape_unreadable, drones.shape_too_large, drones.too_far, drones.nothing_to_see,
              drones.battery_too_small, drones.place_in_no_fly, drones.no_way_around
    Announces MissionDrafted
    """
    flying = Flying(aircraft.swath_per_height * new.height_m, new.overlap, aircraft.speed_m_s, aircraft.usable_min)
    zones = await zones_around(session, new.wish.home)
    plan = await asyncio.to_thread(work_out, new.wish, flying, _forbidden(zones))
    mission = Mission(
        id=new_id(),
        number=await next_number(session, "HX"),
        state=MISSION_STATES.first.value,
        kind=new.wish.kind,
        title=new.title,
        area_code=await _area_of(session, actor, new.wish),
        aircraft_id=aircraft.id,
        task_id=new.task_id,
        height_m=new.height_m,
        asked=_asked(aircraft, new, zones),
        plan=plan,
        drafted_at=now(),
    )
    session.add(mission)
    await session.flush()
    told = _told(mission, f"航线 {mission.number}：{len(plan['flights'])} 架次，覆盖 {plan['covered_percent']}%")
    covered = plan["covered_percent"]
    await ledger.record(
        session, MissionDrafted(**told, aircraft_id=aircraft.id, flights=len(plan["flights"]), covered_percent=covered)
    )
    return mission


def _asked(aircraft: Aircraft, new: NewMission, zones: Sequence[NoFlyZone]) -> dict[str, Any]:
    """What the plan was worked out of, the aircraft's figures as they stood among it."""
    figures = ("title", "model", "serial_no", "swath_per_height", "speed_m_s", "usable_min", "wpml_keys")
    stood = {name: getattr(aircraft, name) for name in figures}
    around = [
        {"id": str(zone.id), "title": zone.title, "outline": zone.outline, "clearance_m": zone.clearance_m}
        for zone in zones
    ]
    return {**vars(new.wish), "overlap": new.overlap, "zones": around, "aircraft": stood}


def _forbidden(zones: Sequence[NoFlyZone]) -> list[Forbidden]:
    return [Forbidden(zone.outline, zone.clearance_m) for zone in zones]


async def _area_of(session: AsyncSession, actor: Actor, wish: Wish) -> str:
    lies_in = (await area_index(session)).locate(*wish.home)
    return lies_in if lies_in is not None and lies_in in actor.areas else actor.home_area


def _told(mission: Mission, words: str) -> dict[str, Any]:
    about = _about(mission.id, mission.title, mission.area_code, words)
    return {**about, "subject": {"number": mission.number, "title": mission.title}, "task_id": mission.task_id}


async def release_mission(
    session: AsyncSession, mission: Mission, aircraft: Aircraft, pilot_id: UUID, permit_no: str | None
) -> Mission:
    """The mission may be flown by this pilot, an officer with a valid certificate.

    Raises    drones.wrong_state, drones.unregistered, drones.permit_missing, drones.zone_since, officers.unknown,
              officers.certificate_expired
    Announces MissionReleased
    """
    MISSION_STATES.advance(mission, "release")
    if not aircraft.registration_no:
        raise Refused("drones.unregistered", title=aircraft.title)
    rule = height_rule(mission.area_code)
    if mission.height_m > rule.number and not permit_no:
        raise Refused("drones.permit_missing", rule=law.stamp(rule), height=mission.height_m, most=rule.number)
    await _require_still_clear(session, mission)
    (pilot,) = await certified(session, [pilot_id])
    mission.pilot_officer_id, mission.permit_no, mission.released_at = pilot.id, permit_no, now()
    mission.height_rule = law.stamp(rule)
    await session.flush()
    told = _told(mission, f"放飞 {mission.number}，飞手 {pilot.name}")
    await ledger.record(session, MissionReleased(**told, pilot_officer_id=pilot.id, permit_no=permit_no))
    return mission


def height_rule(area_code: str) -> law.Rule:
    """Up to which height no permit is needed in this area, as the rulebook says today."""
    return law.rule("flight.open_height", on=beijing_today(), area=area_code)


async def _require_still_clear(session: AsyncSession, mission: Mission) -> None:
    """Zones may have been set since the mission was worked out.

    Raises    drones.zone_since
    """
    lon, lat = mission.asked["home"]
    zones = await zones_around(session, (lon, lat))
    flights = [flight["steps"] for flight in mission.plan["flights"]]
    for zone, is_touched in zip(zones, leads_over(flights, (lon, lat), _forbidden(zones)), strict=True):
        if is_touched:
            raise Refused("drones.zone_since", title=zone.title)


async def report_flown(session: AsyncSession, mission: Mission) -> Mission:
    """The mission was flown.

    Raises    drones.wrong_state, drones.order_open
    Announces MissionFlown
    """
    await require_no_open_order(session, mission)
    MISSION_STATES.advance(mission, "report_flown")
    mission.flown_at = now()
    await session.flush()
    await ledger.record(session, MissionFlown(**_told(mission, f"巡飞完成 {mission.number}")))
    return mission


async def cancel_mission(session: AsyncSession, mission: Mission, reason: str) -> Mission:
    """The mission will not be flown.

    Raises    drones.wrong_state, drones.order_open
    Announces MissionCancelled
    """
    await require_no_open_order(session, mission)
    MISSION_STATES.advance(mission, "cancel")
    mission.cancel_reason = reason
    await session.flush()
    told = _told(mission, f"取消航线 {mission.number}：{reason}")
    await ledger.record(session, MissionCancelled(**told, reason=reason))
    return mission
