"""The facts the inspections room announces."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from liandong.kernel.ledger import Fact


@dataclass(frozen=True, kw_only=True)
class InspectionBegun(Fact):
    """Officers signed in on site."""

    officer_ids: tuple[UUID, ...]
    lon: float | None
    lat: float | None
    accuracy_m: float | None
    distance_m: float | None


@dataclass(frozen=True, kw_only=True)
class ItemAnswered(Fact):
    """An item of a checklist was answered, or answered anew. `element` is the checklist's key."""

    element: str
    item_key: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class PhotoAdded(Fact):
    """A photo was sealed as evidence of the visit, and of a problem if it was taken for one."""

    sha256: str
    problem_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class InspectionSigned(Fact):
    """Somebody signed the record, or refused to."""

    signer: str
    is_refused: bool


@dataclass(frozen=True, kw_only=True)
class CertificateShown(Fact):
    """The officers showed their certificates, and this is what the party said to it."""

    answer: str


@dataclass(frozen=True, kw_only=True)
class ParticularsRecorded(Fact):
    """What the form of the record asks of the party and the site was written down, or written anew."""


@dataclass(frozen=True, kw_only=True)
class InterviewRecorded(Fact):
    """An interview was written down, or written anew."""

    interview_id: str


@dataclass(frozen=True, kw_only=True)
class RecordAmended(Fact):
    """Something was added to a returned record; what was signed stands as it was."""

    about: str


@dataclass(frozen=True, kw_only=True)
class InspectionResubmitted(Fact):
    """A returned record was handed in again."""


@dataclass(frozen=True, kw_only=True)
class InspectionSubmitted(Fact):
    """The visit is over and its record complete."""


@dataclass(frozen=True, kw_only=True)
class InspectionReturned(Fact):
    """A supervisor sent the record back, with so many comments; its officers may see and amend it again."""

    count: int
    officer_ids: tuple[UUID, ...]
    source_id: UUID | None
