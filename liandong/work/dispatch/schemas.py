"""Wire shapes of the dispatch room."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

TaskKind = Literal[
    "clue_check", "routine", "random_draw", "campaign", "look_back", "petition_check", "assistance", "outreach"
]
TaskMode = Literal["local", "joint", "cross", "away", "circuit"]
Matter = Literal["air", "water", "noise", "solid_waste", "permit", "construction"]


class TaskIn(BaseModel):
    """A task as somebody at the desk writes it. The area is the source's unless it is named."""

    kind: TaskKind
    title: str = Field(min_length=1, max_length=200)
    mode: TaskMode = "local"
    source_id: UUID | None = None
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    area_code: str | None = None
    matters: list[Matter] = []
    due_on: date | None = None
    instruction: str | None = Field(None, max_length=4000)


class AssignTask(BaseModel):
    """Who is sent, and who of them leads."""

    officer_ids: list[UUID] = Field(min_length=1, max_length=20)
    lead_officer_id: UUID


class UrgeTask(BaseModel):
    """Words to those who are on a task."""

    words: str = Field(min_length=1, max_length=500)


class CancelTask(BaseModel):
    """Why a task is off."""

    reason: str = Field(min_length=1, max_length=1000)


class OfficerOnTask(BaseModel):
    """An officer's part in a task."""

    id: UUID
    name: str
    agency_name: str
    is_lead: bool
    accepted_at: datetime | None


class TaskOut(BaseModel):
    """A task, with what this actor may do to it now."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    number: str
    kind: str
    mode: str
    state: str
    title: str
    instruction: str | None
    area_code: str
    source_id: UUID | None
    source_name: str | None = None
    lon: float | None
    lat: float | None
    matters: list[str]
    due_on: date | None
    is_overdue: bool = False
    officers: list[OfficerOnTask] = []
    clue_id: UUID | None
    problem_id: UUID | None
    created_at: datetime
    assigned_at: datetime | None
    accepted_at: datetime | None
    arrived_at: datetime | None
    reported_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str | None
    urged_count: int = 0
    inspection_id: UUID | None
    verbs: list[str] = []


class TrailPointOut(BaseModel):
    """Where an officer was at one instant: degrees WGS-84, metres."""

    model_config = ConfigDict(from_attributes=True)

    lon: float
    lat: float
    accuracy_m: float | None
    happened_at: datetime


class TrailOut(BaseModel):
    """The way of one officer in a task, in the order of time."""

    officer_id: UUID
    name: str
    points: list[TrailPointOut]
