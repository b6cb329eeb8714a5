"""Wire shapes of the trackers room."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class ThingKind(StrEnum):
    """What a device of an agency is fixed to."""

    vehicle = "vehicle"
    boat = "boat"
    aircraft = "aircraft"


class TrackerIn(BaseModel):
    """A device of one's own agency: what it is fixed to, and what people call that."""

    model_config = ConfigDict(extra="forbid")
    kind: ThingKind
    title: Words


class OwnTrackerIn(BaseModel):
    """A device that one carries."""

    model_config = ConfigDict(extra="forbid")
    title: Words


class CloseIn(BaseModel):
    """Why a device may report no more."""

    model_config = ConfigDict(extra="forbid")
    reason: Words


class TrackerOut(BaseModel):
    """A device. `carrier_id` is what positions name: the officer who carries it, or the device itself."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    carrier_id: UUID
    kind: str
    title: str
    area_code: str
    agency_name: str
    registered_at: datetime
    closed_at: datetime | None
    close_reason: str | None
    verbs: list[str] = []


class TrackerKeyOut(TrackerOut):
    """A device with its key, told this once and kept nowhere."""

    key: str
