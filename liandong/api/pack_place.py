"""What a phone takes along of a place: its permit as the register has it, the law it may rest on, and a map without tiles."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import shapely
from pydantic import BaseModel, ConfigDict
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from liandong.kernel.geo import bearing_deg, haversine_m
from liandong.registers import law
from liandong.registers.access.door import Acting
from liandong.registers.jurisdictions.queries import outlines
from liandong.registers.sources.queries import SourceFilter, near, visible_sources
from liandong.registers.sources.schemas import SourceOut

AROUND_M = 3000
MOST_AROUND = 300
SIMPLER_DEG = 0.0005
"""About fifty metres: finer than a thumb on a map of three kilometres, and a tenth of the points."""
DISTRICT_SIMPLER_DEG = 0.002
DIGITS = 5


class PermitOut(BaseModel):
    """The permit of a source as far as the register has it.

    `matters` are columns of the imported register that speak of the permit, as they were; `gaps` name what it lacks:
    number, valid_until, matters.
    """

    code: str | None
    permit_class: str | None
    valid_until: str | None
    matters: dict[str, str]
    gaps: list[str]


class ProvisionOut(BaseModel):
    """A provision as the rulebook has it; `gist` paraphrases, the official text is not in the rulebook."""

    model_config = ConfigDict(from_attributes=True)

    key: str
    cite: str
    gist: str
    statute: str
    edition: str
    valid_from: date
    valid_to: date | None
    status: str
    source: str
    doubted_from: date | None
    doubt: str | None


class NeighbourOut(BaseModel):
    """A source nearby: how far in metres, and in which direction in degrees from north."""

    id: UUID
    name: str
    lon: float
    lat: float
    distance_m: int
    bearing_deg: int
    permit_class: str | None
    area_code: str


class SurroundingsOut(BaseModel):
    """A map of the place to be drawn without a network: positions in degrees WGS-84, shapes as GeoJSON geometry.

    `outlines` are the borders within the sheet by division, `district` the whole division that the task lies in.
    """

    lon: float
    lat: float
    radius_m: int
    area_code: str
    district: dict[str, Any] | None
    outlines: dict[str, dict[str, Any]]
    sources: list[NeighbourOut]
    is_cut_off: bool


_UNTIL = ("有效期", "有效期限", "有效期至", "截止")
_ABOUT_PERMIT = ("许可", "排污", "登记", "发证", "有效期")


def permit_of(source: SourceOut | None) -> PermitOut | None:
    """The permit of a source; nothing is made up for what the register lacks."""
    if source is None:
        return None
    said = {str(name): str(value) for name, value in source.extra.items() if value not in (None, "")}
    matters = {name: value for name, value in said.items() if any(word in name for word in _ABOUT_PERMIT)}
    until = next((value for name, value in matters.items() if any(word in name for word in _UNTIL)), None)
    lacking = (("number", source.permit_code), ("valid_until", until), ("matters", matters))
    return PermitOut(
        code=source.permit_code,
        permit_class=source.permit_class,
        valid_until=until,
        matters=matters,
        gaps=[name for name, value in lacking if not value],
    )


def law_texts(keys: Iterable[str]) -> list[ProvisionOut]:
    """What the rulebook has of these provisions."""
    return [ProvisionOut.model_validate(one) for one in law.provision_texts(keys)]


async def surroundings(signed: Acting, lon: float, lat: float, area_code: str) -> SurroundingsOut:
    """What lies within three kilometres of a place and may be seen by whoever asks, and the divisions it lies in."""
    known = await outlines(signed.session)
    rows = near(visible_sources(signed.actor, SourceFilter()), lon, lat, AROUND_M)
    found = [
        _neighbour(source, lon, lat, source.lon, source.lat)
        for source in map(SourceOut.model_validate, (await signed.session.execute(rows)).scalars())
        if source.lon is not None and source.lat is not None
    ]
    around = sorted((one for one in found if one.distance_m <= AROUND_M), key=lambda one: (one.distance_m, str(one.id)))
    return SurroundingsOut(
        lon=lon,
        lat=lat,
        radius_m=AROUND_M,
        area_code=area_code,
        district=_simple(shape(known[area_code]), DISTRICT_SIMPLER_DEG) if area_code in known else None,
        outlines=_clipped(known, lon, lat),
        sources=around[:MOST_AROUND],
        is_cut_off=len(around) > MOST_AROUND,
    )


def _neighbour(source: SourceOut, from_lon: float, from_lat: float, lon: float, lat: float) -> NeighbourOut:
    return NeighbourOut(
        id=source.id,
        name=source.name,
        lon=lon,
        lat=lat,
        distance_m=round(haversine_m(from_lon, from_lat, lon, lat)),
        bearing_deg=round(bearing_deg(from_lon, from_lat, lon, lat)) % 360,
        permit_class=source.permit_class,
        area_code=source.area_code,
    )


def _clipped(found: dict[str, dict[str, Any]], lon: float, lat: float) -> dict[str, dict[str, Any]]:
    """The borders of divisions, as far as they cross the sheet."""
    tall = AROUND_M / 111_320
    wide = tall / max(math.cos(math.radians(lat)), 0.01)
    sheet = shapely.box(lon - 2 * wide, lat - 2 * tall, lon + 2 * wide, lat + 2 * tall)
    clipped = {}
    for code, outline in found.items():
        border = shape(outline).boundary.intersection(sheet)
        if not border.is_empty:
            clipped[code] = _simple(border, SIMPLER_DEG)
    return clipped


def _simple(found: BaseGeometry, tolerance_deg: float) -> dict[str, Any]:
    return dict(mapping(shapely.set_precision(found.simplify(tolerance_deg), 10**-DIGITS)))
