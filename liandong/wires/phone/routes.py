"""HTTP routes of the phone's wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, Field

from liandong.kernel.clock import now
from liandong.kernel.errors import Refused
from liandong.kernel.http import ERRORS, ErrorOut
from liandong.kernel.secrets import signing_key
from liandong.means.tracks.actions import Fix, OnTask, keep_fixes
from liandong.registers.access.door import Signed
from liandong.wires.phone.frame import Receipt
from liandong.wires.phone.serve import take_deeds
from liandong.work.dispatch.queries import find_task
from liandong.work.dispatch.states import TaskState

router = APIRouter(tags=["phone"], responses=ERRORS)
MOST_DEEDS = 500
MOST_FIXES = 500


class DeedsIn(BaseModel):
    """A batch of deeds, each as the phone keeps it (see `DeedIn`)."""

    deeds: Annotated[list[dict[str, Any]], Field(max_length=MOST_DEEDS)]


class ReceiptsOut(BaseModel):
    """One receipt a deed, in the order they were sent, and the server's clock."""

    receipts: list[Receipt]
    server_now: datetime


class ReceiptKeyOut(BaseModel):
    """The public key that receipts are signed with (Ed25519, raw, hex)."""

    public_key: str


class FixIn(BaseModel):
    """Where an officer was at one instant. Places off the earth are refused one by one, not with the whole batch."""

    lon: float = Field(allow_inf_nan=False)
    lat: float = Field(allow_inf_nan=False)
    accuracy_m: float | None = Field(None, ge=0, allow_inf_nan=False)
    happened_at: AwareDatetime


class FixesIn(BaseModel):
    """Where an officer was, inside one task; in any order, and whatever part of it was sent before."""

    task_id: UUID
    fixes: Annotated[list[FixIn], Field(min_length=1, max_length=MOST_FIXES)]


class FixRefused(BaseModel):
    """A fix that was not kept, by its place in the batch, and why."""

    place: int
    problem: ErrorOut


class FixesOut(BaseModel):
    """How many fixes of the batch stand in the trail now, those sent before among them, and which do not."""

    kept: int
    refused: list[FixRefused]


@router.post("/deeds")
async def post_deeds(signed: Signed, body: DeedsIn) -> ReceiptsOut:
    """Do what a phone did; every deed is answered by a receipt."""
    receipts = await take_deeds(signed.session, signed.actor, body.deeds)
    return ReceiptsOut(receipts=receipts, server_now=now())


@router.get("/deeds/key")
async def receipt_key() -> ReceiptKeyOut:
    """The key with which anybody can check a receipt."""
    raw = signing_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return ReceiptKeyOut(public_key=raw.hex())


@router.post("/positions")
async def post_positions(signed: Signed, body: FixesIn) -> FixesOut:
    """Say where one was. Outside a running task of one's own it is refused: off duty nobody is followed."""
    task = await find_task(signed.session, signed.actor, body.task_id, "tasks:accept")
    since = min((at for at in (task.accepted_at, task.arrived_at) if at is not None), default=None)
    officer_id = signed.actor.officer_id
    if officer_id is None or since is None or task.state not in (TaskState.accepted, TaskState.on_site):
        raise Refused("tracks.outside_task")
    whose = OnTask(officer_id, task.id, task.area_code, since)
    refused = keep_fixes(signed.session, whose, [Fix(**fix.model_dump()) for fix in body.fixes])
    told = [FixRefused(place=place, problem=ErrorOut(**error.body())) for place, error in refused.items()]
    return FixesOut(kept=len(body.fixes) - len(refused), refused=told)
