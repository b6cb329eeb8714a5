"""How often something may be asked from outside: counted in this process's memory, by a key that nobody keeps."""

from __future__ import annotations

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from liandong.kernel.errors import Refused

_COUNTERS = SlidingWindowCounterRateLimiter(MemoryStorage())


def take_turn(what: str, key: str, *, per_minute: int) -> None:
    """One more turn is taken; the counts fade within two minutes and are never written down.

    Raises    kernel.too_many_requests (429)
    """
    if not _COUNTERS.hit(RateLimitItemPerMinute(per_minute), what, key):
        raise Refused("kernel.too_many_requests")
