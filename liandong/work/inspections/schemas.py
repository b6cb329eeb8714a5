"""Wire shapes of the inspections room."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from liandong.means.evidence.schemas import EvidenceOut


class OfficerPresent(BaseModel):
    """An officer who took part in a visit."""

    id: UUID
    name: str


class InspectionBrief(BaseModel):
    """A visit in short. Of `photo_count` sealed photos, `arrived_photo_count` are here; the others are on the phone."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    number: str
    state: str
    origin: str
    kind: str
    mode: str
    area_code: str
    task_id: UUID | None
    source_id: UUID | None
    source_name: str | None = None
    inspected_on: date
    arrived_at: datetime
    ended_at: datetime | None
    officers: list[OfficerPresent] = []
    conclusion: str | None
    photo_count: int = 0
    arrived_photo_count: int = 0


class AnswerOut(BaseModel):
    """The answer to one item of a checklist."""

    model_config = ConfigDict(from_attributes=True)

    element: str
    item_key: str
    answer: str
    note: str | None
    checklist_version: str
    answered_at: datetime


class SignatureOut(BaseModel):
    """A signature, or the refusal to give one."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    signer: str
    officer_id: UUID | None
    signer_name: str
    is_refused: bool
    refusal_reason: str | None
    signed_at: datetime
    sha256: str | None
    interview_id: UUID | None = None
    witness: str | None = None
    pages_seen: int | None = None


class CommentIn(BaseModel):
    """What is to be put right; `about` names the part of the record, such as an item's key."""

    words: str = Field(min_length=1, max_length=2000)
    about: str | None = Field(None, max_length=200)


class CommentsIn(BaseModel):
    """The comments with which a record is returned."""

    comments: list[CommentIn] = Field(min_length=1, max_length=100)


class CommentOut(BaseModel):
    """One comment of a return."""

    words: str
    about: str | None


class ReturnOut(BaseModel):
    """A return of the record, with its comments."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    comments: list[CommentOut]
    returned_at: datetime
    returner_name: str


class SampleFieldOut(BaseModel):
    """One field of a sampling record in words."""

    key: str
    zh: str
    en: str
    value: str


class SampleOut(BaseModel):
    """A sample that was taken. `said` are the rulebook's fields by key; `fields` the same in words, in their order."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    medium: str
    medium_zh: str = ""
    medium_en: str = ""
    standard: str = ""
    said: dict[str, str]
    fields: list[SampleFieldOut] = []
    sampler_name: str
    party_present: str | None
    note: str | None
    sampled_at: datetime


class MaterialOut(BaseModel):
    """What was handed out, and how many."""

    name: str
    count: int


class SupportOut(BaseModel):
    """What an assistance or outreach visit was for."""

    model_config = ConfigDict(from_attributes=True)

    asked: str | None
    advice: list[str]
    materials: list[MaterialOut]
    people_count: int
    noted_at: datetime


class EntryOut(BaseModel):
    """An entry of a visit; the shape of `content` depends on its `kind`."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: str
    content: dict[str, Any]
    said_at: datetime
    author_name: str


class InspectionOut(InspectionBrief):
    """A visit with everything recorded in it."""

    received_at: datetime
    submitted_at: datetime | None
    lon: float | None
    lat: float | None
    accuracy_m: float | None
    distance_m: float | None
    answers: list[AnswerOut] = []
    photos: list[EvidenceOut] = []
    signatures: list[SignatureOut] = []
    returns: list[ReturnOut] = []
    samples: list[SampleOut] = []
    support: SupportOut | None = None
    entries: list[EntryOut] = []
