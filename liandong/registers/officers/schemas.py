"""Wire shapes of the officers room."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel


class CertificateOut(BaseModel):
    """A certificate and whether it is valid today."""

    number: str
    valid_from_on: date
    valid_to_on: date | None
    is_valid: bool


class OfficerOut(BaseModel):
    """An officer as the directory shows him."""

    id: UUID
    name: str
    agency_id: UUID
    agency_name: str
    area_code: str
    is_on_duty: bool
    certificate: CertificateOut | None


class DutyIn(BaseModel):
    """Going on duty, or off it."""

    is_on_duty: bool
