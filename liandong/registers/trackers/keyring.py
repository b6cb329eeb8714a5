"""Which carrier a key speaks for, remembered for a minute: devices report every second."""

from __future__ import annotations

from liandong.kernel.db import Database, Role
from liandong.kernel.errors import Refused
from liandong.kernel.remembered import Remembered
from liandong.registers.trackers.queries import Carrier, find_carrier

REMEMBERED_SECONDS = 60.0
"""How long a device that was closed may still report."""
LONGEST_KEY = 200


class Keyring:
    """The keys that one process has seen."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: Remembered[str, Carrier] = Remembered(REMEMBERED_SECONDS)

    async def carrier(self, key: str) -> Carrier:
        """What the key speaks for.

        Raises    trackers.unknown_key (401)
        """
        known = self._known.get(key)
        if known is not None:
            return known
        if not 0 < len(key) <= LONGEST_KEY:
            raise Refused("trackers.unknown_key")
        async with self._db.transaction(Role.tracks) as session:
            carrier = await find_carrier(session, key)
        if carrier is None:
            raise Refused("trackers.unknown_key")
        self._known.put(key, carrier)
        return carrier
