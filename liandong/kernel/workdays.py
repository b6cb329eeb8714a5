"""Working days on the official Chinese calendar: rest days, holidays and make-up working days.

The base calendar is the one that the State Council orders each autumn, as the package `chinesecalendar` carries it.
A year that neither it nor an override knows is an error, never a guess.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import chinese_calendar

from liandong.kernel.errors import Broken

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class DeclaredYear:
    """A whole year declared by hand: weekdays that rest and week-end days that work."""

    year: int
    rest_on: frozenset[date] = frozenset()
    work_on: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Whether `day` works: a weekday unless it rests, a week-end day only if it makes up."""
        if day in self.work_on:
            return True
        return day.weekday() < 5 and day not in self.rest_on


@dataclass(frozen=True)
class WorkCalendar:
    """The working days that count here: the base calendar, whole declared years, and single days overridden."""

    overrides: Mapping[date, bool] = field(default_factory=dict)
    declared: tuple[DeclaredYear, ...] = ()
    _years: dict[int, list[date]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def is_working_day(self, day: date) -> bool:
        """Whether people work on `day`.

        Raises    law.calendar_missing: no calendar for that year
        """
        days = self._working_days_of(day.year)
        at = bisect_left(days, day)
        return at < len(days) and days[at] == day

    def add_working_days(self, day: date, count: int) -> date:
        """The day on which a period of `count` working days ends; the count starts the day after `day`.

        `count` 0 gives `day` itself; a negative count goes back.

        Raises    law.calendar_missing
        Basis     行政处罚法 §85 (工作日); the first day is not counted: 民事诉讼法 §85
        """
        step = ONE_DAY if count >= 0 else -ONE_DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def next_working_day(self, day: date) -> date:
        """`day` itself if it works, else the first working day after it.

        Raises    law.calendar_missing
        """
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days lie from `first` to `last`, both included; 0 if `last` is before `first`.

        Raises    law.calendar_missing
        """
        if last < first:
            return 0
        total = 0
        for year in range(first.year, last.year + 1):
            days = self._working_days_of(year)
            total += bisect_right(days, last) - bisect_left(days, first)
        return total

    def rest_days_between(self, first: date, last: date) -> list[date]:
        """The days from `first` to `last`, both included, on which nobody works, in order."""
        span = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
        return [day for day in span if not self.is_working_day(day)]

    def _working_days_of(self, year: int) -> list[date]:
        """The working days of a year in order, found once."""
        if year not in self._years:
            self._years[year] = self._find_working_days(year)
        return self._years[year]

    def _find_working_days(self, year: int) -> list[date]:
        declared = next((one for one in self.declared if one.year == year), None)
        works = declared.is_working_day if declared else _base_is_working_day
        first = date(year, 1, 1)
        span = (first + timedelta(days=offset) for offset in range((date(year + 1, 1, 1) - first).days))
        return [day for day in span if self.overrides.get(day, works(day))]


def _base_is_working_day(day: date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError as unknown:
        raise Broken("law.calendar_missing", year=day.year) from unknown


OFFICIAL = WorkCalendar()
"""The official calendar without any local override."""


def is_working_day(day: date) -> bool:
    """Whether people work on `day` by the official calendar. See `WorkCalendar.is_working_day`."""
    return OFFICIAL.is_working_day(day)


def add_working_days(day: date, count: int) -> date:
    """The end of a period of working days by the official calendar. See `WorkCalendar.add_working_days`."""
    return OFFICIAL.add_working_days(day, count)


def working_days_between(first: date, last: date) -> int:
    """Working days from `first` to `last`, both included. See `WorkCalendar.working_days_between`."""
    return OFFICIAL.working_days_between(first, last)
