"""How much comes in: bytes and frames of the last whole seconds."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

SECONDS = 5


class Meter:
    """Counts what passes; `kbps` and `fps` are of the last five whole seconds, 0 when nothing passed in them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seconds: deque[tuple[int, int, int]] = deque(maxlen=SECONDS + 1)
        self.last_at: float | None = None

    def add(self, size: int) -> None:
        """A picture of this many bytes passed."""
        self.last_at = self._clock()
        second = int(self.last_at)
        if self._seconds and self._seconds[-1][0] == second:
            _, size_before, count = self._seconds.pop()
            self._seconds.append((second, size_before + size, count + 1))
        else:
            self._seconds.append((second, size, 1))

    @property
    def kbps(self) -> float:
        """Kilobits a second."""
        return round(sum(size for _, size, _ in self._recent()) * 8 / 1000 / SECONDS, 1)

    @property
    def fps(self) -> float:
        """Pictures a second."""
        return round(sum(count for _, _, count in self._recent()) / SECONDS, 1)

    @property
    def quiet_s(self) -> float | None:
        """Seconds since something passed; None before anything did."""
        return None if self.last_at is None else round(self._clock() - self.last_at, 1)

    def _recent(self) -> list[tuple[int, int, int]]:
        now = int(self._clock())
        return [one for one in self._seconds if now - SECONDS <= one[0] < now]
