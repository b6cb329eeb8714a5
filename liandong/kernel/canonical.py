"""One way to turn data into bytes, so that a digest means the same on phone and server (RFC 8785)."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

import rfc8785


def plain(value: Any) -> Any:
    """`value` with ids, times, days and enums as the strings that JSON carries."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value


def canonical_bytes(value: Any) -> bytes:
    """`value` as canonical JSON bytes."""
    return rfc8785.dumps(plain(value))


def digest(value: Any) -> str:
    """The SHA-256 of `value` as canonical JSON, 64 hex characters."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()
