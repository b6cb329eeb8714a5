"""JSON from somebody else's hands: read within limits, compared by its one canonical form (RFC 8785)."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from liandong.kernel.canonical import canonical_bytes
from liandong.oversight.records.proof.form import DEEPEST_JSON, LARGEST_JSON

SAFE_DIGITS = 15


class NotPlain(ValueError):
    """The bytes are no JSON that can be compared: too large, too deep, malformed, or with numbers JSON cannot hold."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def sha256(content: bytes | memoryview) -> str:
    """The SHA-256 of bytes, 64 hex characters."""
    return hashlib.sha256(content).hexdigest()


def digest(value: Any) -> str:
    """The SHA-256 of a value as canonical JSON.

    Raises    NotPlain
    """
    return sha256(canonical(value))


def canonical(value: Any) -> bytes:
    """A value as canonical JSON.

    Raises    NotPlain
    """
    try:
        return canonical_bytes(value)
    except (ValueError, RecursionError) as error:
        raise NotPlain("unreadable") from error


def read_json(content: bytes | memoryview) -> Any:
    """The value that the bytes stand for, and only if they are its canonical form.

    Raises    NotPlain
    """
    if len(content) > LARGEST_JSON:
        raise NotPlain("too large")
    try:
        value = json.loads(bytes(content).decode(), parse_int=_whole, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise NotPlain("unreadable") from error
    if _depth(value) > DEEPEST_JSON:
        raise NotPlain("too deep")
    if canonical(value) != bytes(content):
        raise NotPlain("not canonical")
    return value


def _whole(digits: str) -> int | float:
    """A whole number as JSON has it: beyond what a double holds exactly it is a double."""
    return int(digits) if len(digits) <= SAFE_DIGITS else _safe(float(digits))


def _safe(number: float) -> int | float:
    return int(number) if abs(number) <= 2**53 - 1 else number


def _refuse(word: str) -> Any:
    raise ValueError(word)


def _depth(value: Any) -> int:
    deepest, level = 0, [value]
    while level:
        deepest += 1
        level = [inner for one in level for inner in _inside(one)]
    return deepest


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
