"""What the tracks room announces."""

from __future__ import annotations

from dataclasses import dataclass

from liandong.kernel.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class WhereaboutsWatched(Fact):
    """Somebody opened the live map of whereabouts."""
