"""Addresses under which a dock fetches the route file of an order: signed, for one order, for a short time."""

from __future__ import annotations

import base64
import hmac
import time
from hashlib import md5
from typing import NamedTuple
from uuid import UUID

from liandong.kernel.errors import Refused
from liandong.kernel.secrets import derive
from liandong.kernel.settings import settings
from liandong.wires.dji.wpml import Wayline, kmz
from liandong.work.drones.queries import PlannedFlight

FILE_SECONDS = 15 * 60
"""A dock fetches a file at once, and again before take-off."""
LONGEST = 200


class RouteFile(NamedTuple):
    """Where a dock fetches the file of an order, and the MD5 that the format wants as its fingerprint."""

    url: str
    fingerprint: str


def route_file(order_id: UUID, flight: PlannedFlight) -> RouteFile:
    """The address of a flight's file, good for a quarter of an hour.

    Raises    drones.no_wpml_keys
    """
    expires_at = str(int(time.time()) + FILE_SECONDS)
    ticket = f"{expires_at}.{_signature(order_id, expires_at)}"
    base = (settings().public_url or f"http://{settings().host}:{settings().port}").rstrip("/")
    fingerprint = md5(packed(flight), usedforsecurity=False).hexdigest()
    return RouteFile(f"{base}/api/flight-orders/{order_id}/route.kmz?ticket={ticket}", fingerprint)


def check_ticket(order_id: UUID, ticket: str) -> None:
    """Afterwards it is sure that this ticket opens the file of this order now.

    Raises    dji.file_ticket_invalid (403)
    """
    expires_at, _, signature = ticket.partition(".") if len(ticket) <= LONGEST and ticket.isascii() else ("", "", "")
    is_ours = hmac.compare_digest(signature, _signature(order_id, expires_at))
    if not is_ours or not expires_at.isdigit() or int(expires_at) < time.time():
        raise Refused("dji.file_ticket_invalid")


def packed(flight: PlannedFlight) -> bytes:
    """A flight as a route file; the same flight is the same bytes.

    Raises    drones.no_wpml_keys
    """
    return kmz(wayline_of(flight), flight.drafted_at)


def wayline_of(flight: PlannedFlight) -> Wayline:
    """A flight without take-off and landing, which the aircraft does by itself.

    Raises    drones.no_wpml_keys
    """
    keys = flight.aircraft["wpml_keys"]
    if keys is None:
        raise Refused("drones.no_wpml_keys", title=flight.aircraft["title"])
    places, is_at_work, is_photographed = _stops(flight)
    return Wayline(
        places=places,
        is_at_work=is_at_work,
        is_photographed=is_photographed,
        height_m=flight.height_m,
        speed_m_s=flight.aircraft["speed_m_s"],
        length_m=flight.length_m,
        minutes=flight.minutes,
        **keys,
    )


def _stops(flight: PlannedFlight) -> tuple[list[tuple[float, float]], list[bool], list[bool]]:
    """The places between take-off and landing, no two in a row the same: whether the leg after each is filmed, and
    whether a photograph is taken there, which in the plan is a leg of no length."""
    [first, *rest] = flight.steps[1:-1]
    places, is_filmed, is_photographed = [first], list[bool](), [False]
    for step, at_work in zip(rest, flight.is_at_work[1:-1], strict=True):
        if step == places[-1]:
            is_photographed[-1] |= at_work
        else:
            places.append(step)
            is_filmed.append(at_work)
            is_photographed.append(False)
    return places, is_filmed, is_photographed


def _signature(order_id: UUID, expires_at: str) -> str:
    digest = hmac.digest(derive("route files"), f"{order_id}|{expires_at}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
