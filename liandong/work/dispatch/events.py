"""The facts the dispatch room announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from liandong.kernel.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class TaskDrafted(Fact):
    """A task exists and waits for officers."""

    clue_id: UUID | None
    problem_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class TaskAssigned(Fact):
    """At least two certified officers were sent."""

    officer_ids: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class TaskReceived(Fact):
    """The order is on an officer's phone."""


@dataclass(frozen=True, kw_only=True)
class TaskRead(Fact):
    """An officer opened the order."""


@dataclass(frozen=True, kw_only=True)
class TaskUnanswered(Fact):
    """The time to sign for a task is over, and these officers have not; the system urged them."""

    officer_ids: tuple[UUID, ...]
    answer_by_at: datetime


@dataclass(frozen=True, kw_only=True)
class TaskAccepted(Fact):
    """An officer confirmed the task."""


@dataclass(frozen=True, kw_only=True)
class TaskUrged(Fact):
    """Those who are on the task were urged."""

    urging: str


@dataclass(frozen=True, kw_only=True)
class TaskCancelled(Fact):
    """The task is off, with the reason."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class OfficersArrived(Fact):
    """The officers are on site."""


@dataclass(frozen=True, kw_only=True)
class TaskReported(Fact):
    """The officers reported back; the task is done."""

    clue_id: UUID | None
    problem_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class TrailViewed(Fact):
    """Somebody looked at the way that the officers took."""
