"""Periods of the law: when they end, and which days did not count."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import cache

from liandong.kernel.errors import Broken
from liandong.kernel.workdays import DeclaredYear, WorkCalendar
from liandong.registers.law.answers import Deadline, Rule
from liandong.registers.law.loader import rulebook
from liandong.registers.law.queries import rule


@cache
def calendar() -> WorkCalendar:
    """The official calendar with what the rulebook adds to it."""
    added = rulebook().calendar
    return WorkCalendar(
        overrides={override.date: override.works for override in added.overrides},
        declared=tuple(DeclaredYear(one.year, frozenset(one.rest_on), frozenset(one.work_on)) for one in added.years),
    )


def deadline(key: str, start_on: date, *, area: str | None = None) -> Deadline:
    """The last day of the period `key` that starts the day after `start_on`, by the rule in force on `start_on`.

    Raises    law.rule_unknown, law.rule_not_in_force, law.not_a_deadline (a period in hours, or no period),
              law.calendar_missing
    Basis     行政处罚法 §85, 行政强制法 §69 (工作日); 民事诉讼法 §85 (the first day is not counted)
    """
    found = rule(key, on=start_on, area=area)
    nominal = period_end(found, start_on)
    due = calendar().next_working_day(nominal) if found.roll == "next_working_day" else nominal
    return Deadline(found, start_on, due, _skipped(found, start_on, nominal, due))


def latest_day_before(key: str, event_on: date, *, area: str | None = None) -> Deadline:
    """The last day on which something must be done so that the period `key` lies between it and `event_on`.

    For rules such as 举行听证的七日前. `due_on` is that day; `skipped` are the rest days in between.

    Raises    as `deadline`
    """
    found = rule(key, on=event_on, area=area)
    latest = period_end(found, event_on, back=True)
    skipped: tuple[date, ...] = ()
    if found.unit == "working_day":
        skipped = tuple(calendar().rest_days_between(latest, event_on - timedelta(days=1)))
    return Deadline(found, event_on, latest, skipped)


def period_end(found: Rule, start_on: date, *, back: bool = False) -> date:
    """Where the period of a rule ends, counted on (or back) from `start_on`, before its end moves off a rest day.

    Raises    law.not_a_deadline, law.calendar_missing
    """
    if found.unit not in ("working_day", "calendar_day", "month", "year"):
        raise Broken("law.not_a_deadline", key=found.key)
    count = -found.number if back else found.number
    if found.unit == "working_day":
        return calendar().add_working_days(start_on, count)
    if found.unit == "calendar_day":
        return start_on + timedelta(days=count)
    return add_months(start_on, count * (12 if found.unit == "year" else 1))


def add_months(day: date, count: int) -> date:
    """The same day `count` months on; the last day of that month if it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _skipped(found: Rule, start_on: date, nominal: date, due: date) -> tuple[date, ...]:
    if found.unit == "working_day":
        return tuple(calendar().rest_days_between(start_on + timedelta(days=1), due))
    if due > nominal:
        return tuple(calendar().rest_days_between(nominal, due))
    return ()
