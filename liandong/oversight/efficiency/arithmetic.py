"""Figures as they are printed: rounded half up, and compared by what is printed. Pure.

A reader with a pocket calculator gets the same percentages from the printed figures: 0.40 ÷ 0.64 = 62.5 %.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

INDEX_DIGITS = 2
PERCENT_DIGITS = 2
COVERAGE_DIGITS = 1


def half_up(value: Decimal, digits: int) -> Decimal:
    """A number rounded as people do: a half goes away from zero."""
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def share(part: int, whole: int, digits: int = COVERAGE_DIGITS) -> Decimal | None:
    """A part as a percentage of the whole; None of nothing."""
    return half_up(Decimal(part) * 100 / Decimal(whole), digits) if whole else None


def mean(total: Decimal, count: int) -> Decimal | None:
    """An average with one digit; None of nothing."""
    return half_up(total / Decimal(count), COVERAGE_DIGITS) if count else None


def index(turnouts: int, officer_days: int) -> Decimal | None:
    """Turnouts per officer and working day; None where no officer was on the roster."""
    return half_up(Decimal(turnouts) / Decimal(officer_days), INDEX_DIGITS) if officer_days else None


@dataclass(frozen=True)
class Compared:
    """A printed figure beside the one before it; None where there is nothing to compare or to divide by."""

    value: Decimal | None
    previous: Decimal | None = None

    @property
    def change(self) -> Decimal | None:
        """How much it grew."""
        return None if self.value is None or self.previous is None else self.value - self.previous

    @property
    def percent(self) -> Decimal | None:
        """How much it grew, in percent of the one before."""
        if self.change is None or not self.previous:
            return None
        return half_up(self.change * 100 / self.previous, PERCENT_DIGITS)
