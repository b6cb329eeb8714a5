"""Which carrier a key speaks for, remembered for a minute: devices report every second."""

from __future__ import annotations

import time

from liandong.kernel.db import Database, Role
from liandong.kernel.errors import Refused
from liandong.registers.trackers.queries import Carrier, find_carrier

REMEMBERED_SECONDS = 60.0
"""How long a device that was closed may still report."""
MOST_REMEMBERED = 100_000
LONGEST_KEY = 200


class Keyring:
    """The keys that one process has seen."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[str, tuple[float, Carrier]] = {}

    async def carrier(self, key: str) -> Carrier:
        """What the key speaks for.

        Raises    trackers.unknown_key (401)
        """
        known = self._known.get(key)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        self._known.pop(key, None)
        if not 0 < len(key) <= LONGEST_KEY:
            raise Refused("trackers.unknown_key")
        async with self._db.transaction(Role.tracks) as session:
            carrier = await find_carrier(session, key)
        if carrier is None:
            raise Refused("trackers.unknown_key")
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[key] = time.monotonic() + REMEMBERED_SECONDS, carrier
        return carrier
