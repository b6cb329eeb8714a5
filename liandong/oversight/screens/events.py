"""The facts the screens room announces."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from liandong.kernel.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class WallLayoutKept(Fact):
    """The wall's layout for an operation was kept, in the place of the one before."""

    operation: str
    stream_ids: list[UUID]


@dataclass(frozen=True, kw_only=True)
class WallLayoutWithdrawn(Fact):
    """The wall's layout for an operation is no longer offered."""

    operation: str


@dataclass(frozen=True, kw_only=True)
class MeasureChecked(Fact):
    """Somebody checked an emergency measure of a source."""

    measure: str
    is_met: bool
