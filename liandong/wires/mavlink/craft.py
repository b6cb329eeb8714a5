"""One aircraft as it was last heard: where it is, in which mode, and when its positions were true."""

from __future__ import annotations

import asyncio
import math
from typing import Any

from pymavlink.dialects.v20 import ardupilotmega as dialect

from liandong.kernel.errors import Invalid, Refused
from liandong.kernel.geo import check_position, haversine_m
from liandong.means.ground.aims import Aim, aim_of
from liandong.means.tracks.points import Kind, Point
from liandong.wires.mavlink.frame import Seal
from liandong.wires.mavlink.gimbal import Held
from liandong.work.drones.autopilots import LinkedAircraft

Address = tuple[str, int]
SILENT_MS = 10_000
"""An aircraft that says nothing for so long is not there: it says a heartbeat every second."""
STARTED_AGAIN_MS = 60_000
"""Its clock, which counts from its start, went back by more: it has been started again."""
STALE_MS = 30_000
AIM_GOOD_MS = 1_500
"""A gimbal speaks several times a second; what it said longer ago says nothing about now."""
DRIFT_MS = 1
"""What the two clocks may drift apart between two positions."""
FASTEST_M_S, SLACK_M, DOUBTED_SECONDS = 100.0, 500.0, 30.0
"""Nothing here flies faster. What says so for longer is right: then the position before was wrong."""
NO_HEADING = 65535
ARMED = dialect.MAV_MODE_FLAG_SAFETY_ARMED
ARDUPILOT = dialect.MAV_AUTOPILOT_ARDUPILOTMEGA
COPTER = "COPTER_MODE"
_MODES = {
    dialect.MAV_TYPE_QUADROTOR: COPTER, dialect.MAV_TYPE_HEXAROTOR: COPTER,
    dialect.MAV_TYPE_OCTOROTOR: COPTER, dialect.MAV_TYPE_HELICOPTER: COPTER,
    dialect.MAV_TYPE_TRICOPTER: COPTER, dialect.MAV_TYPE_COAXIAL: COPTER,
    dialect.MAV_TYPE_FIXED_WING: "PLANE_MODE",
}  # fmt: skip


class Craft:
    """An aircraft on record that is or was heard. `heard_ms`: when last; `height_m` above the place it took off from."""

    def __init__(self, known: LinkedAircraft) -> None:
        self.known, self.seal = known, Seal(known.signing_key)
        self.sender: Address | None = None
        self.is_signing = False
        self.heard_ms = 0
        self.autopilot: int | None = None
        self.is_copter = False
        self.mode = ""
        self.is_armed = False
        self.battery_percent: int | None = None
        self.height_m: float | None = None
        self.camera: Held | None = None
        self.last: Point | None = None
        self.inbox: asyncio.Queue[Any] | None = None
        self._booted_ms: int | None = None
        self._offset_ms = 0

    def is_there(self, now_ms: int) -> bool:
        """Heard of within the last seconds."""
        return now_ms - self.heard_ms <= SILENT_MS

    def speaks_from(self, sender: Address, *, is_signed: bool, now_ms: int) -> None:
        """The aircraft is at this address. One that signs may move; otherwise the first holds it until it is silent.

        Raises    mavlink.other_sender
        """
        is_another = self.sender is not None and sender != self.sender
        if is_another and not is_signed and self.is_there(now_ms):
            raise Refused("mavlink.other_sender")
        self.sender, self.is_signing, self.heard_ms = sender, is_signed, now_ms

    def heartbeat(self, message: Any) -> None:
        """In which mode it is, and whether its motors may turn."""
        self.autopilot, self.is_armed = message.autopilot, bool(message.base_mode & ARMED)
        self.is_copter, self.mode = _MODES.get(message.type) == COPTER, _mode(message)

    def position(self, message: Any, now_ms: int) -> Point:
        """Where it was, and when by our clock.

        Raises    mavlink.no_fix, mavlink.out_of_order, mavlink.stale, mavlink.jump, kernel.position_out_of_range
        """
        if message.lat == 0 and message.lon == 0:
            raise Refused("mavlink.no_fix")
        check_position(message.lon / 1e7, message.lat / 1e7)
        at_ms = self._instant(message.time_boot_ms, now_ms)
        point = Point(
            self.known.aircraft_id, Kind.aircraft, self.known.area_code, None, at_ms, message.lon / 1e7, message.lat / 1e7,
            altitude_m=message.alt / 1000,
            course_deg=None if message.hdg == NO_HEADING else message.hdg / 100 % 360,
            speed_mps=math.hypot(message.vx, message.vy) / 100, aim=self._aim(message, now_ms),
        )  # fmt: skip
        self._require_reachable(point)
        self.last, self.height_m = point, message.relative_alt / 1000
        return point

    def _aim(self, message: Any, now_ms: int) -> Aim | None:
        """How the camera was held, if the gimbal has said so within the last moments and it can be."""
        camera = self.camera
        if camera is None or now_ms - camera.at_ms > AIM_GOOD_MS:
            return None
        if camera.is_by_nose and message.hdg == NO_HEADING:
            return None
        yaw = (camera.yaw_deg + (message.hdg / 100 if camera.is_by_nose else 0)) % 360
        height_m = message.relative_alt / 1000
        try:
            return aim_of(yaw, camera.pitch_deg, camera.roll_deg, height_m, self.known.swath_per_height)
        except Invalid:  # the angles were looked at when they came: it is the height, and the place stands all the same
            return None

    def _instant(self, boot_ms: int, now_ms: int) -> int:
        """Its clock counts from its start. The shortest way that a position had says when that was; what was longer on
        its way is dated back by the difference."""
        before, offset_ms = self._booted_ms, now_ms - boot_ms
        if before is not None and boot_ms <= before:
            if before - boot_ms < STARTED_AGAIN_MS:
                raise Refused("mavlink.out_of_order")
            before = self.last = None
        self._offset_ms = offset_ms if before is None else min(offset_ms, self._offset_ms + DRIFT_MS)
        self._booted_ms = boot_ms
        at_ms = boot_ms + self._offset_ms
        if now_ms - at_ms > STALE_MS:
            raise Refused("mavlink.stale")
        return at_ms

    def _require_reachable(self, point: Point) -> None:
        if self.last is None:
            return
        seconds = max(0, point.at_ms - self.last.at_ms) / 1000
        metres = haversine_m(self.last.lon, self.last.lat, point.lon, point.lat)
        if seconds < DOUBTED_SECONDS and metres > SLACK_M + FASTEST_M_S * seconds:
            raise Refused("mavlink.jump")

    def told(self) -> dict[str, Any]:
        """What `/health` says of it."""
        return {
            "system_id": self.known.system_id,
            "title": self.known.title,
            "signs": self.is_signing,
            "mode": self.mode,
            "armed": self.is_armed,
            "battery_percent": self.battery_percent,
            "height_m": self.height_m,
            "heard_ms": self.heard_ms,
        }


def _mode(message: Any) -> str:
    """The mode's name where the maker's list has it, otherwise its number."""
    names = dialect.enums.get(_MODES.get(message.type, ""), {}) if message.autopilot == ARDUPILOT else {}
    found = names.get(message.custom_mode)
    return str(message.custom_mode) if found is None else found.name.split("_MODE_")[-1].lower()
