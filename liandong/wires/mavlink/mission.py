"""A planned flight as mission items: up, along the lanes with the camera working, and home again.

Source    MAVLink developer guide: "Mission Protocol"; MAV_CMD of the dialect `common`. Only commands that autopilots have
          taken for many years are used: one that is not known makes the whole upload refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pymavlink.dialects.v20 import ardupilotmega as dialect

from liandong.work.drones.queries import PlannedFlight

RELATIVE, ABSOLUTE = dialect.MAV_FRAME_GLOBAL_RELATIVE_ALT_INT, dialect.MAV_FRAME_GLOBAL_INT
WAYPOINT = dialect.MAV_CMD_NAV_WAYPOINT
NO_PLACE = dialect.MAV_FRAME_MISSION
GROUND_SPEED, KEEP_THROTTLE = 1.0, -1.0
DOWN_DEG, POINTED = -90.0, float(dialect.MAV_MOUNT_MODE_MAVLINK_TARGETING)
SHARE_OF_SWATH = 0.5
"""A photograph every half width of the strip: the usual sensor sees three quarters of its width along the way."""


class Item(NamedTuple):
    """One item. `x`, `y`: what is sent as parameters 5 and 6, of a place its latitude and longitude in 1e-7°; `z`: parameter
    7, of a place metres above the take-off place."""

    command: int
    params: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    x: int = 0
    y: int = 0
    z: float = 0.0
    frame: int = RELATIVE


class Mission(NamedTuple):
    """The items in their order, and the number of the last waypoint: who has reached it has flown the mission."""

    items: tuple[Item, ...]
    last_waypoint: int


def mission_of(flight: PlannedFlight, *, begins_with_home: bool) -> Mission:
    """The flight as items. `begins_with_home`: item 0 is the take-off place, as ArduPilot keeps it, and not yet flown."""
    items = list(_items(flight))
    if begins_with_home:
        items.insert(0, _at(WAYPOINT, flight.steps[0], 0.0)._replace(frame=ABSOLUTE))
    waypoints = [number for number, one in enumerate(items) if one.command == WAYPOINT]
    return Mission(tuple(items), waypoints[-1])


def _items(flight: PlannedFlight) -> Iterator[Item]:
    speed, every_m = (
        flight.aircraft["speed_m_s"],
        flight.aircraft["swath_per_height"] * flight.height_m * SHARE_OF_SWATH,
    )
    yield _at(dialect.MAV_CMD_NAV_TAKEOFF, flight.steps[0], flight.height_m)
    yield Item(dialect.MAV_CMD_DO_CHANGE_SPEED, (GROUND_SPEED, speed, KEEP_THROTTLE, 0.0), frame=NO_PLACE)
    yield Item(dialect.MAV_CMD_DO_MOUNT_CONTROL, (DOWN_DEG, 0.0, 0.0, 0.0), z=POINTED, frame=NO_PLACE)
    [first, *rest] = flight.steps[1:-1]
    yield _at(WAYPOINT, first, flight.height_m)
    was_at_work, here = False, first
    for step, is_at_work in zip(rest, flight.is_at_work[1:-1], strict=True):
        if step == here:  # a leg of no length is a photograph
            if is_at_work:
                yield Item(dialect.MAV_CMD_DO_DIGICAM_CONTROL, x=1, frame=NO_PLACE)
            continue
        if is_at_work != was_at_work:
            yield _photographs(every_m if is_at_work else 0.0)
        was_at_work, here = is_at_work, step
        yield _at(WAYPOINT, step, flight.height_m)
    if was_at_work:
        yield _photographs(0.0)
    yield Item(dialect.MAV_CMD_NAV_RETURN_TO_LAUNCH, frame=NO_PLACE)


def _at(command: int, place: tuple[float, float], height_m: float) -> Item:
    lon, lat = place
    return Item(command, x=round(lat * 1e7), y=round(lon * 1e7), z=height_m)


def _photographs(every_m: float) -> Item:
    """From here one photograph every so many metres; 0: none any more."""
    return Item(dialect.MAV_CMD_DO_SET_CAM_TRIGG_DIST, (every_m, 0.0, 1.0 if every_m else 0.0, 0.0), frame=NO_PLACE)
