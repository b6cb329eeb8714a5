"""What the tracks room announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from liandong.kernel.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class WhereaboutsReplayed(Fact):
    """Somebody looked at where everybody was in a time that is over."""

    since: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True)
class WhereaboutsWatched(Fact):
    """Somebody opened the live map of whereabouts."""
