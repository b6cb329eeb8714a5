"""Printed figures, their comparison and their periods: what a reader with a pocket calculator gets."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liandong.kernel.errors import Invalid
from liandong.oversight.efficiency.arithmetic import Compared, half_up, index, share
from liandong.oversight.efficiency.periods import Period, batch_period, months


def test_the_published_half_year_is_met() -> None:
    activity = Compared(index(71437, 563 * 122), index(44231, 571 * 121))
    assert (activity.value, activity.previous, activity.change) == (Decimal("1.04"), Decimal("0.64"), Decimal("0.40"))
    assert activity.percent == Decimal("62.5")
    assert Compared(Decimal(25799), Decimal(18169)).percent == Decimal("41.99")
    assert Compared(Decimal(71437), Decimal(44231)).percent == Decimal("61.51")
    assert share(111, 121) == Decimal("91.7")


@pytest.mark.parametrize(
    ("value", "rounded"), [("0.125", "0.13"), ("-0.125", "-0.13"), ("2.675", "2.68"), ("1.0049", "1.00")]
)
def test_a_half_is_rounded_as_people_do(value: str, rounded: str) -> None:
    assert half_up(Decimal(value), 2) == Decimal(rounded)


def test_nothing_is_divided_by_nothing() -> None:
    assert index(5, 0) is None
    assert share(0, 0) is None
    assert Compared(Decimal(5), Decimal(0)).percent is None
    assert Compared(Decimal(5), Decimal(0)).change == 5
    assert (Compared(Decimal(5)).change, Compared(None, Decimal(1)).change) == (None, None)


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_percentages_come_from_the_printed_figures(value: int, previous: int) -> None:
    figure = Compared(half_up(Decimal(value) / 100, 2), half_up(Decimal(previous) / 100, 2))
    assert figure.change is not None
    assert figure.percent is not None
    assert figure.previous
    assert abs(figure.percent - figure.change * 100 / figure.previous) <= Decimal("0.005")


@pytest.mark.parametrize(
    ("period", "before"),
    [
        (Period(date(2021, 1, 1), date(2021, 6, 30)), Period(date(2020, 1, 1), date(2020, 6, 30))),
        (Period(date(2021, 2, 1), date(2021, 2, 28)), Period(date(2020, 2, 1), date(2020, 2, 29))),
        (Period(date(2020, 2, 1), date(2020, 2, 29)), Period(date(2019, 2, 1), date(2019, 2, 28))),
        (Period(date(2020, 2, 29), date(2020, 3, 15)), Period(date(2019, 2, 28), date(2019, 3, 15))),
    ],
)
def test_a_year_before_is_the_same_days(period: Period, before: Period) -> None:
    assert period.year_before() == before


@given(st.dates(date(2001, 1, 1), date(2090, 1, 1)), st.integers(0, 400))
def test_a_year_before_is_always_a_period(first: date, days: int) -> None:
    period = Period(first, first + timedelta(days=days))
    assert abs((period.year_before().to_on - period.year_before().from_on).days - days) <= 2


def test_a_period_does_not_run_backwards() -> None:
    with pytest.raises(Invalid):
        Period(date(2021, 1, 2), date(2021, 1, 1))


@pytest.mark.parametrize(
    ("batch", "period"),
    [
        ("2021Q1", months(2021, 1, 3)),
        ("2021-Q4", months(2021, 10, 12)),
        ("2021年第二季度", months(2021, 4, 6)),
        ("2021年三季度", months(2021, 7, 9)),
        ("2021年5月", months(2021, 5, 5)),
        ("2021年上半年", months(2021, 1, 6)),
        ("2021H2", months(2021, 7, 12)),
        ("2021年度", months(2021, 1, 12)),
        ("第一批", None),
        ("", None),
    ],
)
def test_a_batch_names_its_days(batch: str, period: Period | None) -> None:
    assert batch_period(batch) == period
