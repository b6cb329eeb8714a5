"""MAVSDK's server plugins as the aircraft: an autopilot's side of the protocol that we did not write."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from mavsdk.component_type import ComponentType
from mavsdk.mavsdk import Configuration, Mavsdk
from mavsdk.plugins.action_server.action_server import ActionServer, AllowableFlightModes, FlightMode
from mavsdk.plugins.mission_raw_server.mission_raw_server import MissionRawServer
from mavsdk.plugins.telemetry_server.telemetry_server import Heading, Position, TelemetryServer, VelocityNed

from liandong.kernel.geo import haversine_m
from tests.wires.mavlink.air import until

WAYPOINT = 16
GROUND_M, NEAR_M = 100.0, 400.0
TICK_SECONDS = 0.004
"""Its clock counts milliseconds: two positions of one would be one."""


class ForeignAutopilot:
    """Flies what it is given: is at each waypoint, says so, and lands."""

    def __init__(self, system_id: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._started = asyncio.Event()
        self.items: list[Any] = []
        chosen = Configuration.create_with_component_type(ComponentType.AUTOPILOT)
        chosen.system_id = system_id
        self.mavsdk = Mavsdk(chosen)
        component = self.mavsdk.server_component()
        self._action, self._telemetry = ActionServer(component), TelemetryServer(component)
        self._mission = MissionRawServer(component)
        self._action.set_armable(True, True)
        self._action.set_disarmable(True, True)
        self._action.set_allowable_flight_modes(AllowableFlightModes(can_auto_mode=True))
        self._mission.subscribe_incoming_mission(self._take)
        self._action.subscribe_flight_mode_change(self._change)

    # its callbacks come on threads of its own
    def _take(self, _result: Any, plan: Any, _data: Any) -> None:
        self._loop.call_soon_threadsafe(self.items.extend, plan.mission_items)

    def _change(self, _result: Any, mode: Any, _data: Any) -> None:
        if mode == FlightMode.MISSION:
            self._loop.call_soon_threadsafe(self._started.set)

    async def fly(self, is_seen_armed: Callable[[], bool]) -> None:
        """From waypoint to waypoint much faster than anything flies, by places that lie near enough to each other."""
        await self._started.wait()
        await asyncio.to_thread(self._action.set_armed_state, True)
        await until(is_seen_armed)  # it says so once a second
        here: tuple[float, float] | None = None
        for item in self.items:
            if item.command == WAYPOINT:
                there = item.y / 1e7, item.x / 1e7
                for lon, lat in _way(here or there, there):
                    await self._be_at(lon, lat, item.z)
                here = there
            await asyncio.to_thread(self._mission.set_current_item_complete)
        await asyncio.to_thread(self._action.set_armed_state, False)

    async def _be_at(self, lon: float, lat: float, height_m: float) -> None:
        at = Position(lat, lon, GROUND_M + height_m, height_m)
        await asyncio.to_thread(self._telemetry.publish_position, at, VelocityNed(3.0, 4.0, 0.0), Heading(90.0))
        said = time.monotonic()  # not before: it dates the position on a thread of its own, whenever that has its turn
        await until(lambda: time.monotonic() - said > TICK_SECONDS)


def _way(begin: tuple[float, float], end: tuple[float, float]) -> list[tuple[float, float]]:
    """Places between, and the last of them three times: it hovers."""
    parts = int(haversine_m(*begin, *end) // NEAR_M) + 1
    steps = [(a + (b - a) * n / parts, c + (d - c) * n / parts) for n in range(1, parts)
             for (a, c), (b, d) in [(begin, end)]]  # fmt: skip
    return [*steps, end, end, end]


@asynccontextmanager
async def foreign_autopilot(
    address: tuple[str, int], system_id: int, is_seen_armed: Callable[[], bool]
) -> AsyncIterator[ForeignAutopilot]:
    """It lives inside, and speaks to this address, unsigned."""
    found = ForeignAutopilot(system_id)
    await asyncio.to_thread(found.mavsdk.add_any_connection, f"udpout://{address[0]}:{address[1]}")
    flying = asyncio.create_task(found.fly(is_seen_armed))
    try:
        yield found
    finally:
        flying.cancel()
        with suppress(asyncio.CancelledError):
            await flying
        await asyncio.to_thread(found.mavsdk.destroy)
