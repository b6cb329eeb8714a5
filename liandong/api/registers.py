"""Divisions, agencies, officers and duty, for whoever is signed in."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from liandong.kernel.clock import beijing_today
from liandong.kernel.errors import Refused
from liandong.kernel.http import ERRORS
from liandong.registers.access.door import Signed
from liandong.registers.access.schemas import AgencyBrief
from liandong.registers.jurisdictions.borders import borders_of
from liandong.registers.jurisdictions.queries import agency_names, list_agencies, list_areas
from liandong.registers.officers import actions as officers
from liandong.registers.officers.queries import OfficerEntry, list_officers
from liandong.registers.officers.schemas import CertificateOut, DutyIn, OfficerOut

router = APIRouter(tags=["registers"], responses=ERRORS)


class AreaOut(BaseModel):
    """A division of the country."""

    model_config = ConfigDict(from_attributes=True)

    area_code: str
    name: str
    level: str
    parent_code: str | None


class BorderOut(BaseModel):
    """An unbroken part of a border: the area beyond it, and its line (lon, lat)."""

    area_code: str
    name: str
    line: list[tuple[float, float]]
    length_m: float


class AgencyOut(AgencyBrief):
    """An agency and the one above it."""

    model_config = ConfigDict(from_attributes=True)

    parent_id: UUID | None


class OfficersOut(BaseModel):
    """The directory of officers."""

    items: list[OfficerOut]
    total: int


@router.get("/areas")
async def areas(signed: Signed, under: str | None = None) -> list[AreaOut]:
    """The divisions below `under`, itself included."""
    return [AreaOut.model_validate(area) for area in await list_areas(signed.session, under)]


@router.get("/areas/outlines")
async def area_outlines(signed: Signed, under: str | None = None) -> dict[str, Any]:
    """The outlines of the divisions below `under` as GeoJSON in WGS-84. Functional zones have none."""
    found = [area for area in await list_areas(signed.session, under) if area.outline]
    features = [
        {
            "type": "Feature",
            "properties": {"area_code": area.area_code, "name": area.name, "level": area.level},
            "geometry": area.outline,
        }
        for area in found
    ]
    origins = sorted({area.outline_origin for area in found if area.outline_origin})
    return {"type": "FeatureCollection", "features": features, "origins": origins}


@router.get("/areas/{area_code}/borders")
async def area_borders(signed: Signed, area_code: str) -> list[BorderOut]:
    """The borders of a division with its neighbours of the same level, the longest first; empty without an outline."""
    areas = {area.area_code: area for area in await list_areas(signed.session)}
    known = areas.get(area_code)
    if known is None:
        raise Refused("kernel.not_found")
    if known.outline is None:
        return []
    around = {code: area.outline for code, area in areas.items() if area.outline and area.level == known.level}
    borders = await asyncio.to_thread(borders_of, area_code, around)
    return [
        BorderOut(area_code=one.area_code, name=areas[one.area_code].name, line=list(one.line), length_m=one.length_m)
        for one in borders
    ]


@router.get("/agencies")
async def agencies(signed: Signed) -> list[AgencyOut]:
    """Every agency."""
    return [AgencyOut.model_validate(agency) for agency in await list_agencies(signed.session)]


def _officer_out(entry: OfficerEntry, agency_name: str) -> OfficerOut:
    held = entry.certificate
    shown = (
        CertificateOut(
            number=held.number,
            valid_from_on=held.valid_from_on,
            valid_to_on=held.valid_to_on,
            is_valid=entry.is_certified(beijing_today()),
        )
        if held
        else None
    )
    return OfficerOut(
        id=entry.id,
        name=entry.name,
        agency_id=entry.agency_id,
        agency_name=agency_name,
        area_code=entry.area_code,
        is_on_duty=entry.is_on_duty,
        certificate=shown,
    )


@router.get("/officers")
async def officer_directory(
    signed: Signed, agency_id: UUID | None = None, area_code: str | None = None, q: str | None = None
) -> OfficersOut:
    """Officers with their certificates, by area and name."""
    areas = frozenset({area_code}) if area_code else None
    entries = await list_officers(signed.session, agency_id=agency_id, areas=areas, words=q)
    named = await agency_names(signed.session)
    items = [_officer_out(entry, named.get(entry.agency_id, "")) for entry in entries]
    return OfficersOut(items=items, total=len(items))


@router.post("/duty")
async def set_duty(signed: Signed, body: DutyIn) -> DutyIn:
    """Go on duty, or off it."""
    await officers.set_duty(signed.session, signed.actor, body.is_on_duty)
    return body
