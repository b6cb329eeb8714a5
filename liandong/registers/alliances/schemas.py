"""Wire shapes of the alliances room."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from liandong.registers.alliances.preview import Change
from liandong.registers.alliances.vocabulary import Mechanism, Principle, Share, Work

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
MOST_MEMBERS = 40


class MemorandumIn(BaseModel):
    """What a memorandum says. Its term counts both days; the band is in metres."""

    model_config = ConfigDict(extra="forbid")
    title: Title
    alliance: Title
    member_ids: list[UUID] = Field(min_length=1, max_length=MOST_MEMBERS)
    goals: str = Field(min_length=1, max_length=4000)
    principles: list[Principle] = Field(default_factory=list, max_length=len(Principle))
    works: list[Work] = Field(min_length=1, max_length=len(Work))
    mechanisms: list[Mechanism] = Field(min_length=1, max_length=len(Mechanism))
    shares: list[Share] = Field(default_factory=list, max_length=len(Share))
    band_m: float | None = Field(None, gt=0, le=50_000)
    from_on: date
    until_on: date
    replaces_id: UUID | None = None


class SignIn(BaseModel):
    """A signature: the digest of the text that was read."""

    model_config = ConfigDict(extra="forbid")
    text_digest: str = Field(pattern="^[0-9a-f]{64}$")


class MemberOut(BaseModel):
    """A member, and whether it has signed or left."""

    area_code: str
    area_name: str
    agency_id: UUID
    agency_name: str
    signed_at: datetime | None
    signer_name: str | None
    left_at: datetime | None
    leave_reason: str | None


class MemorandumOut(BaseModel):
    """A memorandum, with what this actor may do to it now. `holds`: whether it grants anything today."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    number: str
    title: str
    alliance: str
    area_code: str
    agency_id: UUID
    agency_name: str = ""
    goals: str
    principles: list[str]
    works: list[str]
    mechanisms: list[str]
    shares: list[str]
    band_m: float | None
    band_in_use_m: float = 0
    from_on: date
    until_on: date
    holds_until_on: date
    holds: bool = False
    state: str
    text_digest: str | None
    replaces_id: UUID | None
    drafted_at: datetime
    in_force_at: datetime | None
    ended_at: datetime | None
    end_reason: str | None
    members: list[MemberOut] = []
    verbs: list[str] = []


class GrantedOut(BaseModel):
    """One mechanism or sheet: whether it is gained, kept or lost (null: not told), and with which areas."""

    what: str
    change: Change | None
    with_areas: list[str]


class ProspectOut(BaseModel):
    """What a member will see and may do once everybody has signed."""

    area_code: str
    area_name: str
    granted: list[GrantedOut]
