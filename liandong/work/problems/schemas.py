"""Wire shapes of the problems room."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

Said = Field(min_length=1, max_length=2000)


class OrderIn(BaseModel):
    """What is to be put right, and by when."""

    rectify_by_on: date
    requirement: str = Said


class ClaimIn(BaseModel):
    """That it is put right, and what shows it."""

    statement: str = Said
    evidence_ids: list[UUID] = Field(max_length=50)


class ReturnIn(BaseModel):
    """Why a claim does not hold."""

    reason: str = Said


class CloseOutIn(BaseModel):
    """The opinion on which a problem is struck off."""

    opinion: str = Said
    evidence_ids: list[UUID] = Field([], max_length=50)


class LookBackIn(BaseModel):
    """What was found when looking back."""

    outcome: Literal["held", "relapsed"]
    note: str = Said
    evidence_ids: list[UUID] = Field([], max_length=50)


class LookBackDayIn(BaseModel):
    """Another day for the look-back."""

    due_on: date


class MoveOut(BaseModel):
    """One move of a problem."""

    model_config = ConfigDict(from_attributes=True)

    verb: str
    before: str | None
    after: str
    moved_at: datetime
    mover_name: str
    words: str | None
    evidence_ids: list[UUID]


class LookBackOut(BaseModel):
    """A look-back, scheduled or held."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    due_on: date
    due_rule: dict[str, Any] | None
    held_at: datetime | None
    outcome: str | None
    note: str | None


class ProblemOut(BaseModel):
    """A problem, with what this actor may do to it now."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    number: str
    state: str
    element: str
    severity: str
    description: str
    basis: dict[str, Any] | None
    requirement: str | None
    area_code: str
    source_id: UUID | None
    source_name: str | None = None
    inspection_id: UUID | None
    inspection_number: str | None = None
    lon: float | None
    lat: float | None
    found_at: datetime
    rectify_by_on: date | None
    is_overdue: bool = False
    ordered_at: datetime | None
    claimed_at: datetime | None
    closed_at: datetime | None
    on_spot_at: datetime | None
    on_spot_confirmed_by: str | None
    relapse_count: int
    look_back_due_on: date | None = None
    is_own_claim: bool = False
    verbs: list[str] = []


class LossOut(BaseModel):
    """Points lost to one rule, and why."""

    rule: str
    field: str
    points: float
    why_zh: str
    why_en: str


class EntryScoreOut(BaseModel):
    """How well a problem was entered: 0 to 100, with what was lost."""

    model_config = ConfigDict(from_attributes=True)

    score: float
    lost: list[LossOut]
    rules_version: int
    scored_at: datetime
    recorder_name: str


class ProblemFileOut(ProblemOut):
    """A problem with its whole history."""

    moves: list[MoveOut] = []
    look_backs: list[LookBackOut] = []
    evidence: list[dict[str, Any]] = []
    entry_score: EntryScoreOut | None = None
