"""The facts the inspections room announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
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


class Answered(NamedTuple):
    """An answer as it is told: the item, yes, no or not_applicable, and the device's clock."""

    item_key: str
    answer: str
    answered_at: datetime


@dataclass(frozen=True, kw_only=True)
class ChecklistAnswered(Fact):
    """Items of a checklist were answered, or answered anew, one after the other. `element` is the checklist's key."""

    element: str
    answers: tuple[Answered, ...]


@dataclass(frozen=True, kw_only=True)
class PhotoAdded(Fact):
    """A photo was sealed as evidence of the visit, and of a problem if it was taken for one."""

    sha256: str
    problem_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class RecordingAdded(Fact):
    """A video, a voice note or a sketch was sealed as evidence of the visit."""

    sha256: str
    kind: str
    problem_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class SampleTaken(Fact):
    """A sample was taken, with the number it bears."""

    sample_id: UUID
    sample_number: str
    medium: str


@dataclass(frozen=True, kw_only=True)
class SupportNoted(Fact):
    """What an assistance or outreach visit was for is noted, or noted anew."""

    people_count: int


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
