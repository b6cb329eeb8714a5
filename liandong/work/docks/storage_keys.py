"""Short-lived keys with which one dock may put files below its own prefix, and do nothing else.

Nothing of a key is kept: it says whose it is and until when, and both its secret and its token are derived from that by
this installation alone. So every process can check it, and there is nothing to clear up.
"""

from __future__ import annotations

import base64
import hmac
import time
from typing import NamedTuple
from uuid import UUID

from liandong.kernel.errors import Refused
from liandong.kernel.secrets import derive

KEY_SECONDS = 3600
"""The shortest that services of this kind give out; a dock asks anew for every flight."""
BUCKET, REGION = "dock-media", "us-east-1"
"""Where a dock's key lets it put files: one bucket for all, below its serial number. The region is what clients of S3 take
when nobody names one; it is no place."""
PREFIX = "LD"
_ID, _MOMENT = 32, 8


class StorageKey(NamedTuple):
    """A key as a dock is told it. `expires_s`: seconds from now."""

    access_key_id: str
    secret: str
    token: str
    expires_s: int


class Holder(NamedTuple):
    """Whose key it is, and the secret that its requests are signed with."""

    dock_id: UUID
    secret: str


def give_key(dock_id: UUID) -> StorageKey:
    """A key for this dock, good for an hour."""
    access_key_id = f"{PREFIX}{dock_id.hex}{int(time.time()) + KEY_SECONDS:0{_MOMENT}x}"
    return StorageKey(access_key_id, _derived(access_key_id, "secret"), _derived(access_key_id, "token"), KEY_SECONDS)


def open_key(access_key_id: str, token: str) -> Holder:
    """Whose key this is.

    Raises    docks.key_unknown, docks.key_expired (403)
    """
    expected = _derived(access_key_id, "token") if access_key_id.isascii() else ""
    if not token.isascii() or not expected or not hmac.compare_digest(token, expected):
        raise Refused("docks.key_unknown")
    said = access_key_id.removeprefix(PREFIX)
    if int(said[_ID:], 16) < time.time():
        raise Refused("docks.key_expired")
    return Holder(UUID(hex=said[:_ID]), _derived(access_key_id, "secret"))


def _derived(access_key_id: str, word: str) -> str:
    made = hmac.digest(derive("dock storage keys"), f"{word}:{access_key_id}".encode(), "sha256")
    return base64.urlsafe_b64encode(made).decode().rstrip("=")
