"""Wire shapes of the referrals room."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from liandong.work.clues.schemas import FoundClueIn, PhotoIn

MOST_PHOTOS = 9


class ReferralIn(BaseModel):
    """What is told to a neighbour: a clue that is on record, or a new one. `id` is made by whoever tells it."""

    model_config = ConfigDict(extra="forbid")
    id: UUID
    to_area: str = Field(min_length=6, max_length=12)
    clue_id: UUID | None = None
    clue: FoundClueIn | None = None
    photos: list[PhotoIn] = Field(default_factory=list, max_length=MOST_PHOTOS)
    note: str | None = Field(None, max_length=1000)

    @model_validator(mode="after")
    def one_clue(self) -> Self:
        """It tells of one clue."""
        if (self.clue_id is None) == (self.clue is None):
            raise ValueError("clue_id or clue, one of them")
        return self


class DesignateIn(BaseModel):
    """Whose the clue is."""

    model_config = ConfigDict(extra="forbid")
    area_code: str = Field(min_length=6, max_length=12)


class ReferralOut(BaseModel):
    """A referral, with what this actor may do to it now. `owner_area`: whose the clue is at this moment."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    number: str
    clue_id: UUID
    clue_number: str
    area_code: str
    area_name: str = ""
    to_area: str
    to_area_name: str = ""
    owner_area: str = ""
    owner_name: str = ""
    kind: str
    element: str | None
    description: str
    lon: float | None
    lat: float | None
    evidence_ids: list[UUID]
    note: str | None
    state: str
    sent_at: datetime
    sender_name: str
    answer_by_at: datetime
    answer_rule: dict[str, Any]
    answered_at: datetime | None
    answered_by: str | None
    reason: str | None
    escalated_at: datetime | None
    designated_area: str | None
    outcome: str | None
    outcome_at: datetime | None
    verbs: list[str] = []


class ChoiceOut(BaseModel):
    """A neighbour who may be told, and how far his area is in metres (0: the place lies in it)."""

    area_code: str
    area_name: str
    distance_m: float | None


class ProposalOut(BaseModel):
    """Where a place lies, whether in the border zone, and who may be told, whoever it probably is first."""

    lies_in: str | None
    lies_in_name: str | None
    is_border: bool
    band_m: float | None
    choices: list[ChoiceOut]
