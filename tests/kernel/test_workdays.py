"""Working days by the official calendar, make-up days included."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liandong.kernel.errors import Broken
from liandong.kernel.workdays import (
    DeclaredYear,
    WorkCalendar,
    add_working_days,
    is_working_day,
    working_days_between,
)

DAYS = st.dates(date(2019, 3, 1), date(2026, 3, 1))
COUNTS = st.integers(0, 60)


@pytest.mark.parametrize(("year", "count"), [(2020, 121), (2021, 122)])
def test_working_days_of_the_half_years_in_the_report(year: int, count: int) -> None:
    assert working_days_between(date(year, 1, 1), date(year, 6, 30)) == count


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2021, 10, 9), True),  # Saturday, made up for National Day
        (date(2021, 10, 8), True),
        (date(2021, 10, 7), False),
        (date(2020, 1, 31), False),  # the spring festival that was prolonged
        (date(2020, 2, 2), False),
        (date(2026, 2, 14), True),  # Saturday before the spring festival
        (date(2026, 10, 10), True),
    ],
)
def test_holidays_and_make_up_days(day: date, works: bool) -> None:
    assert is_working_day(day) is works


def test_a_missing_year_is_an_error_and_not_a_guess() -> None:
    with pytest.raises(Broken) as refused:
        is_working_day(date(1999, 5, 4))
    assert refused.value.code == "law.calendar_missing"
    assert refused.value.values == {"year": 1999}


def test_a_period_that_runs_into_a_missing_year_is_an_error() -> None:
    with pytest.raises(Broken):
        add_working_days(date(2003, 12, 20), -30).isoformat()
    with pytest.raises(Broken):
        working_days_between(date(2003, 12, 31), date(2004, 1, 2))


def test_an_override_wins_over_the_base_calendar() -> None:
    flood = date(2021, 7, 21)
    calendar = WorkCalendar(overrides={flood: False})
    assert is_working_day(flood)
    assert not calendar.is_working_day(flood)
    assert calendar.working_days_between(flood, flood) == 0


def test_a_declared_year_fills_a_gap() -> None:
    year = DeclaredYear(1999, rest_on=frozenset({date(1999, 10, 1)}), work_on=frozenset({date(1999, 10, 9)}))
    calendar = WorkCalendar(declared=(year,))
    assert [calendar.is_working_day(date(1999, 10, day)) for day in (1, 2, 4, 9)] == [False, False, True, True]


@given(DAYS, COUNTS)
def test_a_period_holds_as_many_working_days_as_it_says(day: date, count: int) -> None:
    end = add_working_days(day, count)
    assert working_days_between(day + timedelta(days=1), end) == count
    assert count == 0 or is_working_day(end)


@given(DAYS, COUNTS, COUNTS)
def test_periods_add_up_in_any_order(day: date, one: int, other: int) -> None:
    assert add_working_days(add_working_days(day, one), other) == add_working_days(day, one + other)


@given(DAYS, st.integers(1, 60))
def test_counting_back_from_a_working_day_undoes_counting_on(day: date, count: int) -> None:
    start = WorkCalendar().next_working_day(day)
    assert add_working_days(add_working_days(start, count), -count) == start


@given(DAYS, st.integers(0, 400))
def test_the_count_equals_the_days_counted_one_by_one(first: date, length: int) -> None:
    last = min(first + timedelta(days=length), date(2026, 12, 31))
    one_by_one = sum(is_working_day(first + timedelta(days=n)) for n in range((last - first).days + 1))
    assert working_days_between(first, last) == one_by_one


def test_an_empty_period_has_no_working_days() -> None:
    assert working_days_between(date(2021, 5, 2), date(2021, 5, 1)) == 0
