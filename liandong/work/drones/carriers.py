"""The narrow interface by which a carrier (`dock`, `mavlink`) takes flight orders and says what became of them.

    async with wakes(db) as woken:                   # an order waits, is to be stopped, or two seconds have passed
        async for _ in woken: ...
    order = await claim(session, "dock")             # the oldest order that waits, now `sent`; None: none
    await mark_ready / mark_flying / note_progress / mark_flown / mark_refused / mark_failed / mark_cancelled
    stops = await asked_to_stop(session, "dock")     # orders that people want ended: bring the aircraft home

A carrier acts for nobody, so it writes as the system (`Role.worker`). Every mark on an order that has ended already is
left out: a device says things twice, and late.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import psycopg
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.clock import now
from liandong.kernel.db import Database, Role
from liandong.kernel.errors import LiandongError, Refused
from liandong.work.drones.events import FlightFlown, FlightNotFlown, FlightSent, FlightTookOff
from liandong.work.drones.orders import Carrier, order_about
from liandong.work.drones.queries import CARRIER_CHANNEL, PlannedFlight, planned_flight
from liandong.work.drones.states import FLIGHT_ORDER_STATES, OPEN_ORDERS, FlightOrderState
from liandong.work.drones.tables import Aircraft, FlightOrder, Mission

POLL_SECONDS = 2.0


@dataclass(frozen=True)
class Ordered:
    """An order as its carrier needs it: which aircraft is to fly what. `flight` is numbered `flight_number`, from 1."""

    id: UUID
    mission_id: UUID
    flight_number: int
    aircraft_id: UUID
    serial_no: str
    state: FlightOrderState
    is_stopping: bool
    flight: PlannedFlight


@dataclass(frozen=True)
class FlightProgress:
    """How far a flight is; what is None is unsaid. `percent` 0-100, `waypoint_index` from 0."""

    percent: int | None = None
    waypoint_index: int | None = None
    wayline_state: str | None = None


@asynccontextmanager
async def wakes(db: Database) -> AsyncIterator[AsyncIterator[None]]:
    """Yields whenever a carrier should look for orders: at once, when told, and every two seconds in any case.

    Raises    psycopg.OperationalError: the database is out of reach
    """
    line = await psycopg.AsyncConnection.connect(db.conninfo(Role.worker), autocommit=True)
    async with line:
        await line.execute(f"LISTEN {CARRIER_CHANNEL}")

        async def woken() -> AsyncIterator[None]:
            while True:
                yield
                async for _ in line.notifies(timeout=POLL_SECONDS, stop_after=1):
                    pass

        yield woken()


async def claim(session: AsyncSession, carrier: Carrier, serials: Collection[str] | None = None) -> Ordered | None:
    """The oldest order that waits for this carrier is `sent` and returned; no other process is given it.

    `serials`: only orders of these aircraft; None: of any.

    Announces FlightSent
    """
    rows = (
        select(FlightOrder)  # past the gate: a carrier acts for nobody
        .join(Aircraft, Aircraft.id == FlightOrder.aircraft_id)
        .where(FlightOrder.carrier == carrier, FlightOrder.state == FlightOrderState.ordered)
        .order_by(FlightOrder.ordered_at)
        .limit(1)
        .with_for_update(skip_locked=True, of=FlightOrder)
    )
    if serials is not None:
        rows = rows.where(Aircraft.serial_no.in_(serials))
    order = (await session.execute(rows)).scalar_one_or_none()
    if order is None:
        return None
    mission = await session.get_one(Mission, order.mission_id)
    FLIGHT_ORDER_STATES.advance(order, "send")
    order.sent_at = now()
    await session.flush()
    await ledger.record(session, FlightSent(**order_about(mission, order, "航线已下发")))
    return await _ordered(session, order, mission)


async def open_orders(session: AsyncSession, carrier: Carrier) -> Sequence[Ordered]:
    """The orders that this carrier has taken and that have not ended, oldest first: what a process finds at its start."""
    return await _taken(session, carrier, stopping=False)


async def open_order(session: AsyncSession, order_id: UUID) -> Ordered | None:
    """An order as its carrier needs it; None: there is none, or it has ended."""
    order = await _open(session, order_id)
    if order is None:
        return None
    return await _ordered(session, order, await session.get_one(Mission, order.mission_id))


async def find_open(session: AsyncSession, order_id: UUID) -> Ordered:
    """An order that has not ended, as its carrier needs it.

    Raises    kernel.not_found
    """
    found = await open_order(session, order_id)
    if found is None:
        raise Refused("kernel.not_found")
    return found


async def asked_to_stop(session: AsyncSession, carrier: Carrier) -> Sequence[Ordered]:
    """Those of them that somebody wants ended; each is told until the carrier marks it ended."""
    return await _taken(session, carrier, stopping=True)


async def mark_ready(session: AsyncSession, order_id: UUID) -> bool:
    """The device has the route and found it good. Whether the order was still waiting for that."""
    return await _step(session, order_id, "confirm_ready") is not None


async def mark_flying(session: AsyncSession, order_id: UUID) -> bool:
    """The aircraft flies the route. Whether that is news.

    Announces FlightTookOff
    """
    found = await _step(session, order_id, "take_off")
    if found is not None:
        await ledger.record(session, FlightTookOff(**order_about(found[1], found[0], "已起飞")))
    return found is not None


async def note_progress(session: AsyncSession, order_id: UUID, progress: FlightProgress) -> bool:
    """How far the flight is, is on record. Whether the order was open."""
    order = await _open(session, order_id)
    if order is None:
        return False
    for name, value in vars(progress).items():
        if value is not None:
            setattr(order, name, value)
    order.progressed_at = now()
    await session.flush()
    return True


async def mark_flown(session: AsyncSession, order_id: UUID) -> bool:
    """The flight was flown to its end; a take-off that was not heard of is taken as read. Whether that is news.

    Announces FlightTookOff, FlightFlown
    """
    await mark_flying(session, order_id)
    found = await _step(session, order_id, "land")
    if found is None:
        return False
    order, mission = found
    order.percent = 100
    left = await _left(session, mission)
    words = "已飞完；全部架次均已飞完，待飞手报告" if left == 0 else f"已飞完，还有 {left} 个架次"
    await session.flush()
    await ledger.record(session, FlightFlown(**order_about(mission, order, words), left=left))
    return True


async def mark_refused(
    session: AsyncSession, order_id: UUID, why: LiandongError, device_code: str | None = None
) -> bool:
    """The order was turned away before take-off: the device said no, or nothing. Whether that is news.

    Announces FlightNotFlown
    """
    return await _end(session, order_id, "refuse", why, device_code)


async def mark_failed(
    session: AsyncSession, order_id: UUID, why: LiandongError, device_code: str | None = None
) -> bool:
    """The flight was broken off by the device. Whether that is news.

    Announces FlightNotFlown
    """
    return await _end(session, order_id, "fail", why, device_code)


async def mark_cancelled(session: AsyncSession, order_id: UUID) -> bool:
    """What was asked to stop has stopped, and the aircraft is home or never left. Whether that is news.

    Announces FlightNotFlown
    """
    return await _end(session, order_id, "cancel", None, None)


async def _end(
    session: AsyncSession, order_id: UUID, verb: str, why: LiandongError | None, device_code: str | None
) -> bool:
    found = await _step(session, order_id, verb)
    if found is None:
        return False
    order, mission = found
    order.reason = why.title("zh") if why else order.stop_reason or ""
    order.reason_code, order.device_code = why.code if why else None, device_code
    await session.flush()
    ended = {"refuse": "未能起飞", "fail": "飞行失败", "cancel": "已中止"}[verb]
    about = order_about(mission, order, f"{ended}：{order.reason}")
    await ledger.record(
        session, FlightNotFlown(**about, ended_as=order.state, reason=order.reason, device_code=device_code)
    )
    return True


STAMPS = {"confirm_ready": "ready_at", "take_off": "took_off_at"}


async def _step(session: AsyncSession, order_id: UUID, verb: str) -> tuple[FlightOrder, Mission] | None:
    """The order after `verb`, with its mission; None where its state does not allow it."""
    order = await _open(session, order_id)
    if order is None or not FLIGHT_ORDER_STATES.allows(FlightOrderState(order.state), verb):
        return None
    FLIGHT_ORDER_STATES.advance(order, verb)
    setattr(order, STAMPS.get(verb, "ended_at"), now())
    await session.flush()
    return order, await session.get_one(Mission, order.mission_id)


async def _open(session: AsyncSession, order_id: UUID) -> FlightOrder | None:
    # past the gate: a carrier acts for nobody
    rows = select(FlightOrder).where(FlightOrder.id == order_id, FlightOrder.state.in_(OPEN_ORDERS)).with_for_update()
    return (await session.execute(rows)).scalar_one_or_none()


async def _taken(session: AsyncSession, carrier: Carrier, *, stopping: bool) -> Sequence[Ordered]:
    taken = OPEN_ORDERS - {FlightOrderState.ordered}
    # past the gate: a carrier acts for nobody
    rows = select(FlightOrder).where(FlightOrder.carrier == carrier, FlightOrder.state.in_(taken))
    if stopping:
        rows = rows.where(FlightOrder.stop_asked_at.is_not(None))
    found = (await session.execute(rows.order_by(FlightOrder.ordered_at))).scalars().all()
    return [await _ordered(session, one, await session.get_one(Mission, one.mission_id)) for one in found]


async def _ordered(session: AsyncSession, order: FlightOrder, mission: Mission) -> Ordered:
    aircraft = await session.get_one(Aircraft, order.aircraft_id)
    return Ordered(
        order.id, mission.id, order.flight_number, aircraft.id, aircraft.serial_no, FlightOrderState(order.state),
        order.stop_asked_at is not None, planned_flight(mission, order.flight_number),
    )  # fmt: skip


async def _left(session: AsyncSession, mission: Mission) -> int:
    # past the gate: only how many
    flown = select(func.count(FlightOrder.flight_number.distinct())).where(
        FlightOrder.mission_id == mission.id, FlightOrder.state == FlightOrderState.flown
    )
    return len(mission.plan["flights"]) - ((await session.execute(flown)).scalar_one())
