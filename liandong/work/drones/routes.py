"""HTTP routes of the drones room."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from fastapi import APIRouter

from liandong.kernel.errors import Refused
from liandong.kernel.http import ERRORS, Cursor, Limit, Page, take_page
from liandong.registers import law
from liandong.registers.access import gate
from liandong.registers.access.door import Acting, Signed
from liandong.registers.officers.queries import list_officers
from liandong.registers.sources.queries import find_source
from liandong.work.dispatch.queries import find_task
from liandong.work.drones import actions, autopilots, queries
from liandong.work.drones.orders import may_order
from liandong.work.drones.routing import Wish
from liandong.work.drones.schemas import (
    AircraftIn,
    AircraftOut,
    AutopilotIn,
    AutopilotKeyOut,
    MissionBrief,
    MissionIn,
    MissionOut,
    ReasonIn,
    ReleaseIn,
    ZoneIn,
    ZoneOut,
)
from liandong.work.drones.states import MISSION_STATES, MissionState
from liandong.work.drones.tables import Mission, NoFlyZone

router = APIRouter(tags=["drones"], responses=ERRORS)
MOVES = {"release": "drones:plan", "cancel": "drones:plan", "report_flown": "drones:fly"}
"""Two moves need the same verb: a face is told the moves."""


Shown = TypeVar("Shown", bound=MissionBrief)


async def _one(signed: Acting, mission: Mission) -> MissionOut:
    shown = _shown(signed, mission, MissionOut)
    if mission.pilot_officer_id is not None:
        [pilot] = await list_officers(signed.session, ids=[mission.pilot_officer_id])
        shown.pilot_name = pilot.name
    return shown


def _shown(signed: Acting, mission: Mission, shape: type[Shown]) -> Shown:
    shown = shape.model_validate(mission)
    plan = mission.plan
    shown.flights, shown.minutes, shown.covered_percent = len(plan["flights"]), plan["minutes"], plan["covered_percent"]
    shown.aircraft_title = mission.asked["aircraft"]["title"]
    shown.verbs = [
        move
        for move, verb in MOVES.items()
        if MISSION_STATES.allows(MissionState(mission.state), move) and gate.allowed(signed.actor, verb, mission)
    ]
    if mission.state == MissionState.released and may_order(signed.actor, mission):
        shown.verbs.append("order")
    return shown


def _zone(signed: Acting, zone: NoFlyZone) -> ZoneOut:
    shown = ZoneOut.model_validate(zone)
    shown.is_own = zone.agency_id == signed.actor.agency_id
    return shown


@router.get("/aircraft")
async def list_aircraft(signed: Signed, limit: Limit = 50, cursor: Cursor = None) -> Page[AircraftOut]:
    """Aircraft this actor may see, newest first."""
    rows, total, following = await take_page(
        signed.session, queries.visible_aircraft(signed.actor), limit=limit, cursor=cursor
    )
    return Page(items=[AircraftOut.model_validate(row) for row in rows], total=total, next_cursor=following)


@router.post("/aircraft", status_code=201)
async def register_aircraft(signed: Signed, body: AircraftIn) -> AircraftOut:
    """Put an aircraft of one's own agency on record."""
    gate.may(signed.actor, "drones:register")
    return AircraftOut.model_validate(await actions.register_aircraft(signed.session, signed.actor, body.model_dump()))


@router.post("/aircraft/{aircraft_id}/autopilot")
async def link_autopilot(signed: Signed, aircraft_id: UUID, body: AutopilotIn) -> AutopilotKeyOut:
    """Let an aircraft report by MAVLink under a number and a new key; those before are no good any more."""
    aircraft = await queries.find_aircraft(signed.session, signed.actor, aircraft_id, "drones:register")
    link, passphrase = await autopilots.link_autopilot(signed.session, aircraft, body.system_id)
    return AutopilotKeyOut(
        aircraft_id=aircraft.id, system_id=link.system_id, linked_at=link.linked_at, passphrase=passphrase
    )


@router.get("/no-fly-zones")
async def list_zones(signed: Signed) -> list[ZoneOut]:
    """Every no-fly zone in force: they bind everybody, so everybody sees them."""
    return [_zone(signed, zone) for zone in await queries.zones(signed.session)]


