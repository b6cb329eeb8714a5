"""A day is a Beijing day, whatever zone the instant came in."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liandong.kernel import clock

INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001


def test_now_is_aware_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)


def test_the_beijing_day_begins_at_sixteen_utc_the_day_before() -> None:
    assert clock.beijing_day(datetime(2021, 6, 30, 15, 59, 59, tzinfo=UTC)) == date(2021, 6, 30)
    assert clock.beijing_day(datetime(2021, 6, 30, 16, 0, tzinfo=UTC)) == date(2021, 7, 1)
    assert clock.start_of_day(date(2021, 7, 1)) == datetime(2021, 6, 30, 16, 0, tzinfo=UTC)


def test_a_naive_instant_has_no_day() -> None:
    with pytest.raises(ValueError, match="time zone"):
        clock.beijing_day(datetime(2021, 7, 1))  # noqa: DTZ001


@given(INSTANTS, st.integers(-14, 14))
def test_every_instant_lies_in_its_day_in_any_zone(instant: datetime, hours: int) -> None:
    elsewhere = instant.astimezone(timezone(timedelta(hours=hours)))
    day = clock.beijing_day(elsewhere)
    assert clock.start_of_day(day) <= instant < clock.end_of_day(day)
    assert clock.end_of_day(day) == clock.start_of_day(day + timedelta(days=1))
