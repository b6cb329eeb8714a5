"""One way to turn data into bytes, so that a digest means the same on phone and server (RFC 8785)."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

import orjson
import rfc8785

LARGEST_INT = 2**53 - 1
"""Beyond it a number of JSON is no longer exact (RFC 8785 §3.2.2.3, I-JSON)."""


class _NotSimpleError(Exception):
    """A value that only the full canonicaliser writes right."""


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


def _simple(value: Any) -> Any:
    """`plain`, with every number as both canonicalisers write it."""
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return value
    if kind is dict:
        if not all(type(key) is str and key.isascii() for key in value):
            raise _NotSimpleError  # other names may sort differently as UTF-16
        return {key: _simple(item) for key, item in value.items()}
    if kind is list or kind is tuple:
        return [_simple(item) for item in value]
    if kind is int:
        if -LARGEST_INT <= value <= LARGEST_INT:
            return value
        raise _NotSimpleError
    return _simple_number(value) if kind is float else _simple(_said(value))


def _said(value: Any) -> Any:
    ready = plain(value)
    if type(ready) is type(value):
        raise _NotSimpleError
    return ready


def _simple_number(value: float) -> float | int:
    if value.is_integer() and abs(value) <= LARGEST_INT:
        return int(value)
    if 1e-3 <= abs(value) < 1e15:  # within these bounds nobody writes an exponent
        return value
    raise _NotSimpleError


def canonical_bytes(value: Any) -> bytes:
    """`value` as canonical JSON bytes.

    What is simple, and nearly everything is, goes the fast way: orjson writes the same bytes forty times as fast.

    Raises    rfc8785.CanonicalizationError: a number that JSON cannot carry exactly, text that is not Unicode
    """
    try:
        return orjson.dumps(_simple(value), option=orjson.OPT_SORT_KEYS)
    except (_NotSimpleError, TypeError):
        return rfc8785.dumps(plain(value))


def digest(value: Any) -> str:
    """The SHA-256 of `value` as canonical JSON, 64 hex characters."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()
