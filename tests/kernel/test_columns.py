"""Headers are found under titles, known under many names, and overruled by the user."""

from __future__ import annotations

import pytest

from liandong.kernel.columns import Table, choose_mapping, column_letter, fields_of, find_table, require_columns
from liandong.kernel.errors import Invalid
from liandong.kernel.sheets import read_sheets

FIELDS = fields_of(
    {
        "name": {"zh": "单位名称", "headers": ["企业名称"], "required": True},
        "code": {"zh": "统一社会信用代码", "headers": ["信用代码", "代码"]},
        "lon": {"zh": "经度", "headers": ["lng"]},
        "lat": {"zh": "纬度"},
    }
)


def table(*lines: str) -> Table:
    """The table in a CSV file of these lines."""
    return find_table(read_sheets("\n".join(lines).encode()), FIELDS)


def test_a_header_is_found_under_title_lines() -> None:
    found = table("某市污染源名录,,", "填报人：示例,,2021 年,", "企业名称 *,代码,LNG", "示例厂,1,2")
    assert (found.header_row, [row.number for row in found.rows]) == (3, [4])
    assert choose_mapping(found, FIELDS, {}) == {"name": "企业名称 *", "code": "代码", "lon": "LNG", "lat": None}


def test_a_header_over_two_rows_is_read_as_one() -> None:
    found = table("单位名称,代码,坐标,", ",,经度(°),纬度", "示例厂,1,2,3")
    assert found.columns == ["单位名称", "代码", "经度(°)", "纬度"]
    assert [row.number for row in found.rows] == [3]


def test_repeated_and_blank_headers_become_names_of_their_own() -> None:
    assert table("单位名称,备注,,备注", "甲,1,2,3").columns == ["单位名称", "备注", "C", "备注 [D]"]


def test_the_surest_header_wins_and_no_column_serves_twice() -> None:
    found = table("代码,统一社会信用代码,污染源单位名称", "1,2,示例厂")
    mapping = choose_mapping(found, FIELDS, {})
    assert mapping["code"] == "统一社会信用代码"
    assert mapping["name"] == "污染源单位名称"


def test_the_user_wins_by_name_by_letter_and_by_taking_a_column_away() -> None:
    found = table("单位名称,旧代码,代码", "示例厂,1,2")
    assert choose_mapping(found, FIELDS, {"code": "旧代码"})["code"] == "旧代码"
    assert choose_mapping(found, FIELDS, {"code": "b"})["code"] == "旧代码"
    assert choose_mapping(found, FIELDS, {"code": ""})["code"] is None


@pytest.mark.parametrize(
    ("wanted", "code"),
    [({"code": "没有这列"}, "import.column_unknown"), ({"nothing": "代码"}, "import.mapping_invalid")],
)
def test_a_wish_that_cannot_be_met_is_refused(wanted: dict[str, str], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        choose_mapping(table("单位名称,代码", "示例厂,1"), FIELDS, wanted)
    assert refused.value.code == code


def test_a_required_column_must_be_there() -> None:
    with pytest.raises(Invalid) as refused:
        require_columns(choose_mapping(table("代码,经度", "1,2"), FIELDS, {}), FIELDS)
    assert refused.value.code == "import.column_missing"


@pytest.mark.parametrize(("place", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_have_the_letters_of_a_spreadsheet(place: int, letter: str) -> None:
    assert column_letter(place) == letter
