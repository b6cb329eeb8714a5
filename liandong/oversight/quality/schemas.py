"""Wire shapes of the quality room."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class QualityFigures(BaseModel):
    """Entries with their average score (0–100), and records with the share that was returned, in percent."""

    entries: int
    average: float | None
    records: int
    returned: int
    return_rate: float | None


class OfficerQuality(QualityFigures):
    """The figures of one officer: entries made, and records of visits taken part in."""

    id: UUID
    name: str
    agency_id: UUID
    agency_name: str | None


class AgencyQuality(QualityFigures):
    """The figures of one agency."""

    id: UUID
    name: str


class RuleQuality(BaseModel):
    """How often and how many points were lost to one rule."""

    rule: str
    times: int
    points: float


class QualityOut(BaseModel):
    """问题录入质量 and 记录退回率 of an area in a period."""

    model_config = ConfigDict(populate_by_name=True)

    area_code: str
    from_on: date = Field(alias="from")
    to_on: date = Field(alias="to")
    whole: QualityFigures
    officers: list[OfficerQuality]
    agencies: list[AgencyQuality]
    rules: list[RuleQuality]
