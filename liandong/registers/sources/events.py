"""The facts the sources room announces."""

from __future__ import annotations

from dataclasses import dataclass

from liandong.kernel.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class SourcesImported(Fact):
    """A register of pollution sources was taken in; `counts` says how many rows were new, changed and so on."""

    counts: dict[str, int]
