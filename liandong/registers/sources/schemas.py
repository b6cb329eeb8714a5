"""Wire shapes of the sources room."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class SourceOut(BaseModel):
    """A pollution source."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    uscc: str | None
    permit_code: str | None
    enterprise_id: UUID | None
    area_code: str
    address: str | None
    lon: float | None
    lat: float | None
    position_note: str | None
    industry_code: str | None
    industry_name: str | None
    permit_class: str | None
    supervision_class: str | None
    object_kind: str | None
    elements: list[str]
    extra: dict[str, Any]


class PointsOut(BaseModel):
    """Many sources in short, for a map: one row a source, in the order of `fields`."""

    fields: list[str]
    rows: list[list[Any]]


class EnterpriseOut(BaseModel):
    """The legal person behind a source."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    uscc: str | None
