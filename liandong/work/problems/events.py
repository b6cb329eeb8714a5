"""The facts the problems room announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from liandong.kernel.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class ProblemFound(Fact):
    """A problem is on the list."""


@dataclass(frozen=True, kw_only=True)
class RectificationOrdered(Fact):
    """The party was told what to put right, and by when."""

    rectify_by_on: date


@dataclass(frozen=True, kw_only=True)
class CloseOutClaimed(Fact):
    """The rectifying party says it is put right."""


@dataclass(frozen=True, kw_only=True)
class ClaimReturned(Fact):
    """The claim does not hold, with the reason."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class ProblemClosed(Fact):
    """The problem was struck off the list."""


@dataclass(frozen=True, kw_only=True)
class LookBackScheduled(Fact):
    """A day was set on which to look back at a closed problem."""

    look_back_id: UUID
    due_on: date


@dataclass(frozen=True, kw_only=True)
class LookBackDue(Fact):
    """The day of a look-back has come and somebody is to be sent."""

    look_back_id: UUID
    due_on: date
    title: str
    element: str
    source_id: UUID | None
    lon: float | None
    lat: float | None


@dataclass(frozen=True, kw_only=True)
class LookBackHeld(Fact):
    """Somebody looked back, with the outcome."""

    look_back_id: UUID
    outcome: str


@dataclass(frozen=True, kw_only=True)
class ProblemSettled(Fact):
    """The look-back found it still in order."""


@dataclass(frozen=True, kw_only=True)
class ProblemRelapsed(Fact):
    """The look-back found it as bad as before."""

    relapse_count: int
    title: str
    element: str
    source_id: UUID | None
    lon: float | None
    lat: float | None
