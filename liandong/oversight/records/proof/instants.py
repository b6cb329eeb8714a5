"""Instants as they stand in a record: ISO 8601 texts in any zone, compared as microseconds since 1970 (UTC)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

TEXT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?(Z|z|[+-][0-9]{2}:?[0-9]{2})"
)
EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
BEIJING_US = 8 * 3600 * 1_000_000


def micros(text: Any) -> int | None:
    """The instant that a text names, or None if it names none. Beyond microseconds nothing is kept."""
    found = TEXT.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    *whole, fraction, zone = found.groups()
    year, month, day, hour, minute, second = (int(part or 0) for part in whole)
    microsecond = int((fraction or "0")[:6].ljust(6, "0"))
    try:
        instant = datetime(year, month, day, hour, minute, second, microsecond, _zone(zone))
        return (instant - EPOCH) // MICROSECOND
    except (ValueError, OverflowError):
        return None


def _zone(text: str) -> timezone:
    if text in "Zz":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 23 or minutes > 59:
        raise ValueError(text)
    return timezone((1 if text[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))


def beijing_day(text: Any) -> str | None:
    """The Beijing calendar day of an instant, `YYYY-MM-DD`."""
    instant = micros(text)
    if instant is None:
        return None
    try:
        return (EPOCH + (instant + BEIJING_US) * MICROSECOND).date().isoformat()
    except OverflowError:
        return None


def same(one: Any, other: Any) -> bool:
    """Whether two texts name one instant; texts that name none are the same only if they are equal."""
    first, second = micros(one), micros(other)
    return one == other if first is None or second is None else first == second
