"""CoT events as a TAK client reads them: where somebody is, and the answer to "are you there"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import quoteattr

from liandong.means.tracks.points import KINDS, Kind, Seen

TYPES = {Kind.officer: "a-f-G-U-C", Kind.vehicle: "a-f-G-E-V-C", Kind.boat: "a-f-S-N", Kind.aircraft: "a-f-A-C-H"}
"""What is there in CoT's own tree: friendly; ground unit, civil vehicle, non-military surface craft, civil rotor."""
SHOWN_FOR = timedelta(minutes=5)
"""How long a client shows a place before it shows it as old."""
NOT_KNOWN = "9999999.0"
PING, PONG = "t-x-c-t", "t-x-c-t-r"


@dataclass(frozen=True)
class Named:
    """A carrier as people know it, and where it is."""

    seen: Seen
    title: str


def position(named: Named) -> bytes:
    """One position as an event."""
    seen = named.seen
    at = seen.happened_at
    accuracy = NOT_KNOWN if seen.accuracy_m is None else f"{seen.accuracy_m:.1f}"
    height = NOT_KNOWN if seen.altitude_m is None else f"{seen.altitude_m:.1f}"
    track = _track(seen.course_deg, seen.speed_mps)
    return (
        f'<event version="2.0" uid="{seen.carrier_id}" type="{TYPES[Kind(KINDS[seen.kind])]}" how="m-g"'
        f' time="{_stamp(at)}" start="{_stamp(at)}" stale="{_stamp(at + SHOWN_FOR)}">'
        f'<point lat="{seen.lat:.7f}" lon="{seen.lon:.7f}" hae="{height}" ce="{accuracy}" le="{NOT_KNOWN}"/>'
        f"<detail><contact callsign={quoteattr(named.title)}/>{track}</detail></event>\n"
    ).encode()


def positions(all_named: Iterable[Named]) -> bytes:
    """Many, one after the other."""
    return b"".join(map(position, all_named))


def pong(at: datetime) -> bytes:
    """The answer to a client that asks whether the server is there."""
    return (
        f'<event version="2.0" uid="takPong" type="{PONG}" how="h-g-i-g-o" time="{_stamp(at)}" start="{_stamp(at)}"'
        f' stale="{_stamp(at + timedelta(seconds=20))}">'
        f'<point lat="0.0" lon="0.0" hae="0.0" ce="{NOT_KNOWN}" le="{NOT_KNOWN}"/><detail/></event>\n'
    ).encode()


def _track(course: float | None, speed: float | None) -> str:
    said = "".join(
        f' {name}="{value:.2f}"' for name, value in (("course", course), ("speed", speed)) if value is not None
    )
    return f"<track{said}/>" if said else ""


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
