"""Flight orders carried by docks: prepared, executed, followed, called home."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable
from uuid import UUID

import psycopg
from sqlalchemy.exc import DBAPIError

from liandong.kernel.db import Database, Role
from liandong.kernel.errors import LiandongError, Refused
from liandong.wires.dji.commands import Commands
from liandong.wires.dji.files import route_file
from liandong.wires.dji.frame import Progress, order_id_of
from liandong.wires.dji.pictures import Pictures
from liandong.wires.dji.presence import Presence
from liandong.work.drones import carriers
from liandong.work.drones.carriers import FlightProgress, Ordered
from liandong.work.drones.states import FlightOrderState

log = logging.getLogger(__name__)
AGAIN_SECONDS = 2.0
RETURN_HEIGHT_M = 100
"""How high an aircraft comes home if its flight is lower; the maker allows 20-500."""
MOST_CALLS_HOME = 6
"""A dock that does not answer so many calls is not going to; each waits ten seconds."""
IN_THE_AIR = ("in_progress", "paused")


class Flights:
    """The carrier of docks. It speaks for nobody; what it does is on the ledger as the system's."""

    def __init__(self, db: Database, presence: Presence, commands: Commands, clock: Callable[[], int]) -> None:
        self._db, self._presence, self._commands, self._now_ms = db, presence, commands, clock
        self.pictures = Pictures(db, presence, commands, clock)
        self._busy: set[UUID] = set()
        self._called_home: set[UUID] = set()
        self._unanswered: Counter[UUID] = Counter()

    async def run(self) -> None:
        """Carry orders until cancelled. What an earlier process had in hand is gone on with."""
        while True:
            try:
                await self._run()
            except* (psycopg.OperationalError, DBAPIError, OSError) as errors:
                log.warning("database out of reach, trying again: %s", errors.exceptions[0])
            await asyncio.sleep(AGAIN_SECONDS)

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as group, carriers.wakes(self._db) as woken:
            async with self._db.transaction(Role.worker) as session:
                found = await carriers.open_orders(session, "dock")
            for ordered in found:
                if ordered.state != FlightOrderState.flying:
                    self._begin(group, ordered)
            async for _ in woken:
                await self._look(group)

    async def _look(self, group: asyncio.TaskGroup) -> None:
        while True:
            async with self._db.transaction(Role.worker) as session:
                ordered = await carriers.claim(session, "dock")
            if ordered is None:
                break
            self._begin(group, ordered)
        async with self._db.transaction(Role.worker) as session:
            stopping = await carriers.asked_to_stop(session, "dock")
        for ordered in stopping:
            if ordered.id not in self._busy and not self._comes_home(ordered):
                self._busy.add(ordered.id)
                group.create_task(self._stop(ordered))
        await self.pictures.look(group)

    def _comes_home(self, ordered: Ordered) -> bool:
        """A dock that said yes and is still there will tell how it ended."""
        return ordered.id in self._called_home and self._holder(ordered) is not None

    def _begin(self, group: asyncio.TaskGroup, ordered: Ordered) -> None:
        if not ordered.is_stopping:
            self._busy.add(ordered.id)
            group.create_task(self._carry(ordered))

    async def _carry(self, ordered: Ordered) -> None:
        try:
            gateway = self._gateway_of(ordered)
            if ordered.state == FlightOrderState.sent:
                await self._commands.ask(gateway, "flighttask_prepare", _task(ordered))
                async with self._db.transaction(Role.worker) as session:
                    await carriers.mark_ready(session, ordered.id)
            async with self._db.transaction(Role.worker) as session:
                is_stopping = (await carriers.find_open(session, ordered.id)).is_stopping
            if not is_stopping:
                await self._commands.ask(gateway, "flighttask_execute", {"flight_id": str(ordered.id)})
        except LiandongError as error:
            await self._refuse(ordered, error)
        finally:
            self._busy.discard(ordered.id)

    async def _refuse(self, ordered: Ordered, error: LiandongError) -> None:
        """A dock that did not reply may have heard all the same: it is told to forget the flight."""
        gateway = self._holder(ordered)
        if error.code == "dji.no_reply" and gateway is not None:
            await self._commands.tell(gateway, "flighttask_undo", {"flight_ids": [str(ordered.id)]})
        async with self._db.transaction(Role.worker) as session:
            await carriers.mark_refused(session, ordered.id, error, device_code(error))

    async def _stop(self, ordered: Ordered) -> None:
        """An aircraft in the air is called home and its order ends when the dock says so; one on the ground stays there."""
        is_flying = ordered.state == FlightOrderState.flying
        try:
            gateway = self._gateway_of(ordered)
            if is_flying:
                await self._commands.ask(gateway, "return_home", {})
                self._called_home.add(ordered.id)
                return
            await self._commands.ask(gateway, "flighttask_undo", {"flight_ids": [str(ordered.id)]})
            await self._end_stopped(ordered, None)
        except LiandongError as error:
            if error.code == "dji.dock_offline":
                await self._end_stopped(ordered, Refused("dji.dock_lost") if is_flying else None)
            else:
                await self._ask_again(ordered, error, is_flying=is_flying)
        finally:
            self._busy.discard(ordered.id)

    async def _ask_again(self, ordered: Ordered, error: LiandongError, *, is_flying: bool) -> None:
        """The dock is asked again in a while; one that never answers has its order ended, so that people know and act."""
        self._unanswered[ordered.id] += 1
        log.warning("a dock does not stop its flight, asked %d times: %s", self._unanswered[ordered.id], error)
        if is_flying and self._unanswered[ordered.id] >= MOST_CALLS_HOME:
            await self._end_stopped(ordered, Refused("dji.home_unanswered", times=self._unanswered.pop(ordered.id)))

    async def _end_stopped(self, ordered: Ordered, lost: LiandongError | None) -> None:
        async with self._db.transaction(Role.worker) as session:
            if lost is None:
                await carriers.mark_cancelled(session, ordered.id)
            else:
                await carriers.mark_failed(session, ordered.id, lost)

    async def progressed(self, gateway: str, told: Progress) -> None:
        """How far a flight is, as its dock says, is on record with its order; a flight that we did not order is left.

        Raises    dji.not_own_device
        """
        order_id = order_id_of(told.flight_id)
        async with self._db.transaction(Role.worker) as session:
            ordered = None if order_id is None else await carriers.open_order(session, order_id)
            if ordered is None:
                return
            if self._presence.holder(ordered.serial_no, self._now_ms()) not in (None, gateway):
                raise Refused("dji.not_own_device")
            step = FlightProgress(told.percent, told.waypoint, told.wayline_state)
            await carriers.note_progress(session, ordered.id, step)
            if told.state in IN_THE_AIR:
                await carriers.mark_flying(session, ordered.id)
            elif told.state == "ok":
                await carriers.mark_flown(session, ordered.id)
            elif told.state != "sent":
                why = Refused("dji.flight_broken_off", state=told.state)
                number = str(told.result) if told.result else None
                if ordered.is_stopping:
                    await carriers.mark_cancelled(session, ordered.id)
                elif told.state != "rejected" or not await carriers.mark_refused(session, ordered.id, why, number):
                    await carriers.mark_failed(session, ordered.id, why, number)

    def _holder(self, ordered: Ordered) -> str | None:
        return self._presence.holder(ordered.serial_no, self._now_ms())

    def _gateway_of(self, ordered: Ordered) -> str:
        gateway = self._holder(ordered)
        if gateway is None:
            raise Refused("dji.dock_offline")
        return gateway


def device_code(error: LiandongError) -> str | None:
    """The device's own number in an error, if it said one."""
    number = error.values.get("number") if error.code.startswith("dji.device_") else None
    return None if number is None else str(number)


def _task(ordered: Ordered) -> dict[str, object]:
    """What `flighttask_prepare` wants: at once, home by itself when the link is lost, as exact as the aircraft can."""
    file = route_file(ordered.id, ordered.flight)
    return {
        "flight_id": str(ordered.id),
        "task_type": 0,
        "execute_time": time.time_ns() // 1_000_000,
        "file": {"url": file.url, "fingerprint": file.fingerprint},
        "rth_altitude": max(RETURN_HEIGHT_M, round(ordered.flight.height_m)),
        "rth_mode": 1,
        "out_of_control_action": 0,
        "exit_wayline_when_rc_lost": 0,
        "wayline_precision_type": 1,
        "flight_safety_advance_check": 1,
    }
