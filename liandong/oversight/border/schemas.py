"""What the border room sends."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel


class SharingMemorandumOut(BaseModel):
    """The memorandum under which one is shown something."""

    id: UUID
    number: str
    title: str


class BorderLineOut(BaseModel):
    """An unbroken part of the border between two districts; `line` is [lon, lat] in degrees WGS-84.

    `band_m` is how near a source is to be on the list, as `memorandum` says; without one, as the rulebook does.
    """

    one: str
    other: str
    line: list[tuple[float, float]]
    length_m: int
    band_m: float
    memorandum: SharingMemorandumOut | None


class BorderSourceOut(BaseModel):
    """A source near a border. `last_visit_by` are agencies; without a visit in sight `last_visit_on` is null.

    `memorandum` is why one sees an ally's; of that `id` is the entry's, not the source's, and what is not shared is null.
    """

    id: UUID
    name: str | None
    uscc: str | None
    address: str | None
    area_code: str
    neighbour_code: str
    agency_name: str | None
    distance_m: int
    lon: float | None
    lat: float | None
    supervision_class: str | None
    elements: list[str]
    last_visit_on: date | None
    last_visit_by: list[str]
    open_problems: int | None
    overdue_problems: int | None
    memorandum: SharingMemorandumOut | None


class BorderListOut(BaseModel):
    """The sources near the borders of a board; `band` is the rule that says how near. `unplaced` have no position."""

    band: dict[str, object]
    borders: list[BorderLineOut]
    items: list[BorderSourceOut]
    total: int
    unplaced: int


class BorderSideOut(BaseModel):
    """One side of a piece of the border: sums over the window; what is not shared is null."""

    id: UUID
    area_code: str
    last_track_on: date | None
    track_days: int | None
    watchers: list[str]
    last_seen_on: date | None
    seen_days: int | None
    sources: int | None
    never_visited: int | None
    clues: int | None
    problems: int | None
    closed: int | None


class BorderSegmentOut(BaseModel):
    """A piece of the border: `watch` says who was on it within the window: nobody, one side, or both. `line` is GeoJSON."""

    one: str
    other: str
    line: dict[str, Any]
    length_m: int
    band_m: float
    watch: str
    memorandum: SharingMemorandumOut | None
    sides: list[BorderSideOut]


class BorderWatchOut(BaseModel):
    """盲区图: every piece of the borders between members, what nobody watches first. The rules say over how many days."""

    window: dict[str, object]
    items: list[BorderSegmentOut]
    total_m: int
    blind_m: int