@router.post("/no-fly-zones", status_code=201)
async def set_zone(signed: Signed, body: ZoneIn) -> ZoneOut:
    """Set a no-fly zone."""
    gate.may(signed.actor, "drones:register")
    return _zone(signed, await actions.set_no_fly_zone(signed.session, signed.actor, body.model_dump()))


@router.post("/no-fly-zones/{zone_id}/lift", status_code=204)
async def lift_zone(signed: Signed, zone_id: UUID, body: ReasonIn) -> None:
    """Say that a no-fly zone of one's own agency binds nobody any more."""
    gate.may(signed.actor, "drones:register")
    zone = await queries.find_zone(signed.session, zone_id)
    await actions.lift_no_fly_zone(signed.session, signed.actor, zone, body.reason)


@router.get("/flight-height-rule")
async def read_height_rule(signed: Signed) -> dict[str, Any]:
    """Up to which height no permit is needed where this actor is at home, as the rulebook says today."""
    return law.stamp(actions.height_rule(signed.actor.home_area))


@router.get("/missions")
async def list_missions(
    signed: Signed, state: MissionState | None = None, limit: Limit = 50, cursor: Cursor = None
) -> Page[MissionBrief]:
    """Missions this actor may see, newest first."""
    rows = queries.visible_missions(signed.actor, state.value if state else None)
    found, total, following = await take_page(signed.session, rows, limit=limit, cursor=cursor)
    return Page(items=[_shown(signed, one, MissionBrief) for one in found], total=total, next_cursor=following)


@router.post("/missions", status_code=201)
async def draft_mission(signed: Signed, body: MissionIn) -> MissionOut:
    """Work a mission out; it is there afterwards, and nobody may fly it yet."""
    aircraft = await queries.find_aircraft(signed.session, signed.actor, body.aircraft_id, "drones:plan")
    if body.task_id is not None:
        await find_task(signed.session, signed.actor, body.task_id)
    wanted = body.wanted if body.wanted is not None else await _places_of(signed, body.source_ids)
    wish = Wish(body.kind, wanted, body.home, body.width_m)
    new = actions.NewMission(body.title, wish, body.height_m, body.overlap, body.task_id)
    return await _one(signed, await actions.draft_mission(signed.session, signed.actor, aircraft, new))


async def _places_of(signed: Acting, source_ids: list[UUID]) -> dict[str, Any]:
    places = []
    for source_id in source_ids:
        source = await find_source(signed.session, signed.actor, source_id)
        if source.lon is None or source.lat is None:
            raise Refused("drones.source_without_place", name=source.name)
        places.append([source.lon, source.lat])
    return {"type": "MultiPoint", "coordinates": places}


@router.get("/missions/{mission_id}")
async def read_mission(signed: Signed, mission_id: UUID) -> MissionOut:
    """One mission."""
    return await _one(signed, await queries.find_mission(signed.session, signed.actor, mission_id))


@router.post("/missions/{mission_id}/release")
async def release_mission(signed: Signed, mission_id: UUID, body: ReleaseIn) -> MissionOut:
    """Let a mission be flown."""
    mission = await queries.find_mission(signed.session, signed.actor, mission_id, "drones:plan", lock=True)
    aircraft = await queries.find_aircraft(signed.session, signed.actor, mission.aircraft_id, "drones:plan")
    await actions.release_mission(signed.session, mission, aircraft, body.pilot_officer_id, body.permit_no)
    return await _one(signed, mission)


@router.post("/missions/{mission_id}/report_flown")
async def report_flown(signed: Signed, mission_id: UUID) -> MissionOut:
    """Say that a mission was flown."""
    mission = await queries.find_mission(signed.session, signed.actor, mission_id, "drones:fly", lock=True)
    return await _one(signed, await actions.report_flown(signed.session, mission))


@router.post("/missions/{mission_id}/cancel")
async def cancel_mission(signed: Signed, mission_id: UUID, body: ReasonIn) -> MissionOut:
    """Say that a mission will not be flown."""
    mission = await queries.find_mission(signed.session, signed.actor, mission_id, "drones:plan", lock=True)
    return await _one(signed, await actions.cancel_mission(signed.session, mission, body.reason))
