"""How a camera was held at one moment, as its carrier says."""

from __future__ import annotations

import math

import msgspec

from liandong.kernel.errors import Invalid

LIVE_RATIO = 9 / 16
"""Height to width of a live picture, whatever the sensor's shape: 1280×720 and 1920×1080 are what is sent."""
MOST_ZOOM = 1_000.0
MOST_HEIGHT_M = 10_000.0
WIDEST = 10.0
"""Metres across from a metre away: the widest lens that is written down by the register of aircraft."""


class Aim(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Degrees: `yaw` clockwise from north, `pitch` 0 to the horizon and -90 down, `roll` clockwise. `height_m` above the
    place it took off from. `across` and `upright`: metres that the picture shows from a metre away."""

    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    height_m: float
    across: float
    upright: float


def aim_of(yaw_deg: float, pitch_deg: float, roll_deg: float, height_m: float, across: float, zoom: float = 1.0) -> Aim:
    """An aim as a device says it. `across` is the lens's without zoom; zoom narrows it.

    Raises    ground.aim_unbelievable
    """
    is_believable = (
        all(map(math.isfinite, (yaw_deg, pitch_deg, roll_deg, height_m, across, zoom)))
        and abs(yaw_deg) <= 360
        and abs(pitch_deg) <= 180
        and abs(roll_deg) <= 180
        and abs(height_m) <= MOST_HEIGHT_M
        and 0 < across <= WIDEST
        and 0 < zoom <= MOST_ZOOM
    )
    if not is_believable:
        raise Invalid("ground.aim_unbelievable")
    narrowed = across / max(1.0, zoom)
    return Aim(yaw_deg % 360, pitch_deg, roll_deg, height_m, narrowed, narrowed * LIVE_RATIO)
