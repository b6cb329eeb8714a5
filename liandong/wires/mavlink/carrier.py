"""Flight orders for aircraft that speak MAVLink: taken, flown one a craft, and told how they ended."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from uuid import UUID

import psycopg
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.db import Database, Role
from liandong.kernel.errors import LiandongError, Refused
from liandong.wires.mavlink.craft import ARDUPILOT, Craft
from liandong.wires.mavlink.desk import Desk
from liandong.wires.mavlink.flight import Flight, Patience, Stage, Told
from liandong.wires.mavlink.link import Link
from liandong.wires.mavlink.mission import mission_of
from liandong.work.drones import carriers
from liandong.work.drones.carriers import FlightProgress, Ordered
from liandong.work.drones.states import FlightOrderState

log = logging.getLogger(__name__)

AGAIN_SECONDS = 1.0
Write = Callable[[AsyncSession], Awaitable[object]]


class MavlinkCarrier:
    """Takes orders while it runs. An aircraft that is not heard of refuses at once: it must not take off hours later."""

    def __init__(
        self, db: Database, desk: Desk, link_to: Callable[[Craft], Link], patience: Patience | None = None
    ) -> None:
        self._db, self._desk, self._link_to, self._patience = db, desk, link_to, patience
        self._flights: dict[UUID, Flight] = {}
        self._is_first_look = True

    async def run(self) -> None:
        """Take and fly until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                try:
                    await self._follow(group)
                except (psycopg.Error, SQLAlchemyError, OSError) as error:
                    log.warning("orders: %s; trying again", error)
                await asyncio.sleep(AGAIN_SECONDS)

    async def _follow(self, group: asyncio.TaskGroup) -> None:
        async with carriers.wakes(self._db) as woken:
            async for _ in woken:
                if self._is_first_look:
                    await self._end_what_is_left()
                    self._is_first_look = False
                await self._call_home()
                while (order := await self._claim()) is not None:
                    group.create_task(self._fly(order))

    async def _claim(self) -> Ordered | None:
        async with self._db.transaction(Role.worker) as session:
            return await carriers.claim(session, "mavlink")

    async def _end_what_is_left(self) -> None:
        """What a process before this one had taken: how it went on is not known, and nobody watches it any more."""
        async with self._db.transaction(Role.worker) as session:
            for order in await carriers.open_orders(session, "mavlink"):
                await _end(session, order.id, Refused("mavlink.not_watched"), order.state is FlightOrderState.flying)

    async def _call_home(self) -> None:
        async with self._db.transaction(Role.worker) as session:
            asked = await carriers.asked_to_stop(session, "mavlink")
        for order in asked:
            if (flight := self._flights.get(order.id)) is not None:
                flight.come_home()

    async def _fly(self, order: Ordered) -> None:
        has_begun = False
        try:
            craft = self._craft_of(order)
            mission = mission_of(order.flight, begins_with_home=craft.autopilot == ARDUPILOT)
            flight = self._flights[order.id] = Flight(self._link_to(craft), mission, self._patience)
            try:
                await flight.fly(self._told(order.id))
            finally:
                has_begun = flight.has_begun
                del self._flights[order.id]
        except LiandongError as error:
            why = error
            await self._write(lambda session: _end(session, order.id, why, has_begun))
        else:
            await self._write(lambda session: carriers.mark_flown(session, order.id))

    def _craft_of(self, order: Ordered) -> Craft:
        now_ms = self._desk.now_ms()
        for craft in self._desk.crafts.values():
            if craft.known.aircraft_id == order.aircraft_id and craft.is_there(now_ms):
                return craft
        raise Refused("mavlink.not_there", title=order.flight.aircraft["title"])

    def _told(self, order_id: UUID) -> Told:
        marks = {Stage.ready: carriers.mark_ready, Stage.flying: carriers.mark_flying}

        async def stage(reached: Stage) -> None:
            await self._write(lambda session: marks[reached](session, order_id))

        async def progress(percent: int, item: int) -> None:
            with suppress(SQLAlchemyError, OSError):  # the next one says it too
                async with self._db.transaction(Role.worker) as session:
                    await carriers.note_progress(session, order_id, FlightProgress(percent, item))

        return Told(stage, progress)

    async def _write(self, write: Write) -> None:
        """It is on record, however long the database is away."""
        while True:
            try:
                async with self._db.transaction(Role.worker) as session:
                    await write(session)
                return
            except (SQLAlchemyError, OSError) as error:
                log.warning("orders: %s; trying again", error)
            await asyncio.sleep(AGAIN_SECONDS)


async def _end(session: AsyncSession, order_id: UUID, why: LiandongError, has_begun: bool) -> object:
    if why.code == "mavlink.called_home":
        return await carriers.mark_cancelled(session, order_id)
    mark = carriers.mark_failed if has_begun else carriers.mark_refused
    result = why.values.get("result")
    return await mark(session, order_id, why, None if result is None else str(result))
