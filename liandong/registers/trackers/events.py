"""The facts the trackers room announces."""

from __future__ import annotations

from dataclasses import dataclass

from liandong.kernel.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class TrackerRegistered(Fact):
    """A device may report positions."""

    kind: str


@dataclass(frozen=True, kw_only=True)
class TrackerKeyRenewed(Fact):
    """A device has another key; the one before opens nothing."""


@dataclass(frozen=True, kw_only=True)
class TrackerClosed(Fact):
    """A device may report no more, with the reason."""

    reason: str
