"""HTTP routes of flight orders."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from liandong.kernel.http import ERRORS
from liandong.registers.access.door import Acting, Signed
from liandong.work.drones import orders, queries
from liandong.work.drones.order_schemas import FlightOrderIn, FlightOrderOut
from liandong.work.drones.schemas import ReasonIn
from liandong.work.drones.states import OPEN_ORDERS
from liandong.work.drones.tables import FlightOrder, Mission

router = APIRouter(tags=["drones"], responses=ERRORS)


def _shown(signed: Acting, mission: Mission, order: FlightOrder) -> FlightOrderOut:
    shown = FlightOrderOut.model_validate(order)
    can_stop = order.state in OPEN_ORDERS and order.stop_asked_at is None
    shown.verbs = ["stop"] if can_stop and orders.may_order(signed.actor, mission) else []
    return shown


@router.get("/missions/{mission_id}/orders")
async def list_orders(signed: Signed, mission_id: UUID) -> list[FlightOrderOut]:
    """The flight orders of a mission, newest first."""
    mission = await queries.find_mission(signed.session, signed.actor, mission_id)
    found = await queries.orders_of(signed.session, signed.actor, mission_id)
    return [_shown(signed, mission, one) for one in found]


@router.post("/missions/{mission_id}/orders", status_code=201)
async def order_flight(signed: Signed, mission_id: UUID, body: FlightOrderIn) -> FlightOrderOut:
    """Order a flight of a released mission; its carrier takes it within seconds, or refuses it with the reason."""
    mission = await queries.find_mission(signed.session, signed.actor, mission_id, "drones:order", lock=True)
    orders.require_may_order(signed.actor, mission)
    order = await orders.order_flight(signed.session, mission, body.flight_number, body.carrier)
    return _shown(signed, mission, order)


@router.post("/flight-orders/{order_id}/stop")
async def stop_flight(signed: Signed, order_id: UUID, body: ReasonIn) -> FlightOrderOut:
    """Ask that an ordered flight be ended: one that waits is cancelled, an aircraft in the air is called home."""
    order = await queries.find_order(signed.session, signed.actor, order_id, lock=True)
    mission = await queries.find_mission(signed.session, signed.actor, order.mission_id)
    orders.require_may_order(signed.actor, mission)
    return _shown(signed, mission, await orders.stop_flight(signed.session, mission, order, body.reason))
