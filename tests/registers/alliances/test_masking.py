"""What an ally is shown of a row: what the rule names, as it says, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liandong.kernel.clock import beijing_today
from liandong.kernel.errors import Broken
from liandong.registers import law
from liandong.registers.alliances.masking import masked
from liandong.registers.law.sharing_shapes import Ends, Rounded

RULE = law.sharing("border_list", on=beijing_today())
COMPANY, INDIVIDUAL = "91370000MA3EXAMPL1", "92370000MA3EXAMPL2"


@pytest.mark.parametrize(
    ("name", "uscc", "shown"),
    [
        ("示例边界化工厂", None, "示例边界化工厂"),
        ("张三五金店", None, "张＊＊"),
        ("张三五金店", INDIVIDUAL, "张＊＊"),
        ("张三铸造厂", INDIVIDUAL, "张＊＊"),
        ("示例商行", COMPANY, "示例商行"),
    ],
)
def test_the_name_of_a_person_is_not_told(name: str, uscc: str | None, shown: str) -> None:
    assert masked(RULE, {"name": name, "uscc": uscc})["name"] == shown


def test_what_the_rule_does_not_name_is_not_shown() -> None:
    row: dict[str, Any] = {"name": "示例厂", "uscc": COMPANY, "contact_phone": "000-0000", "lon": 117.0, "lat": None}
    assert masked(RULE, row) == {
        "name": "示例厂", "uscc": "91370000******MPL1", "contact_phone": None, "lon": 117.0, "lat": None,
    }  # fmt: skip
    assert RULE.status == "unconfirmed"
    assert RULE.basis
    with pytest.raises(Broken, match=r"law\.rule_unknown"):
        law.sharing("unheard", on=beijing_today())


@given(code=st.text(min_size=1, max_size=30), first=st.integers(1, 9), last=st.integers(1, 9))
def test_a_code_keeps_its_length_and_hides_its_middle(code: str, first: int, last: int) -> None:
    sharing = law.Sharing("any", {"code": Ends(first=first, last=last)}, "unconfirmed", (), "")
    shown = masked(sharing, {"code": code})["code"]
    assert len(shown) == len(code)
    assert shown.count("*") >= (len(code) - first - last if len(code) > first + last else len(code))


@given(value=st.floats(-180, 180), decimals=st.integers(0, 6))
def test_a_place_can_be_told_roughly(value: float, decimals: int) -> None:
    sharing = law.Sharing("any", {"lon": Rounded(decimals=decimals)}, "unconfirmed", (), "")
    assert abs(masked(sharing, {"lon": value})["lon"] - value) <= 0.5 * 10**-decimals + 1e-9
