"""The facts the clues room announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from liandong.kernel.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class ClueReceived(Fact):
    """A clue came in."""


@dataclass(frozen=True, kw_only=True)
class ClueAccepted(Fact):
    """A clue was taken up; somebody is to be sent there."""

    title: str
    clue_kind: str
    mode: str
    element: str | None
    instruction: str
    source_id: UUID | None
    lon: float | None
    lat: float | None
    due_on: date | None


@dataclass(frozen=True, kw_only=True)
class ClueDeclined(Fact):
    """A clue was not taken up, with the reason."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class ClueClipAttached(Fact):
    """The film of what was seen hangs on a clue."""

    evidence_id: UUID


class ClueSettled(Fact):
    """What the clue called for has been done."""


@dataclass(frozen=True, kw_only=True)
class ClueHandedOver(Fact):
    """A clue belongs to a neighbour now; its former owner is told."""

    new_owner: str


@dataclass(frozen=True, kw_only=True)
class ClueTakenOver(Fact):
    """A clue of a neighbour belongs here now."""

    former_owner: str


@dataclass(frozen=True, kw_only=True)
class PetitionerRevealed(Fact):
    """Somebody looked at who the petitioner is."""
