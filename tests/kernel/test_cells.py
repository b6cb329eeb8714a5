"""A cell is read as people write it, and never guessed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liandong.kernel.cells import clean_code, clean_text, read_day, read_instant, read_number, split_list
from liandong.kernel.clock import BEIJING


@pytest.mark.parametrize("raw", ["", " ", "-", "—", "无", "／", "/", "\u200b", "N/A", "暂无", "\u3000"])
def test_there_are_many_words_for_nothing(raw: str) -> None:
    assert clean_text(raw) is None
    assert clean_code(raw) is None


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (" 示例 厂\u200b", "示例 厂"),
        ("第１厂（Ａ区）", "第1厂（A区）"),
        ("示例\u3000厂", "示例 厂"),
        ("甲\n乙", "甲 乙"),
    ],
)
def test_text_is_cleaned_and_chinese_punctuation_stays(raw: str, text: str) -> None:
    assert clean_text(raw) == text


@pytest.mark.parametrize(
    "written",
    [
        "2021-01-04",
        "2021/1/4",
        "2021.1.4",
        "20210104",
        "2021年1月4日",
        "２０２１-０１-０４",
        "44200",
        "2021-01-04 09:30",
        "2021-1-4 9:5:1",
    ],
)
def test_a_day_has_many_spellings(written: str) -> None:
    assert read_day(written) == date(2021, 1, 4)


@pytest.mark.parametrize("written", ["", "昨天", "2021-13-01", "2021-02-30", "9:30", "1", "2021-01-04 x", "2021"])
def test_what_is_no_day_is_refused(written: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any value error will do
        read_day(written)


@pytest.mark.parametrize(
    "written",
    ["2021-01-04 09:30", "2021/1/4 9:30", "2021年1月4日 9时30分", "20210104093000", "2021-01-04T01:30:00Z", "9:30"],
)
def test_an_instant_is_beijing_time_unless_it_says_otherwise(written: str) -> None:
    assert read_instant(written, date(2021, 1, 4)) == datetime(2021, 1, 4, 9, 30, tzinfo=BEIJING)


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1)))  # noqa: DTZ001
def test_every_instant_that_is_written_is_read_back(instant: datetime) -> None:
    said = instant.replace(tzinfo=BEIJING)
    assert read_instant(said.isoformat()) == said
    assert abs(read_instant(f"{said:%Y-%m-%d %H:%M}") - said) < timedelta(minutes=1)


@pytest.mark.parametrize("written", ["nan", "inf", "", "一百", "1.2.3"])
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any value error will do
        read_number(written)


def test_a_list_may_be_separated_by_anything() -> None:
    assert split_list("甲;乙；丙，丁、戊 己|庚/辛,") == list("甲乙丙丁戊己庚辛")
