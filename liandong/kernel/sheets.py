"""Spreadsheets as people send them: bytes in, numbered rows of text out. Pure.

CSV in UTF-8, UTF-16 or GB18030 with any usual separator, XLSX and the other workbook formats that `python-calamine`
reads, each also compressed by gzip. Row numbers are those a person sees when the file is open in a spreadsheet.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

import python_calamine

from liandong.kernel.errors import Invalid

SEPARATORS = (",", ";", "\t", "|")
WORKBOOK_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""A zip archive (xlsx, xlsb, ods) and the older compound file (xls)."""
GZIP_MARK = b"\x1f\x8b"
DAMAGED_SHARE = 0.01
"""Up to this share of unreadable characters the encoding is still taken as recognised."""
LONGEST_CELL_LINES = 100
SEPARATOR_SAMPLE = 30
LINE_END = re.compile(r"\r\n|\r|\n")
MOST_UNPACKED = 512 * 1024 * 1024
csv.field_size_limit(16 * 1024 * 1024)


class Row(NamedTuple):
    """One row: its number as a spreadsheet shows it (from 1), and its cells as text."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """The rows of one sheet, blank ones left out, with how the file was read.

    `stray_quotes` are the rows in which a quotation mark was opened and never closed; the mark stays in the text.
    """

    rows: list[Row]
    format: str
    encoding: str | None = None
    separator: str | None = None
    sheet_name: str | None = None
    stray_quotes: list[int] = field(default_factory=list)


def read_file(file: Path) -> list[Sheet]:
    """Every sheet of a file; a CSV file has one.

    Raises    import.file_missing, and what `read_sheets` raises
    """
    try:
        data = file.read_bytes()
    except FileNotFoundError as missing:
        raise Invalid("import.file_missing", file=file.name) from missing
    except OSError as error:
        raise Invalid("import.file_unreadable", reason=error.strerror or str(error)) from error
    return read_sheets(data)


def read_sheets(data: bytes) -> list[Sheet]:
    """Every sheet that has a row, from the bytes of a file.

    Raises    import.file_empty, import.file_unreadable, import.encoding_unknown
    """
    data = _unpack(data)
    if not data.strip():
        raise Invalid("import.file_empty")
    sheets = _read_workbook(data) if data.startswith(WORKBOOK_MARKS) else [_read_csv(data)]
    sheets = [sheet for sheet in sheets if sheet.rows]
    if not sheets:
        raise Invalid("import.file_empty")
    return sheets


def _unpack(data: bytes) -> bytes:
    if not data.startswith(GZIP_MARK):
        return data
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            unpacked = packed.read(MOST_UNPACKED + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Invalid("import.file_unreadable", reason=str(error)) from error
    if len(unpacked) > MOST_UNPACKED:
        raise Invalid("import.file_unreadable", reason=f"> {MOST_UNPACKED} bytes")
    return unpacked


def _read_workbook(data: bytes) -> list[Sheet]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [
            Sheet(list(_workbook_rows(book.get_sheet_by_name(name))), "workbook", sheet_name=name)
            for name in book.sheet_names
        ]
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise Invalid("import.file_unreadable", reason=str(error)) from error


def _workbook_rows(sheet: python_calamine.CalamineSheet) -> Iterator[Row]:
    for number, values in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        cells = tuple(_cell_text(value) for value in values)
        if any(cell.strip() for cell in cells):
            yield Row(number, cells)


def _cell_text(value: object) -> str:
    """A typed cell as the text a person would type: whole numbers without a fraction, days as ISO."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e18 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def _read_csv(data: bytes) -> Sheet:
    text, encoding = decode(data)
    lines = LINE_END.split(text)
    separator = find_separator(lines)
    records, stray = _records(lines, separator)
    parsed = enumerate(csv.reader(records, delimiter=separator), start=1)
    rows = [Row(number, tuple(cells)) for number, cells in parsed if any(cell.strip() for cell in cells)]
    return Sheet(rows, "csv", encoding=encoding, separator=separator, stray_quotes=stray)


def decode(data: bytes) -> tuple[str, str]:
    """The text of a CSV file and its encoding: by its mark, else UTF-8, else GB18030.

    A file with a few broken bytes is still read; each broken place shows as U+FFFD.

    Raises    import.encoding_unknown
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace"), "utf-16"
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:].decode("utf-8", errors="replace"), "utf-8-sig"
    for encoding in ("utf-8", "gb18030"):
        text = data.decode(encoding, errors="replace")
        beyond_ascii = sum(character > "\x7f" for character in text)
        # A U+FFFD that stands in the file itself was left by whoever saved it: it says nothing of the encoding.
        broken = text.count("\ufffd") - data.count("\ufffd".encode(encoding))
        if broken <= beyond_ascii * DAMAGED_SHARE and not _looks_binary(text):
            return text, encoding
    raise Invalid("import.encoding_unknown")


def _looks_binary(text: str) -> bool:
    sample = text[:4096]
    return sum(character < " " and character not in "\t\r\n\x0b\x0c" for character in sample) > len(sample) * 0.05


def find_separator(lines: Sequence[str]) -> str:
    """The separator that cuts the first rows into the most columns of one width; a comma if none does."""

    def evenness(separator: str) -> tuple[int, int]:
        widths = Counter(len(cells) for cells in csv.reader(sample, delimiter=separator) if len(cells) > 1)
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        return count * (width > 1), width

    sample = [line for line in lines[: SEPARATOR_SAMPLE * 3] if line.strip()][:SEPARATOR_SAMPLE]
    return max(SEPARATORS, key=evenness)


def _records(lines: Sequence[str], separator: str) -> tuple[list[str], list[int]]:
    """The lines joined into whole records, and the numbers of records with a quotation mark that never closes.

    Left to itself a CSV reader lets one stray mark swallow every row behind it. A cell that goes on over several
    lines is told from a stray mark by where the next mark stands and by what would be swallowed up to there.
    """
    records: list[str] = []
    stray: list[int] = []
    usual = Counter(line.count(separator) for line in lines[:SEPARATOR_SAMPLE]).most_common(1)[0][0]
    at = 0
    while at < len(lines):
        last = at
        if lines[at].count('"') % 2 and _stays_open(lines[at], separator):
            last = _closing_line(lines, at)
            swallowed = lines[at + 1 : last]
            if last == at or (usual and any(line.count(separator) == usual for line in swallowed)):
                last = at
                stray.append(len(records) + 1)
                records.append(_quoted_marks(lines[at], separator))
                at += 1
                continue
        records.append("\n".join(lines[at : last + 1]))
        at = last + 1
    return records, stray


def _stays_open(line: str, separator: str) -> bool:
    """Whether a quotation mark is still open at the end of the line (a mark inside a bare cell opens nothing)."""
    reader = csv.reader([line, ""], delimiter=separator)
    next(reader)
    return reader.line_num == 2


def _closing_line(lines: Sequence[str], opened: int) -> int:
    """The line on which a quotation mark that was opened closes; `opened` itself if none follows soon."""
    for at in range(opened + 1, min(opened + LONGEST_CELL_LINES, len(lines))):
        if lines[at].count('"') % 2:
            return at
    return opened


def _quoted_marks(line: str, separator: str) -> str:
    """The line with each cell quoted, so that its quotation marks are read as plain text."""
    return separator.join('"' + cell.replace('"', '""') + '"' for cell in line.split(separator))
