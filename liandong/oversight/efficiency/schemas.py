"""Wire shapes of the efficiency room."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class ComparedOut(BaseModel):
    """A figure beside the one before it; change and percent are those of the figures as printed."""

    value: float | None
    previous: float | None
    change: float | None
    percent: float | None


class CoverageOut(BaseModel):
    """How many of a campaign's targets of one kind were visited."""

    kind: str
    covered: int
    total: int
    percent: float


class CampaignFiguresOut(BaseModel):
    """The figures of one campaign, whole."""

    name: str
    officer_turnouts: int
    points: int
    problems: int
    rectified: int
    coverage: list[CoverageOut]


class DrawnOut(BaseModel):
    """How many sources a batch of random draws picked at one level."""

    batch: str
    level: str
    drawn: int


class EfficiencyOut(BaseModel):
    """The efficiency report of an area in a period."""

    model_config = ConfigDict(populate_by_name=True)

    area: str
    from_on: date = Field(alias="from")
    to_on: date = Field(alias="to")
    site_visits: ComparedOut
    officer_turnouts: ComparedOut
    activity_index: ComparedOut
    entry_quality: ComparedOut
    return_rate: ComparedOut
    on_spot_rectified: ComparedOut
    assistance_visits: ComparedOut
    outreach_visits: ComparedOut
    people_reached: ComparedOut
    roster: int
    working_days: int
    campaigns: list[CampaignFiguresOut]
    draws: list[DrawnOut]


class FigureRowsOut(BaseModel):
    """One page of the rows behind a figure."""

    items: list[dict[str, Any]]
    total: int
    next_cursor: str | None
