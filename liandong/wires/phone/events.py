"""The facts that the phone's wire announces."""

from __future__ import annotations

from dataclasses import dataclass

from liandong.kernel.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class OutboxImported(Fact):
    """The raw outbox of a phone was taken in from a file, whose SHA-256 this names; `counts` says what became of its deeds."""

    sha256: str
    device: str | None
    counts: dict[str, int]
