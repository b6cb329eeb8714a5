"""What was found out is remembered for a while, in this process, instead of being asked for again at every request."""

from __future__ import annotations

import time
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

MOST = 100_000
"""Beyond this everything is forgotten: whoever sends ever new keys must not fill the memory."""


class Remembered(Generic[K, V]):
    """Values by key, each for so many seconds after it was put there."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._held: dict[K, tuple[float, V]] = {}

    def get(self, key: K) -> V | None:
        """The value, or None once its time is over."""
        held = self._held.get(key)
        if held is None:
            return None
        if held[0] > time.monotonic():
            return held[1]
        del self._held[key]
        return None

    def put(self, key: K, value: V) -> None:
        """Remembered from now on."""
        if len(self._held) >= MOST:
            self._held.clear()
        self._held[key] = time.monotonic() + self._seconds, value
