"""Errors: one shape, three families, words in two languages. Their catalogue is tested with the house."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liandong.kernel.errors import Broken, FieldError, Invalid, LiandongError, Refused, catalogue, fill


def test_a_refusal_as_json() -> None:
    body = Refused("access.locked", minutes=15).body("request-1")
    assert body == {
        "type": "urn:liandong:error:access.locked",
        "status": 403,
        "code": "access.locked",
        "title": "登录失败次数过多，账号已锁定 15 分钟",
        "title_en": "Too many failed sign-ins; the account is locked for 15 minutes",
        "rule": None,
        "field_errors": [],
        "request_id": "request-1",
    }


def test_fields_that_cannot_be_used_are_named_in_both_languages() -> None:
    error = Invalid("kernel.invalid_input", field_errors=[FieldError("lon", "kernel.invalid_field", {"why": "示例"})])
    [field] = error.body()["field_errors"]
    assert field == {
        "field": "lon",
        "code": "kernel.invalid_field",
        "message": "内容不符合要求：示例",
        "message_en": "This cannot be used: 示例",
    }


@pytest.mark.parametrize(("family", "status"), [(Refused, 409), (Invalid, 422), (Broken, 500)])
def test_a_code_without_words_shows_itself_and_its_familys_status(family: type[LiandongError], status: int) -> None:
    error = family("nobody.knows_it")
    assert (error.status, error.title("zh"), error.title("en")) == (status, "nobody.knows_it", "nobody.knows_it")


def test_the_catalogues_status_counts_unless_another_is_given() -> None:
    assert Refused("kernel.not_found").status == 404
    assert Refused("kernel.refused", status=418).status == 418
    assert "418" in Refused("kernel.refused", status=418).title("zh")


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_a_missing_value_stays_in_sight_and_breaks_nothing(code: str) -> None:
    words = Refused(code)
    assert words.title("zh")
    assert words.title("en")
    assert str(words).startswith(f"{code}: ")


@given(value=st.text())
def test_what_people_typed_is_filled_in_as_it_is(value: str) -> None:
    assert fill("“{name}”不是可选项", {"name": value}, "zh") == f"“{value}”不是可选项"
