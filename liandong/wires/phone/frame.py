"""A deed as it comes over the wire: its shape, and whether its digest is true."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from liandong.kernel import canonical
from liandong.kernel.errors import FieldError, Invalid

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Kind = Literal[
    "accept_task",
    "arrive_on_site",
    "answer_item",
    "add_photo",
    "find_problem",
    "rectify_on_spot",
    "add_recording",
    "take_sample",
    "note_support",
    "sign_inspection",
    "submit_inspection",
    "show_certificate",
    "record_particulars",
    "record_interview",
    "amend_record",
    "resubmit_inspection",
    "tell_neighbour",
]
OF_NO_TASK = frozenset({"tell_neighbour"})


class Device(BaseModel):
    """The phone, and how far its clock was from the server's when it last heard of it."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(min_length=1, max_length=100)
    drift_ms: int | None = None


class DeedIn(BaseModel):
    """One deed. `needs` names deeds that must have been done before this one; files are named in the payload.

    `task_id` is left out by a deed that hangs from no task, and by no other.
    """

    model_config = ConfigDict(extra="forbid")

    id: UUID
    kind: Kind
    task_id: UUID | None = None
    happened_at: datetime
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    accuracy_m: float | None = Field(None, ge=0)
    device: Device
    needs: list[UUID] = Field([], max_length=500)
    payload: dict[str, Any]
    digest: Sha256

    @model_validator(mode="after")
    def has_its_task(self) -> Self:
        """A deed names a task if its kind hangs from one."""
        if (self.task_id is None) != (self.kind in OF_NO_TASK):
            raise ValueError("task_id")
        return self

    @property
    def task(self) -> UUID:
        """The task of a deed that hangs from one."""
        assert self.task_id is not None
        return self.task_id


class Receipt(BaseModel):
    """What became of a deed. `signature` is Ed25519 over the canonical JSON of the other fields, in hex."""

    deed_id: UUID
    digest: str
    outcome: Literal["accepted", "repeated", "refused", "conflict", "waiting"]
    received_at: datetime
    problem: dict[str, Any] | None = None
    signature: str = ""


_DIGEST = re.compile(r"[0-9a-f]{64}")
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""The one character that JSON can carry and PostgreSQL cannot keep."""


def read(raw: dict[str, Any]) -> DeedIn:
    """A deed as it is understood.

    Raises    deeds.unreadable, deeds.digest_mismatch
    """
    try:
        deed = DeedIn.model_validate(raw)
    except ValidationError as error:
        raise Invalid("deeds.unreadable", field_errors=field_errors(error)) from error
    if deed.happened_at.tzinfo is None:
        raise Invalid("deeds.unreadable", field_errors=[FieldError("happened_at", "kernel.time_zone_missing")])
    try:
        deed.happened_at.astimezone(UTC)
        said = _sealed(raw)
    except (OverflowError, ValueError) as error:
        # an instant outside the calendar, a number that JSON does not carry exactly, or half of a character
        raise Invalid("deeds.unreadable") from error
    if _NUL.search(said):
        raise Invalid("deeds.unreadable")
    if hashlib.sha256(said).hexdigest() != deed.digest:
        raise Invalid("deeds.digest_mismatch")
    return deed


def field_errors(error: ValidationError) -> list[FieldError]:
    """What pydantic found, field by field."""
    return [
        FieldError(".".join(map(str, item["loc"])), "kernel.invalid_field", {"why": item["msg"]})
        for item in error.errors()
    ]


def digest_of(raw: dict[str, Any]) -> str:
    """The digest that a deed claims to have; nothing if it claims none."""
    claimed = raw.get("digest")
    return claimed if isinstance(claimed, str) and _DIGEST.fullmatch(claimed) else ""


def true_digest(raw: dict[str, Any]) -> str:
    """The SHA-256 over a deed as it was sent, without its `digest`."""
    return hashlib.sha256(_sealed(raw)).hexdigest()


def _sealed(raw: dict[str, Any]) -> bytes:
    return canonical.canonical_bytes({name: value for name, value in raw.items() if name != "digest"})
