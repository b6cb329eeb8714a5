"""Tickets: a stream opens to whoever holds one, for one act, one person and a short time.

A ticket is `1.<expiry>.<subject>.<key>.<signature>`; the signature (HMAC-SHA-256) also covers the path and the act, so
that it opens nothing else. It rides in an address, which is all that an encoder or a browser's video socket can send.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from liandong.kernel.errors import Refused
from liandong.kernel.secrets import derive

Act = Literal["publish", "read", "inspect", "pull"]
VERSION = "1"
PARTS = 5
LONGEST = 400
"""Characters; a longer ticket is not looked at."""
INSPECT_SECONDS = 30
"""A server asks a media server at once."""
READ_SECONDS = 60
"""A ticket to watch must be used within a minute; whoever watches then is asked again and again by the server."""


@dataclass(frozen=True)
class Ticket:
    """What a good ticket says: whose it is (a stream, or the account that sends or watches), and its own key."""

    subject: UUID
    key: str
    expires_at: int


def make(path: str, act: Act, subject: UUID, *, seconds: int) -> tuple[str, Ticket]:
    """A ticket that opens `path` for `act` within so many seconds, as text and as what it says."""
    ticket = Ticket(subject, secrets.token_urlsafe(12), int(time.time()) + seconds)
    said = f"{VERSION}.{ticket.expires_at}.{subject.hex}.{ticket.key}"
    return f"{said}.{_signature(path, act, said)}", ticket


def check(text: str, path: str, act: Act) -> Ticket:
    """What the ticket says, if it opens `path` for `act` now.

    Raises    video.ticket_invalid, video.ticket_expired (403)
    """
    said, _, signature = text.rpartition(".") if len(text) <= LONGEST and text.isascii() else ("", "", "")
    if not hmac.compare_digest(signature, _signature(path, act, said)) or said.count(".") != PARTS - 2:
        raise Refused("video.ticket_invalid")
    _, expires_at, subject, key = said.split(".")
    if int(expires_at) < time.time():
        raise Refused("video.ticket_expired")
    return Ticket(UUID(subject), key, int(expires_at))


def key_hash(key: str) -> str:
    """What is kept of a ticket's key."""
    return hashlib.sha256(key.encode()).hexdigest()


def _signature(path: str, act: str, said: str) -> str:
    digest = hmac.digest(derive("media tickets"), f"{path}|{act}|{said}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
