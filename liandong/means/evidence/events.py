"""The facts the evidence room announces."""

from __future__ import annotations

from dataclasses import dataclass

from liandong.kernel.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class EvidenceSealed(Fact):
    """An item of evidence was sealed."""

    sha256: str
    size: int
    purpose: str


@dataclass(frozen=True, kw_only=True)
class EvidenceArrived(Fact):
    """The bytes of an item that was sealed before they came are here and prove its digest."""

    sha256: str
    size: int
