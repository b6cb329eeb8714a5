"""The facts the intake announces."""

from __future__ import annotations

from dataclasses import dataclass

from liandong.kernel.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class LedgerImported(Fact):
    """A city's ledger was taken in; `counts` says for each file how many rows were new, changed and so on."""

    counts: dict[str, dict[str, int]]
