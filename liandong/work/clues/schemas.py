"""Wire shapes of the clues room."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

ElementId = Literal["air", "water", "noise", "solid_waste", "permit", "construction"]


class PetitionerIn(BaseModel):
    """Who complained; kept encrypted."""

    name: str | None = Field(None, max_length=50)
    phone: str | None = Field(None, max_length=30)


class ClueIn(BaseModel):
    """A clue as somebody receives it."""

    kind: Literal["petition", "sighting", "alarm", "referral", "patrol"]
    description: str = Field(min_length=1, max_length=4000)
    element: ElementId | None = None
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    source_id: UUID | None = None
    petitioner: PetitionerIn | None = None


class PhotoIn(BaseModel):
    """A photo of a clue; its bytes may come later and then prove the digest."""

    model_config = ConfigDict(extra="forbid")
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    size: int = Field(gt=0)
    media_type: str = Field(max_length=100)
    taken_at: AwareDatetime


class FoundClueIn(BaseModel):
    """What somebody came upon, and where."""

    model_config = ConfigDict(extra="forbid")
    description: str = Field(min_length=1, max_length=4000)
    element: ElementId | None = None
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)


class SightingIn(BaseModel):
    """Something seen on a live picture: when it was shown (the relay's clock), and the snapshot that was sealed of it."""

    description: str = Field(min_length=1, max_length=4000)
    element: ElementId | None = None
    shown_at: AwareDatetime
    snapshot_id: UUID
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)


class ClueClipIn(BaseModel):
    """The sealed clip that shows what was seen."""

    evidence_id: UUID


class AcceptClue(BaseModel):
    """What whoever accepts a clue may set of its task."""

    title: str | None = Field(None, max_length=200)
    due_on: date | None = None
    mode: Literal["local", "joint", "cross", "away", "circuit"] = "local"
    instruction: str | None = Field(None, max_length=4000)


class DeclineClue(BaseModel):
    """Why a clue is not taken up."""

    reason: str = Field(min_length=1, max_length=1000)


class ClueOut(BaseModel):
    """A clue, with what this actor may do to it now."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    number: str
    kind: str
    element: str | None
    state: str
    description: str
    lon: float | None
    lat: float | None
    area_code: str
    source_id: UUID | None
    source_name: str | None = None
    received_at: datetime
    handle_by_on: date | None
    handle_rule: dict[str, object] | None
    decline_reason: str | None
    task_id: UUID | None
    has_petitioner: bool = False
    stream_id: UUID | None
    shown_at: datetime | None
    snapshot_id: UUID | None
    clip_id: UUID | None
    place_from: str | None
    photo_ids: list[UUID]
    offered_to: str | None
    came_from: str | None
    verbs: list[str] = []


class PetitionerOut(BaseModel):
    """Who complained, in the clear."""

    name: str | None
    phone: str | None
