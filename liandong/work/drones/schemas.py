"""Wire shapes of the drones room. Geometries are GeoJSON in degrees WGS-84."""

from __future__ import annotations

from datetime import datetime
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


class ZoneIn(BaseModel):
    """An area over which nobody flies."""

    title: str = Field(min_length=1, max_length=200)
    outline: dict[str, Any]


class ZoneOut(ZoneIn):
    """A no-fly zone in force."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    set_at: datetime
    set_by: str


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


class CancelIn(BaseModel):
    """Why a mission is not flown."""

    reason: str = Field(min_length=1, max_length=1000)


class MissionOut(BaseModel):
    """A mission, with what this actor may do to it now. `plan`: see `routing.work_out`."""

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
    asked: dict[str, Any]
    plan: dict[str, Any]
    drafted_at: datetime
    pilot_officer_id: UUID | None
    permit_no: str | None
    height_rule: dict[str, Any] | None
    released_at: datetime | None
    flown_at: datetime | None
    cancel_reason: str | None
    verbs: list[str] = []
