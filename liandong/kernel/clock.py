"""Time: instants are aware UTC, days are Beijing calendar days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

# China has kept one offset without summer time since 1992; a fixed offset needs no time-zone database.
BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CLOCKS_DIFFER_BY = timedelta(minutes=2)
"""How far a device's clock may be ahead of ours: those that hear of the network's time are within seconds."""


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def beijing_day(instant: datetime) -> date:
    """The Beijing calendar day in which an aware instant lies.

    Raises    ValueError for a naive instant: its day would be a guess
    """
    if instant.tzinfo is None:
        raise ValueError("an instant without a time zone belongs to no day")
    return instant.astimezone(BEIJING).date()


def beijing_today() -> date:
    """The Beijing calendar day of the present instant."""
    return beijing_day(now())


def start_of_day(day: date) -> datetime:
    """The first instant of a Beijing day, in UTC."""
    return datetime.combine(day, time.min, BEIJING).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The first instant after a Beijing day, in UTC: `start_of_day(d) <= instant < end_of_day(d)`."""
    return start_of_day(day + timedelta(days=1))
