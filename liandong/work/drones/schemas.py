"""Wire shapes of the drones room. Geometries are GeoJSON in degrees WGS-84."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

Lon = Annotated[float, Field(ge=-180, le=180)]
Lat = Annotated[float, Field(ge=-90, le=90)]


class WpmlKeys(BaseModel):
    """The maker's numbers of an aircraft and its payload."""

    drone: int = Field(ge=0)
    drone_sub: int = Field(ge=0)
    payload: int = Field(ge=0)
    payload_sub: int = Field(0, ge=0)


class AircraftIn(BaseModel):
    """An aircraft as its operator enters it."""

    title: str = Field(min_length=1, max_length=100)
    model: str = Field(min_length=1, max_length=100)
    serial_no: str = Field(min_length=1, max_length=100)
    registration_no: str | None = Field(None, min_length=1, max_length=100)
    swath_per_height: float = Field(gt=0, le=10)
    speed_m_s: float = Field(gt=0, le=30)
    usable_min: float = Field(gt=0, le=240)
    wpml_keys: WpmlKeys | None = None


class AircraftOut(AircraftIn):
    """An aircraft on record."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    agency_id: UUID
    area_code: str


class AutopilotIn(BaseModel):
    """The number that an aircraft says it is by MAVLink; those above 250 belong to ground stations."""

    model_config = ConfigDict(extra="forbid")
    system_id: int = Field(ge=1, le=250)


class AutopilotKeyOut(BaseModel):
    """What is entered at the aircraft: told this once, the passphrase is kept nowhere."""

    aircraft_id: UUID
    system_id: int
    linked_at: datetime
    passphrase: str


class ZoneIn(BaseModel):
    """An area over which nobody flies: from when to when, how far one keeps away, and who says so."""

    title: str = Field(min_length=1, max_length=200)
    outline: dict[str, Any]
    clearance_m: float = Field(30, ge=10, le=5000)
    basis: str | None = Field(None, min_length=1, max_length=500)
    valid_from_on: date | None = None
    valid_to_on: date | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> ZoneIn:
        if self.valid_from_on and self.valid_to_on and self.valid_to_on < self.valid_from_on:
            raise ValueError("valid_to_on lies before valid_from_on")
        return self


class ZoneOut(ZoneIn):
    """A no-fly zone in force. `is_own`: this actor's agency set it, and may lift it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    agency_id: UUID
    set_at: datetime
    set_by: str
    is_own: bool = False


class MissionIn(BaseModel):
    """What is to be seen: an `area`, a `corridor` along a line, or the places of `source_ids`."""

    title: str = Field(min_length=1, max_length=200)
    kind: Literal["area", "corridor", "places"]
    aircraft_id: UUID
    home: tuple[Lon, Lat]
    wanted: dict[str, Any] | None = None
    source_ids: list[UUID] = Field([], max_length=100)
    width_m: float | None = Field(None, gt=0, le=5000)
    height_m: float = Field(100, ge=20, le=500)
    overlap: float = Field(0.2, ge=0, le=0.9)
    task_id: UUID | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> MissionIn:
        """A corridor has a width, places have sources, and everything else has its shape."""
        if (self.kind == "places") != bool(self.source_ids) or (self.kind == "places") == (self.wanted is not None):
            raise ValueError("places are named by source_ids, areas and corridors by wanted")
        if (self.kind == "corridor") != (self.width_m is not None):
            raise ValueError("a corridor, and only a corridor, has a width_m")
        return self


class ReleaseIn(BaseModel):
    """Who flies, and under which permit where one is needed."""

    pilot_officer_id: UUID
    permit_no: str | None = Field(None, min_length=1, max_length=100)


class ReasonIn(BaseModel):
    """Why a mission is not flown, or a zone lifted."""

    reason: str = Field(min_length=1, max_length=1000)


class MissionBrief(BaseModel):
    """A mission in a list, with what this actor may do to it now."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    number: str
    state: str
    kind: str
    title: str
    area_code: str
    aircraft_id: UUID
    aircraft_title: str = ""
    task_id: UUID | None
    height_m: float
    drafted_at: datetime
    released_at: datetime | None
    flown_at: datetime | None
    flights: int = 0
    minutes: float = 0
    covered_percent: float = 0
    verbs: list[str] = []


class FlightOut(BaseModel):
    """One battery: from home along `steps` (lon, lat) and home again; `is_at_work[i]`: the leg after step i is filmed,
    or photographed where it has no length. `waypoints`: as many as its route file has."""

    steps: list[tuple[float, float]]
    is_at_work: list[bool]
    length_m: float
    minutes: float
    filmed_m: float
    photos: int
    waypoints: int


class LeftOutOut(BaseModel):
    """What was asked for and is not seen: for a no-fly zone, or because no strip reaches there."""

    why: Literal["no_fly", "unseen"]
    area_m2: float
    outline: dict[str, Any]


class PlanOut(BaseModel):
    """What was worked out; see `routing.work_out`."""

    flights: list[FlightOut]
    seen: dict[str, Any]
    closed: dict[str, Any]
    left_out: list[LeftOutOut]
    covered_percent: float
    length_m: float
    minutes: float
    filmed_m: float
    photos: int


class ZoneStood(BaseModel):
    """A no-fly zone as it stood when the mission was planned."""

    id: UUID
    title: str
    outline: dict[str, Any]
    clearance_m: float


class AskedOut(BaseModel):
    """What the plan was worked out of."""

    kind: str
    wanted: dict[str, Any]
    home: tuple[float, float]
    width_m: float | None
    overlap: float
    zones: list[ZoneStood]
    aircraft: dict[str, Any]


class MissionOut(MissionBrief):
    """A mission with its plan and what that was worked out of."""

    asked: AskedOut
    plan: PlanOut
    pilot_officer_id: UUID | None
    pilot_name: str | None = None
    permit_no: str | None
    height_rule: dict[str, Any] | None
    cancel_reason: str | None
