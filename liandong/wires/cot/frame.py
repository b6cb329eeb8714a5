"""CoT events out of a stream of bytes. Nothing is looked up, no document type is taken, no entity is followed.

A client sends one `<event>` after the other, with or without an XML declaration before each, and nothing between them
but white space; `<auth>` comes first where the server asks who it is. (MITRE: Cursor on Target, event schema 2.0;
the form over TCP is that of ATAK, WinTAK and iTAK.)
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.parsers import expat

LONGEST = 64 * 1024
"""Bytes of one event; a client that sends more without an end is no client."""
_END = re.compile(rb"</(event|auth)\s*>")
_DECLARATION = re.compile(rb"\s*(<\?xml[^>]*\?>)?\s*")
_NOT_KNOWN = 999_999.0
"""CoT says 9999999.0 where a height or an error is not known."""


class OversizedError(ValueError):
    """An event without an end."""


class UnreadableError(ValueError):
    """Not a CoT event; says in English what is wrong."""


@dataclass(frozen=True)
class Event:
    """One event: whose, what, when, where (degrees as sent), metres, degrees from north, m/s; None: not known."""

    uid: str
    type: str
    at: datetime
    lon: float
    lat: float
    accuracy_m: float | None = None
    altitude_m: float | None = None
    course_deg: float | None = None
    speed_mps: float | None = None


@dataclass(frozen=True)
class Auth:
    """Who a client says it is."""

    username: str
    password: str


class Splitter:
    """Bytes as they come, cut into whole elements."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes) -> list[bytes]:
        """The elements that are whole now; what is left waits for more.

        Raises    OversizedError
        """
        buffer = self._rest + chunk
        found, begin = [], 0
        for end in _END.finditer(buffer, max(0, len(self._rest) - len(b"</event"))):
            found.append(buffer[begin : end.end()])
            begin = end.end()
        self._rest = buffer[begin:]
        if len(self._rest) > LONGEST or any(len(one) > LONGEST for one in found):
            raise OversizedError
        return found


def read(element: bytes) -> Event | Auth:
    """What one element says.

    Raises    UnreadableError
    """
    heard: dict[str, dict[str, str]] = {}

    def _hear(name: str, attributes: dict[str, str]) -> None:
        heard.setdefault(name, attributes)

    _parse(element[_declared(element) :], _hear)
    if "cot" in heard and "auth" in heard:
        return Auth(heard["cot"].get("username", ""), heard["cot"].get("password", ""))
    if "event" not in heard:
        raise UnreadableError("no event")
    return _event(heard["event"], heard.get("point", {}), heard.get("track", {}))


def _declared(element: bytes) -> int:
    found = _DECLARATION.match(element)
    return found.end() if found else 0


def _parse(element: bytes, hear: Callable[[str, dict[str, str]], None]) -> None:
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = hear
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(element, True)
    except expat.ExpatError as error:
        raise UnreadableError(str(error)) from error


def _refuse(*_: object) -> None:
    raise UnreadableError("a document type is not taken")


def _event(event: dict[str, str], point: dict[str, str], track: dict[str, str]) -> Event:
    try:
        return Event(
            event["uid"], event["type"], _instant(event["time"]), float(point["lon"]), float(point["lat"]),
            _measure(point.get("ce")), _height(point.get("hae")), _measure(track.get("course")),
            _measure(track.get("speed")),
        )  # fmt: skip
    except KeyError as error:
        raise UnreadableError(f"no {error.args[0]}") from error
    except (ValueError, OverflowError) as error:
        raise UnreadableError(str(error)) from error


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _height(text: str | None) -> float | None:
    value = float(text) if text else math.nan
    return value if math.isfinite(value) and abs(value) < _NOT_KNOWN else None


def _measure(text: str | None) -> float | None:
    value = _height(text)
    return value if value is not None and value >= 0 else None
