"""Flight orders as people give them: a flight of a released mission is ordered, and asked to stop."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.clock import now
from liandong.kernel.errors import Refused
from liandong.kernel.ids import new_id
from liandong.kernel.ledger import author_of
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.work.drones.events import FlightNotFlown, FlightOrdered, FlightStopAsked
from liandong.work.drones.queries import CARRIER_CHANNEL
from liandong.work.drones.states import FLIGHT_ORDER_STATES, OPEN_ORDERS, FlightOrderState, MissionState
from liandong.work.drones.tables import FlightOrder, Mission

Carrier = Literal["dock", "mavlink"]
CARRIER_ZH = {"dock": "机场", "mavlink": "MAVLink 链路"}


def may_order(actor: Actor, mission: Mission) -> bool:
    """Whether the actor may order flights of this mission: the desk that plans, and the pilot himself."""
    is_pilot = actor.officer_id is not None and actor.officer_id == mission.pilot_officer_id
    return gate.allowed(actor, "drones:order", mission) and (is_pilot or gate.allowed(actor, "drones:plan", mission))


def require_may_order(actor: Actor, mission: Mission) -> None:
    """Afterwards it is sure that the actor may order flights of this mission, and stop them.

    Raises    kernel.not_found, access.verb_missing, access.way_missing, drones.not_the_pilot
    """
    gate.require(actor, "drones:order", mission)
    if not may_order(actor, mission):
        raise Refused("drones.not_the_pilot", status=403)


async def order_flight(session: AsyncSession, mission: Mission, flight_number: int, carrier: Carrier) -> FlightOrder:
    """The flight waits for its carrier, which is woken.

    Raises    drones.not_released, drones.no_such_flight, drones.order_open
    Announces FlightOrdered
    """
    if mission.state != MissionState.released:
        raise Refused("drones.not_released", number=mission.number)
    if not 1 <= flight_number <= len(mission.plan["flights"]):
        raise Refused("drones.no_such_flight", number=flight_number)
    order = FlightOrder(
        id=new_id(), mission_id=mission.id, task_id=mission.task_id, area_code=mission.area_code,
        aircraft_id=mission.aircraft_id, flight_number=flight_number, carrier=carrier,
        state=FLIGHT_ORDER_STATES.first.value, ordered_by=author_of(session).name, ordered_at=now(),
    )  # fmt: skip
    try:
        async with session.begin_nested():
            session.add(order)
    except IntegrityError as error:
        raise Refused("drones.order_open", title=mission.asked["aircraft"]["title"]) from error
    about = order_about(mission, order, f"由{CARRIER_ZH[carrier]}执行")
    await ledger.record(session, FlightOrdered(**about, carrier=carrier))
    await _wake(session, carrier)
    return order


async def stop_flight(session: AsyncSession, mission: Mission, order: FlightOrder, reason: str) -> FlightOrder:
    """An order that no carrier has taken is cancelled; with any other the carrier is asked to bring the aircraft home,
    and says when it has.

    Raises    drones.order_ended
    Announces FlightNotFlown, FlightStopAsked
    """
    if order.state not in OPEN_ORDERS:
        raise Refused("drones.order_ended", number=order.flight_number)
    order.stop_asked_at, order.stop_reason = now(), reason
    if order.state == FlightOrderState.ordered:
        FLIGHT_ORDER_STATES.advance(order, "cancel")
        order.ended_at, order.reason = now(), reason
        about = order_about(mission, order, f"已取消：{reason}")
        fact: ledger.Fact = FlightNotFlown(**about, ended_as=order.state, reason=reason, device_code=None)
    else:
        fact = FlightStopAsked(**order_about(mission, order, f"要求中止返航：{reason}"), reason=reason)
    await session.flush()
    await ledger.record(session, fact)
    await _wake(session, order.carrier)
    return order


async def require_no_open_order(session: AsyncSession, mission: Mission) -> None:
    """Afterwards it is sure that no aircraft flies, or is about to fly, for this mission.

    Raises    drones.order_open
    """
    # past the gate: only whether there is one, of a mission that the actor may change
    rows = select(FlightOrder.id).where(FlightOrder.mission_id == mission.id, FlightOrder.state.in_(OPEN_ORDERS))
    if (await session.execute(rows.limit(1))).first() is not None:
        raise Refused("drones.order_open", title=mission.asked["aircraft"]["title"])


def order_about(mission: Mission, order: FlightOrder, words: str) -> dict[str, Any]:
    """What every fact about an order says: it is told of its mission."""
    return {
        "subject_id": mission.id,
        "subject": {"number": mission.number, "title": mission.title},
        "area_code": mission.area_code,
        "task_id": mission.task_id,
        "words": f"{mission.number} 第 {order.flight_number} 架次{words}",
        "order_id": order.id,
        "flight_number": order.flight_number,
    }


async def _wake(session: AsyncSession, carrier: str) -> None:
    await session.execute(select(func.pg_notify(CARRIER_CHANNEL, carrier)))
