"""Spreadsheets as people send them: whatever the encoding, separator and damage, every row is there with its number."""

from __future__ import annotations

import gzip
import io
from datetime import date, datetime

import pytest
import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st

from liandong.kernel.errors import Invalid
from liandong.kernel.sheets import read_sheets

HEADER = "单位名称,信用代码"


def rows(data: bytes) -> list[tuple[int, tuple[str, ...]]]:
    """Number and cells of every row of the only sheet."""
    (sheet,) = read_sheets(data)
    return [(row.number, row.cells) for row in sheet.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_encoding_and_separator_reads_the_same(encoding: str, separator: str) -> None:
    text = separator.join(["单位名称", "信用代码"]) + "\n" + separator.join(["示例厂", "甲1"]) + "\n"
    assert rows(text.encode(encoding)) == [(1, ("单位名称", "信用代码")), (2, ("示例厂", "甲1"))]


def test_a_packed_file_is_unpacked() -> None:
    assert rows(gzip.compress(f"{HEADER}\n示例厂,1\n".encode())) == rows(f"{HEADER}\n示例厂,1\n".encode())


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_blank_rows_count_but_are_left_out(ending: str) -> None:
    text = ending.join([HEADER, "", "示例厂,1", ",", "样本厂,2"])
    assert [number for number, _ in rows(text.encode())] == [1, 3, 5]


def test_a_cell_may_go_on_over_lines_and_counts_as_one_row() -> None:
    text = f'{HEADER}\n"示例\n厂",1\n样本厂,2\n'
    assert rows(text.encode())[1:] == [(2, ("示例\n厂", "1")), (3, ("样本厂", "2"))]


def test_a_stray_quotation_mark_swallows_no_other_row() -> None:
    text = f'{HEADER}\n"示例厂,1\n样本厂,2\n"样本二厂,3\n样本三厂,4\n'
    (sheet,) = read_sheets(text.encode())
    assert [row.cells[1] for row in sheet.rows] == ["信用代码", "1", "2", "3", "4"]
    assert sheet.stray_quotes == [2, 4]


def test_a_mark_inside_a_bare_cell_is_plain_text() -> None:
    assert rows(f'{HEADER}\n5"管厂,1\n样本厂,2\n'.encode())[1] == (2, ('5"管厂', "1"))


def test_a_few_broken_bytes_do_not_turn_the_file_into_another_encoding() -> None:
    text = f"{HEADER}\n" + "示例有限责任公司,1\n" * 200
    broken = text.encode()[:-10] + b"\xff" + text.encode()[-10:]
    (sheet,) = read_sheets(broken)
    assert sheet.encoding == "utf-8"
    assert len(sheet.rows) == 201


def test_a_workbook_gives_cells_as_a_person_would_type_them() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd", "remove_timezone": True}) as book:
        sheet = book.add_worksheet("名录")
        for place, value in enumerate(["名称", 130903, 116.5, date(2021, 1, 4), datetime(2021, 1, 4, 9, 30)]):  # noqa: DTZ001
            sheet.write(2, place, value)
        book.add_worksheet("空表")
    (found,) = read_sheets(file.getvalue())
    assert (found.sheet_name, found.rows[0].number) == ("名录", 3)
    assert found.rows[0].cells == ("名称", "130903", "116.5", "2021-01-04", "2021-01-04 09:30:00")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "import.file_empty"),
        (b" \n\n", "import.file_empty"),
        (b"PK\x03\x04 broken", "import.file_unreadable"),
        (b"\x1f\x8b broken", "import.file_unreadable"),
        (bytes(range(256)) * 8, "import.encoding_unknown"),
    ],
)
def test_what_is_no_spreadsheet_says_so(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_sheets(data)
    assert refused.value.code == code


CELLS = st.text(
    st.characters(codec="gb18030", exclude_characters='\r\n",\x00', exclude_categories=["Cc", "Cs"]), max_size=8
)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=20), st.sampled_from(["utf-8", "gb18030"]))
@example([("", "\ufffd")], "utf-8")
@example([("", "\ufffd")], "gb18030")
def test_no_row_is_ever_lost(table: list[tuple[str, str]], encoding: str) -> None:
    text = "单位名称,统一社会信用代码示例\n" + "".join(f"示例厂{one},{other}\n" for one, other in table)
    (sheet,) = read_sheets(text.encode(encoding))
    assert [row.number for row in sheet.rows] == list(range(1, len(table) + 2))
