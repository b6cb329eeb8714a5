"""A deed as it comes over the wire: its shape, and whether its digest is true."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from liandong.kernel import canonical

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Kind = Literal[
    "accept_task",
    "arrive_on_site",
    "answer_item",
    "add_photo",
    "find_problem",
    "sign_inspection",
    "submit_inspection",
]


class Device(BaseModel):
    """The phone, and how far its clock was from the server's when it last heard of it."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(min_length=1, max_length=100)
    drift_ms: int | None = None


class DeedIn(BaseModel):
    """One deed. `needs` names deeds that must have been done before this one; files are named in the payload."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    kind: Kind
    task_id: UUID
    happened_at: datetime
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    accuracy_m: float | None = Field(None, ge=0)
    device: Device
    needs: list[UUID] = Field([], max_length=500)
    payload: dict[str, Any]
    digest: Sha256


class Receipt(BaseModel):
    """What became of a deed. `signature` is Ed25519 over the canonical JSON of the other fields, in hex."""

    deed_id: UUID
    digest: str
    outcome: Literal["accepted", "repeated", "refused", "conflict", "waiting"]
    received_at: datetime
    problem: dict[str, Any] | None = None
    signature: str = ""


def true_digest(raw: dict[str, Any]) -> str:
    """The SHA-256 over a deed as it was sent, without its `digest`."""
    return canonical.digest({name: value for name, value in raw.items() if name != "digest"})
