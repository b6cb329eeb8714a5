"""How a gimbal holds the camera, from what the autopilot says of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from pymavlink.dialects.v20 import ardupilotmega as dialect

from liandong.kernel.errors import Invalid

BY_VEHICLE, BY_EARTH = (
    dialect.GIMBAL_DEVICE_FLAGS_YAW_IN_VEHICLE_FRAME,
    dialect.GIMBAL_DEVICE_FLAGS_YAW_IN_EARTH_FRAME,
)
LOCKED = dialect.GIMBAL_DEVICE_FLAGS_YAW_LOCK
STEEP = 0.9999
"""Looking straight down, roll and yaw are one turn: it is taken as yaw."""


class Held(NamedTuple):
    """Degrees. `yaw_deg` counts from the nose of the aircraft with `is_by_nose`, from north otherwise."""

    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    is_by_nose: bool
    at_ms: int


def held(message: Any, now_ms: int) -> Held:
    """What GIMBAL_DEVICE_ATTITUDE_STATUS says. Without a word on its frame, a locked yaw counts from north.

    Raises    ground.aim_unbelievable: no rotation
    """
    flags = message.flags
    is_by_nose = not flags & BY_EARTH if flags & (BY_VEHICLE | BY_EARTH) else not flags & LOCKED
    yaw, pitch, roll = angles(message.q)
    return Held(yaw, pitch, roll, is_by_nose, now_ms)


def angles(rotation: Sequence[float]) -> tuple[float, float, float]:
    """Yaw, pitch and roll in degrees of a quaternion (w, x, y, z) from the camera's axes to north, east, down.

    Raises    ground.aim_unbelievable: no rotation
    """
    length = math.hypot(*rotation)
    if not 0.5 < length < 2:  # not-a-number is in no range
        raise Invalid("ground.aim_unbelievable")
    w, x, y, z = (part / length for part in rotation)
    down = max(-1.0, min(1.0, 2 * (w * y - x * z)))
    pitch = math.degrees(math.asin(down))
    if abs(down) > STEEP:
        return math.degrees(math.atan2(2 * (w * z - x * y), 1 - 2 * (x * x + z * z))), pitch, 0.0
    yaw = math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))
    roll = math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y))
    return math.degrees(yaw), pitch, math.degrees(roll)
