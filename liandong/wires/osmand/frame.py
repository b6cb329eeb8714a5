"""What a tracker's request says: in the query, in a form, or in the JSON of newer Traccar Clients. Nothing is looked up.

Form      id (or deviceid), lat, lon or location=lat,lon, timestamp (seconds or milliseconds since 1970, or ISO 8601,
          UTC where it names no zone; without one: the instant of receipt), speed in knots, bearing or heading in
          degrees, altitude and accuracy in metres
JSON      device_id, location (one or a list): timestamp, coords {latitude, longitude, accuracy, speed in m/s, heading,
          altitude}; a negative speed or heading is not known
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qs

import msgspec

KNOT_MPS = 1852 / 3600
MILLISECONDS_FROM = 2**31
"""A timestamp from here on counts milliseconds: seconds reach it in 2038."""
MOST_FIXES = 500
MOST_FIELDS = 64


class UnreadableError(ValueError):
    """No position can be read; says in English what is wrong."""


@dataclass(frozen=True)
class Fix:
    """A position: degrees as they were sent, metres, degrees from north, m/s; `at` None: it names no time."""

    lon: float
    lat: float
    at: datetime | None
    accuracy_m: float | None = None
    altitude_m: float | None = None
    course_deg: float | None = None
    speed_mps: float | None = None


@dataclass(frozen=True)
class Report:
    """What one request says: the device's key, and its positions."""

    key: str
    fixes: list[Fix]


class _Coords(msgspec.Struct):
    latitude: float
    longitude: float
    accuracy: float | None = None
    speed: float | None = None
    heading: float | None = None
    altitude: float | None = None


class _Location(msgspec.Struct):
    coords: _Coords
    timestamp: str | int | float | None = None


class _Body(msgspec.Struct):
    device_id: str
    location: _Location | list[_Location]


_JSON = msgspec.json.Decoder(_Body)


def read_report(query: str, media_type: str, body: bytes) -> Report:
    """The positions of one request.

    Raises    UnreadableError
    """
    if body and media_type.startswith("application/json"):
        return _from_json(body)
    try:
        text = query or body.decode("ascii")
        return _from_form(parse_qs(text, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except UnicodeDecodeError as error:
        raise UnreadableError("not a form") from error
    except ValueError as error:
        raise UnreadableError(str(error)) from error


def _from_json(body: bytes) -> Report:
    try:
        said = _JSON.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UnreadableError(str(error)) from error
    locations = said.location if isinstance(said.location, list) else [said.location]
    if not 0 < len(locations) <= MOST_FIXES:
        raise UnreadableError(f"{len(locations)} positions, 1 to {MOST_FIXES} are taken")
    return Report(said.device_id, [_fix_of(location) for location in locations])


def _fix_of(location: _Location) -> Fix:
    said = location.coords
    at = None if location.timestamp is None else _instant(str(location.timestamp))
    return Fix(
        said.longitude, said.latitude, at, _known(said.accuracy), _finite(said.altitude), _known(said.heading),
        _known(said.speed),
    )  # fmt: skip


def _from_form(said: Mapping[str, Sequence[str]]) -> Report:
    def number(*names: str) -> float | None:
        text = next((said[name][-1] for name in names if name in said), None)
        return None if text is None else float(text)

    key = next((said[name][-1] for name in ("id", "deviceid") if name in said), "")
    lat, lon = number("lat"), number("lon")
    if "location" in said:
        lat, lon = map(float, said["location"][-1].split(",", 1))
    if not key or lat is None or lon is None:
        raise UnreadableError("id, lat and lon are needed")
    knots = _known(number("speed"))
    at = _instant(said["timestamp"][-1]) if "timestamp" in said else None
    fix = Fix(
        lon, lat, at, _known(number("accuracy")), _finite(number("altitude")), _known(number("bearing", "heading")),
        None if knots is None else knots * KNOT_MPS,
    )  # fmt: skip
    return Report(key, [fix])


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _known(value: float | None) -> float | None:
    """Devices say "not known" with a negative number."""
    known = _finite(value)
    return known if known is not None and known >= 0 else None


def _instant(text: str) -> datetime:
    try:
        number = float(text)
    except ValueError:
        return _named_instant(text)
    try:
        return datetime.fromtimestamp(number / 1000 if number >= MILLISECONDS_FROM else number, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise UnreadableError(f"no such time: {text[:40]}") from error


def _named_instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text.strip())
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UnreadableError(f"no such time: {text[:40]}") from error
