"""HTTP routes of the phone's wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import APIRouter
from pydantic import BaseModel, Field

from liandong.kernel.clock import now
from liandong.kernel.http import ERRORS
from liandong.kernel.secrets import signing_key
from liandong.registers.access.door import Signed
from liandong.wires.phone.frame import Receipt
from liandong.wires.phone.serve import take_deeds

router = APIRouter(tags=["phone"], responses=ERRORS)
MOST_DEEDS = 500


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
