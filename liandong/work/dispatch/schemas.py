"""Wire shapes of the dispatch room."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

TaskKind = Literal[
    "clue_check", "routine", "random_draw", "campaign", "look_back", "petition_check", "assistance", "outreach"
]
TaskMode = Literal["local", "joint", "cross", "away", "circuit"]
MOST_SEEN = 200
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


class SeenTask(BaseModel):
    """An order that a phone holds, and since when it was opened there."""

    task_id: UUID
    read_at: AwareDatetime | None = None


class SeenIn(BaseModel):
    """The orders that a phone holds."""

    tasks: list[SeenTask] = Field(max_length=MOST_SEEN)


class BusyWith(BaseModel):
    """A task that an officer is on already."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    number: str
    state: str


class CandidateOut(BaseModel):
    """An officer on duty who could be sent. Without `distance_m` nobody knows where he is now."""

    id: UUID
    name: str
    agency_name: str
    area_code: str
    is_certified: bool
    lon: float | None
    lat: float | None
    position_at: datetime | None
    distance_m: int | None
    tasks: list[BusyWith]


class NearestOut(BaseModel):
    """Who could be sent to a task, the nearest first.

    `radii` are the kilometres in which they are sought, `oldest` how many minutes a position may be old to go by it.
    """

    radii: dict[str, object]
    oldest: dict[str, object]
    officers: list[CandidateOut]


class OfficerOnTask(BaseModel):
    """An officer's part in a task, and how far the order has come with him."""

    id: UUID
    name: str
    agency_name: str
    is_lead: bool
    received_at: datetime | None
    read_at: datetime | None
    accepted_at: datetime | None


class UrgingOut(BaseModel):
    """What those who are on a task were told, by whom."""

    model_config = ConfigDict(from_attributes=True)

    words: str
    urged_at: datetime
    urged_by: str


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
    answer_by_at: datetime | None
    chased_at: datetime | None
    accepted_at: datetime | None
    arrived_at: datetime | None
    reported_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str | None
    urged_count: int = 0
    last_urging: UrgingOut | None = None
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
