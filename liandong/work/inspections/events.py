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
class InspectionSubmitted(Fact):
    """The visit is over and its record complete."""


@dataclass(frozen=True, kw_only=True)
class InspectionReturned(Fact):
    """A supervisor sent the record back, with so many comments."""

    count: int
