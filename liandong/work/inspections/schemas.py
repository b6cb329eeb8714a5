"""Wire shapes of the inspections room."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from liandong.means.evidence.schemas import EvidenceOut


class OfficerPresent(BaseModel):
    """An officer who took part in a visit."""

    id: UUID
    name: str


class InspectionBrief(BaseModel):
    """A visit in short."""

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
