"""The fast way writes what RFC 8785 asks for, byte by byte."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from liandong.kernel import canonical

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
NUMBERS = st.integers(-canonical.LARGEST_INT, canonical.LARGEST_INT) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=30,
)


@given(JSON)
def test_any_json_is_written_as_the_reference_writes_it(value: Any) -> None:
    assert canonical.canonical_bytes(value) == rfc8785.dumps(value)


@given(st.floats(1e-4, 1e16) | st.floats(-180, 180) | st.decimals(-180, 180, places=6).map(float))
def test_numbers_near_every_bound(value: float) -> None:
    assert canonical.canonical_bytes(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [2**53, -(2**53), float("nan"), float("inf"), {"a": [2**60]}, "\ud800"])
def test_what_json_cannot_carry_is_refused(value: Any) -> None:
    with pytest.raises((rfc8785.CanonicalizationError, UnicodeEncodeError)):
        canonical.canonical_bytes(value)


def test_names_sort_as_utf_16() -> None:
    value = {"\U0001f600": 1, "\ufb33": 2}
    assert canonical.canonical_bytes(value) == '{"\U0001f600":1,"\ufb33":2}'.encode()


class Colour(StrEnum):
    """A word among others."""

    red = "red"


def test_ids_times_days_and_enums_are_the_strings_that_json_carries() -> None:
    value = {
        "id": UUID(int=7),
        "at": datetime(2026, 3, 2, 6, 0, tzinfo=UTC),
        "on": date(2026, 3, 2),
        "colour": Colour.red,
        "pair": (1, 2.0),
    }
    written = (
        '{"at":"2026-03-02T06:00:00+00:00","colour":"red","id":"00000000-0000-0000-0000-000000000007",'
        '"on":"2026-03-02","pair":[1,2]}'
    )
    assert canonical.canonical_bytes(value) == written.encode()
