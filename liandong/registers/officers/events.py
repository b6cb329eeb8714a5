"""The facts the officers room announces."""

from __future__ import annotations

from dataclasses import dataclass

from liandong.kernel.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class OfficerOnDuty(Fact):
    """An officer went on duty."""


@dataclass(frozen=True, kw_only=True)
class OfficerOffDuty(Fact):
    """An officer went off duty."""
