"""What the screens room says and takes over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class StruckOut(BaseModel):
    """A problem on the close-out list."""

    id: UUID
    number: str
    state: str
    element: str
    severity: str
    description: str
    area_code: str
    source_name: str | None
    found_on: date
    rectify_by_on: date | None
    claimed_at: datetime | None
    closed_at: datetime | None
    lon: float | None
    lat: float | None
    is_overdue: bool


class CloseOutListOut(BaseModel):
    """The list since a day; when `total` is more than there are items, the list was cut."""

    since_on: date
    items: list[StruckOut]
    total: int


class MemberOut(BaseModel):
    """An officer of a joint team."""

    id: UUID
    name: str
    agency_name: str
    is_lead: bool


class TeamOut(BaseModel):
    """A joint task: where it is, who is on it, how far it has come, what its visit found."""

    id: UUID
    number: str
    title: str
    state: str
    area_code: str
    source_name: str | None
    lon: float | None
    lat: float | None
    assigned_at: datetime | None
    accepted_at: datetime | None
    arrived_at: datetime | None
    reported_at: datetime | None
    members: list[MemberOut]
    found_at: list[datetime]
    closed_at: list[datetime]


class ShareOut(BaseModel):
    """What one agency took part in; all together where `agency_name` is null. A team counts for each of its agencies."""

    model_config = ConfigDict(from_attributes=True)
    agency_name: str | None
    officers: int
    teams: int
    on_site: int
    reported: int
    found: int
    closed: int


class JointOut(BaseModel):
    """The joint work of a Beijing day."""

    day: date
    teams: list[TeamOut]
    shares: list[ShareOut]


class MeasureOut(BaseModel):
    """A measure in the words of the source's record, and how it was last found today; null: not checked yet."""

    words: str
    is_met: bool | None
    checked_at: datetime | None
    checker_name: str | None


class SurroundingOut(BaseModel):
    """A source within the ring. `measures` and `grade` are null where its record has none."""

    id: UUID
    name: str
    area_code: str
    distance_m: int
    lon: float
    lat: float
    supervision_class: str | None
    elements: list[str]
    grade: str | None
    measures: list[MeasureOut] | None


class RingOut(BaseModel):
    """How many sources in sight lie within so many kilometres."""

    radius_km: float
    count: int


class EpisodeOut(BaseModel):
    """What lies round a place; `radii` is the rule that names the rings."""

    radii: dict[str, object]
    within_km: float
    rings: list[RingOut]
    rows: list[SurroundingOut]
    is_cut: bool


class MeasureCheckIn(BaseModel):
    """A measure of a source was looked at: it is met, or it is not."""

    model_config = ConfigDict(extra="forbid")
    source_id: UUID
    measure: str = Field(min_length=1, max_length=2000)
    is_met: bool


class WallLayoutIn(BaseModel):
    """The wall's layout for an operation: the large picture first, then up to nine small ones."""

    model_config = ConfigDict(extra="forbid")
    operation: Words
    stream_ids: list[UUID] = Field(min_length=1, max_length=10)


class WallLayoutOut(BaseModel):
    """A layout of the wall, with who made it and whether this actor may withdraw it."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    operation: str
    stream_ids: list[UUID]
    made_at: datetime
    maker_name: str
    agency_id: UUID
    verbs: list[str] = []
