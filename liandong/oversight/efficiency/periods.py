"""Periods of days: the same days a year before, and the days that a batch of draws stands for. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from liandong.kernel.errors import Invalid

QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4}
BATCH = re.compile(
    r"(?P<year>(?:19|20)\d{2})\s*(?:年度?)?\s*[-_/]?\s*"
    r"(?:(?:[Qq]|第)?(?P<quarter>[1-4一二三四])(?:季度?)?"
    r"|第?(?P<month>0[1-9]|1[0-2]|[1-9])月|(?P<half>上|下)半年|[Hh](?P<number>[12]))?"
)


@dataclass(frozen=True)
class Period:
    """Days from the first to the last, both included."""

    from_on: date
    to_on: date

    def __post_init__(self) -> None:
        if self.to_on < self.from_on:
            raise Invalid("kernel.days_out_of_order")

    def touches(self, other: Period) -> bool:
        """Whether the two have a day in common."""
        return self.from_on <= other.to_on and other.from_on <= self.to_on

    def year_before(self) -> Period:
        """The same days a year before; a period that ends with its month still does."""
        return Period(_year_before(self.from_on), _year_before(self.to_on, is_last=True))


def _year_before(day: date, *, is_last: bool = False) -> date:
    last = monthrange(day.year - 1, day.month)[1]
    ends_month = day.day == monthrange(day.year, day.month)[1]
    return date(day.year - 1, day.month, last if is_last and ends_month else min(day.day, last))


def months(year: int, first: int, last: int) -> Period:
    """Whole months of one year."""
    return Period(date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def batch_period(batch: str) -> Period | None:
    """The days that a batch such as `2021Q1`, `2021年第一季度` or `2021年上半年` stands for; None if it names none."""
    match = BATCH.fullmatch("".join(batch.split()))
    if match is None:
        return None
    year = int(match["year"])
    if match["quarter"]:
        quarter = QUARTERS.get(match["quarter"]) or int(match["quarter"])
        return months(year, quarter * 3 - 2, quarter * 3)
    if match["month"]:
        return months(year, int(match["month"]), int(match["month"]))
    if match["half"] or match["number"]:
        return months(year, 1, 6) if match["half"] == "上" or match["number"] == "1" else months(year, 7, 12)
    return months(year, 1, 12)
