"""One timeline a stream, whatever its senders' clocks do: it only goes forward, and says how late a picture is.

A sender that restarts begins at nought again; a player would stop. So every session is laid onto the relay's own
monotonic clock. A frame lasts from the one before it to itself: with a phone's varying rate any fixed duration leaves
holes, and players stop at holes; this way there are none, and nothing waits for the frame that comes next.
"""

from __future__ import annotations

import time
from collections.abc import Callable

JUMP_MS = 5_000
FIRST_MS = 40
WINDOW_MS = 20_000


def monotonic_ms() -> int:
    """The relay's own clock in milliseconds."""
    return time.monotonic_ns() // 1_000_000


def wall_ms() -> float:
    """The time of day on this machine, in milliseconds since 1970."""
    return time.time() * 1000


class Timeline:
    """Lays the times of one stream's frames, session after session, onto the clock of the relay."""

    def __init__(self, clock: Callable[[], int] = monotonic_ms, wall: Callable[[], float] = wall_ms) -> None:
        self._clock, self._wall = clock, wall
        self._base: int | None = None
        self._last_sent = 0
        self._end = 0
        self._least: list[tuple[int, int]] = []

    def restart(self) -> None:
        """The next frame is of a new session, or follows a hole."""
        self._base = None

    def place(self, sent_ms: int) -> tuple[int, int]:
        """Begin and duration of the frame that its sender dates `sent_ms`; durations join without a hole in a session."""
        at = self._clock()
        if self._base is None or not -1000 < sent_ms - self._last_sent < JUMP_MS:
            self._base, self._least = max(at, self._end + FIRST_MS + 1) - sent_ms, []
            self._end = max(self._end, self._base + sent_ms - FIRST_MS)
        self._last_sent = sent_ms
        begin, self._end = self._end, max(self._base + sent_ms, self._end + 1)
        self._note(at, at - self._end)
        return begin, self._end - begin

    @property
    def shift_ms(self) -> int:
        """What to add to a picture's time to have the moment, on the relay's clock, when it came by the quickest way.

        The sender's clock drifts against ours; the least late frame of the last 20 to 40 seconds says by how much.
        """
        return min((late for _, late in self._least), default=0)

    @property
    def zero_ms(self) -> float:
        """What to add to a picture's time to have the time of day (ms since 1970) when it reached the relay."""
        return self._wall() - self._clock() + self.shift_ms

    def _note(self, at: int, late: int) -> None:
        if not self._least or at - self._least[-1][0] >= WINDOW_MS:
            self._least = [*self._least[-1:], (at, late)]
        else:
            since, least = self._least[-1]
            self._least[-1] = (since, min(least, late))
