"""Wire shapes of the evidence room."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class FileOut(BaseModel):
    """A file that is in the store."""

    model_config = ConfigDict(from_attributes=True)

    sha256: str
    size: int
    media_type: str


class EvidenceOut(BaseModel):
    """A sealed item of evidence. `arrived_at` is when its bytes were here and proven; none: they are still on the phone."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    sha256: str
    size: int
    media_type: str
    kind: str
    details: dict[str, Any] | None
    purpose: str
    caption: str | None
    taken_at: datetime
    received_at: datetime
    arrived_at: datetime | None = None
    lon: float | None
    lat: float | None
    taker_name: str
    task_id: UUID | None
    inspection_id: UUID | None
    problem_id: UUID | None
