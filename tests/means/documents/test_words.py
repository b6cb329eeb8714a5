"""What a paper says is what was said: nothing invisible slips in, nothing visible is lost, no line is too long."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liandong.means.documents.words import BREAK, LONGEST_RUN, breakable, clean, minute, position


def test_an_instant_is_told_to_the_minute_in_beijing() -> None:
    assert minute(datetime(2026, 12, 31, 16, 5, 59, tzinfo=UTC)) == "2027年1月1日0时05分"
    assert minute(None) is None


def test_a_position_names_its_hemispheres() -> None:
    assert position(117.0010049, 36.6) == "东经117.00100°、北纬36.60000°"
    assert position(-1.5, -2.25) == "西经1.50000°、南纬2.25000°"
    assert position(117.0, None) is None


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("停\u202e运不", "停运不"),
        ("a\u200bb\ufeffc\u2060d", "abcd"),
        ("一\r\n二\r三\u2028四", "一\n二\n三\n四"),
        ("一\u00a0二\t三\u3000四", "一 二 三\u3000四"),
        ("葛\U000e0100城", "葛\U000e0100城"),
        (" \x00\x1b ", ""),
    ],
)
def test_what_cannot_be_seen_is_not_kept(given_text: str, kept: str) -> None:
    assert clean(given_text) == kept


@given(st.text(max_size=300))
def test_places_to_break_add_nothing_else(text: str) -> None:
    text = clean(text)
    assert breakable(text).replace(BREAK, "") == text


@given(st.text(alphabet=st.characters(exclude_categories=("C", "Z"), max_codepoint=0x2FF), min_size=LONGEST_RUN + 1))
def test_a_run_without_a_place_to_break_gets_one_after_each_character(text: str) -> None:
    assert breakable(text) == BREAK.join(text)


def test_ordinary_words_stay_whole() -> None:
    text = "排放口 DA001 的 VOCs 浓度为 120mg/m3，超过 GB 16297-1996 限值。"
    assert breakable(text) == text
