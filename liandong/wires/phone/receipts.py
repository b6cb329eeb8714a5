"""The receipts of deeds: what became of each, signed by this installation (Ed25519)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from liandong.kernel import canonical
from liandong.kernel.clock import now
from liandong.kernel.secrets import signing_key
from liandong.wires.phone.frame import Receipt


def receipt(
    deed_id: Any, digest: str, outcome: Any, problem: dict[str, Any] | None, received_at: datetime | None = None
) -> Receipt:
    """The signed receipt of a deed; `received_at` is now unless it is given."""
    known = deed_id if isinstance(deed_id, UUID) else _uuid_or_nil(deed_id)
    at = (received_at or now()).astimezone(UTC)
    made = Receipt(deed_id=known, digest=digest, outcome=outcome, received_at=at, problem=problem)
    signed = canonical.canonical_bytes(made.model_dump(mode="json", exclude={"signature"}))
    made.signature = signing_key().sign(signed).hex()
    return made


def _uuid_or_nil(value: Any) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        return UUID(int=0)
