"""A position on its way: from a device to the database, to other server processes, and to screens."""

from __future__ import annotations

import struct
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

import msgspec

from liandong.kernel.clock import CLOCKS_DIFFER_BY, EPOCH
from liandong.kernel.errors import Invalid, LiandongError, Refused
from liandong.kernel.geo import check_position
from liandong.means.ground.aims import Aim
from liandong.means.ground.seen import Ring, ground_seen

CHANNEL = "liandong_positions"
"""Notices of the database about positions."""


class Kind(StrEnum):
    """What is there."""

    officer = "officer"
    vehicle = "vehicle"
    boat = "boat"
    aircraft = "aircraft"


KINDS = tuple(Kind)


class Point(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Where something was at one instant: degrees WGS-84, metres, degrees from north, m/s, ms since 1970.

    `area_code` is empty until the database has said in which task, hence where, an officer was. `aim`: how the camera
    of an aircraft was held then.
    """

    carrier_id: UUID
    kind: str
    area_code: str
    task_id: UUID | None
    at_ms: int
    lon: float
    lat: float
    accuracy_m: float | None = None
    altitude_m: float | None = None
    course_deg: float | None = None
    speed_mps: float | None = None
    aim: Aim | None = None

    @property
    def happened_at(self) -> datetime:
        """The instant, with its zone."""
        return instant(self.at_ms)


def instant(at_ms: int) -> datetime:
    """An instant from milliseconds since 1970."""
    return EPOCH + timedelta(milliseconds=at_ms)


def milliseconds(at: datetime) -> int:
    """Whole milliseconds since 1970."""
    return (at - EPOCH) // timedelta(milliseconds=1)


def latest_believed(received_at: datetime) -> int:
    """The last instant, in ms since 1970, that what is received then may name: clocks differ."""
    return milliseconds(received_at + CLOCKS_DIFFER_BY)


def objection(point: Point, latest_ms: int) -> LiandongError | None:
    """Why a position cannot be, or None: kernel.position_out_of_range, tracks.clock_ahead, tracks.too_old.

    `latest_ms` as `latest_believed` says.
    """
    try:
        check_position(point.lon, point.lat)
    except Invalid as error:
        return error
    if point.at_ms < 0:
        return Refused("tracks.too_old")
    return Refused("tracks.clock_ahead") if point.at_ms > latest_ms else None


# --- frames for screens ----------------------------------------------------------------------------------------------

HEADER = struct.Struct("<BBHI")
"""Version, whole (1) or changes (0), how many shapes of ground follow the entries, how many entries."""
ENTRY = struct.Struct("<16sBBHqiiHhHH")
"""Id, kind, nothing, nothing, ms since 1970, lon and lat in 1e-7°, accuracy in dm, altitude in m, course in 0.01°,
speed in cm/s."""
SHAPE, CORNER = struct.Struct("<16sB"), struct.Struct("<ii")
"""Ground that is seen: id and how many corners; then each corner's lon and lat in 1e-7°."""
FRAME_VERSION = 2
MOST_SHAPES = 0xFFFF
UNKNOWN, UNKNOWN_ALTITUDE = 0xFFFF, -0x8000


def frame(entries: Collection[bytes], shapes: Sequence[bytes] = (), *, whole: bool) -> bytes:
    """A frame of entries made by `entry` and shapes made by `shape`. `whole`: what is not in it is not known any more."""
    shapes = shapes[:MOST_SHAPES]
    return b"".join((HEADER.pack(FRAME_VERSION, whole, len(shapes), len(entries)), *entries, *shapes))


def entry(point: Point) -> bytes:
    """One position as screens read it."""
    return ENTRY.pack(
        point.carrier_id.bytes, _NUMBERS[point.kind], 0, 0, point.at_ms, round(point.lon * 1e7), round(point.lat * 1e7),
        _scaled(point.accuracy_m, 10), _altitude(point.altitude_m),
        _scaled(None if point.course_deg is None else point.course_deg % 360, 100), _scaled(point.speed_mps, 100),
    )  # fmt: skip


def shape(point: Point) -> bytes | None:
    """The ground that is seen from a position as screens read it; None: nobody knows of any."""
    seen: Ring | None = None if point.aim is None else ground_seen(point.lon, point.lat, point.aim)
    if seen is None:
        return None
    corners = [CORNER.pack(round(lon * 1e7), round(lat * 1e7)) for lon, lat in seen]
    return b"".join((SHAPE.pack(point.carrier_id.bytes, len(corners)), *corners))


class Seen(NamedTuple):
    """An entry of a frame: what screens and other clients are told of a position. `kind` counts in KINDS."""

    carrier_id: UUID
    kind: int
    at_ms: int
    lon: float
    lat: float
    accuracy_m: float | None
    altitude_m: float | None
    course_deg: float | None
    speed_mps: float | None

    @property
    def happened_at(self) -> datetime:
        """The instant, with its zone."""
        return instant(self.at_ms)


def read_frame(body: bytes) -> tuple[bool, list[Seen]]:
    """Whether a frame made by `frame` is whole, and its entries; the ground is left out."""
    _, whole, _, count = HEADER.unpack_from(body)
    return bool(whole), [_seen(*parts) for parts in ENTRY.iter_unpack(body[HEADER.size :][: count * ENTRY.size])]


def _seen(
    carrier: bytes, kind: int, _one: int, _two: int, at_ms: int, lon: int, lat: int,
    accuracy: int, altitude: int, course: int, speed: int,
) -> Seen:  # fmt: skip
    return Seen(
        UUID(bytes=carrier), kind, at_ms, lon / 1e7, lat / 1e7, _unscaled(accuracy, 10),
        None if altitude == UNKNOWN_ALTITUDE else float(altitude), _unscaled(course, 100), _unscaled(speed, 100),
    )  # fmt: skip


def _unscaled(value: int, scale: int) -> float | None:
    return None if value == UNKNOWN else value / scale


_NUMBERS = {kind.value: number for number, kind in enumerate(KINDS)}


def _scaled(value: float | None, scale: int) -> int:
    return UNKNOWN if value is None else max(0, min(UNKNOWN - 1, round(value * scale)))


def _altitude(value: float | None) -> int:
    return UNKNOWN_ALTITUDE if value is None else max(UNKNOWN_ALTITUDE + 1, min(0x7FFF, round(value)))
