"""The receipt of a file: its bytes are here and prove its digest, signed by this installation (Ed25519)."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Literal

from pydantic import BaseModel

from liandong.kernel import canonical
from liandong.kernel.secrets import signing_key
from liandong.means.evidence.tables import Upload


class FileReceipt(BaseModel):
    """What a phone may believe before it lets go of a file.

    `signature` is Ed25519 over the canonical JSON (RFC 8785) of the other fields, in hex, by the key of all receipts.
    """

    sha256: str
    size: int
    media_type: str
    outcome: Literal["kept"] = "kept"
    received_at: datetime
    signature: str = ""


def receipt_of(upload: Upload) -> FileReceipt:
    """The signed receipt of a finished upload, the same bytes whenever it is asked for."""
    assert upload.finished_at is not None
    made = FileReceipt(
        sha256=upload.sha256,
        size=upload.size,
        media_type=upload.media_type,
        received_at=upload.finished_at.astimezone(UTC),
    )
    signed = canonical.canonical_bytes(made.model_dump(mode="json", exclude={"signature"}))
    made.signature = signing_key().sign(signed).hex()
    return made


def in_header(receipt: FileReceipt) -> str:
    """The receipt as a header carries it: base64 of its JSON."""
    return base64.b64encode(receipt.model_dump_json().encode()).decode()
