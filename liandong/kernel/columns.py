"""Which column of a spreadsheet holds which field: found by known headers, overruled by the user. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from liandong.kernel.errors import Invalid
from liandong.kernel.sheets import Row, Sheet

HEADER_WITHIN = 30
"""A header stands in the first rows; title lines and notes may stand above it."""
TAIL_AT_LEAST = 3
BRACKETED = re.compile(r"\(.*?\)|\[.*?\]|【.*?】|<.*?>")
DECORATION = re.compile(r"[\s*:：_.\-/、]")


@dataclass(frozen=True)
class Field:
    """A field that a column may hold; `headers` are known names of such a column, the surest first."""

    id: str
    zh: str
    headers: tuple[str, ...]
    is_required: bool = False


@dataclass(frozen=True)
class Table:
    """A sheet with its header found: column names are unique, rows are those below the header."""

    columns: list[str]
    header_row: int
    rows: list[Row]
    sheet: Sheet

    def place(self, column: str) -> int:
        """The position of a column by its name."""
        return self.columns.index(column)


def fields_of(entries: Mapping[str, Mapping[str, Any]]) -> tuple[Field, ...]:
    """The fields as an import page of the rulebook lists them: `{id: {zh, headers, required}}`."""
    return tuple(
        Field(key, entry["zh"], (key, entry["zh"], *entry.get("headers", ())), bool(entry.get("required")))
        for key, entry in entries.items()
    )


def plain_header(text: str) -> str:
    """A header as it is compared: half-width, lower case, without blanks and decoration."""
    return DECORATION.sub("", unicodedata.normalize("NFKC", text)).casefold().replace("\u200b", "").strip()


def bare_header(text: str) -> str:
    """A header without what stands in brackets: `经度(°)` is `经度`."""
    return plain_header(BRACKETED.sub("", unicodedata.normalize("NFKC", text)))


def find_table(sheets: Sequence[Sheet], fields: Sequence[Field], also: Sequence[str] = ()) -> Table:
    """The sheet and the header row that have the most known headers; `also` are names the user gave.

    A file without any known header is taken to start with its fullest row, so that the user can map it.

    Raises    import.header_missing
    """
    known = {plain_header(name) for one in fields for name in one.headers} | {plain_header(name) for name in also}
    ranked = [
        (sum(_is_known(cell, known) for cell in row.cells), _filled(row), -at, sheet)
        for sheet in sheets
        for at, row in enumerate(sheet.rows[:HEADER_WITHIN])
    ]
    if not ranked:
        raise Invalid("import.header_missing")
    _, _, place, sheet = max(ranked, key=lambda entry: entry[:3])
    return _table(sheet, -place, known)


def _table(sheet: Sheet, at: int, known: set[str]) -> Table:
    header = list(sheet.rows[at].cells)
    width = max(len(header), *(len(row.cells) for row in sheet.rows[: at + 2]))
    header += [""] * (width - len(header))
    first = at + 1
    if at + 1 < len(sheet.rows):
        below = sheet.rows[at + 1].cells
        if _filled(sheet.rows[at + 1]) and all(_is_known(cell, known) for cell in below if cell.strip()):
            header = [low.strip() or high for high, low in zip(header, (*below, *[""] * width), strict=False)]
            first = at + 2
    if at and _filled(sheet.rows[at - 1]) > 1:
        above = (*sheet.rows[at - 1].cells, *[""] * width)
        header = [cell if cell.strip() else high for cell, high in zip(header, above, strict=False)]
    return Table(_unique(_trim(header)), sheet.rows[at].number, sheet.rows[first:], sheet)


def _is_known(cell: str, known: set[str]) -> bool:
    return bool(cell.strip()) and (plain_header(cell) in known or bare_header(cell) in known)


def _filled(row: Row) -> int:
    return sum(bool(cell.strip()) for cell in row.cells)


def _trim(header: list[str]) -> list[str]:
    while header and not header[-1].strip():
        header.pop()
    return header


def column_letter(place: int) -> str:
    """The letter a spreadsheet shows above a column: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _unique(header: Sequence[str]) -> list[str]:
    """The column names, each once: a blank one is called by its letter, a repeated one gets its letter added."""
    names: list[str] = []
    for place, cell in enumerate(header):
        name = " ".join(cell.split()).strip("\u200b\ufeff") or column_letter(place)
        names.append(name if name not in names else f"{name} [{column_letter(place)}]")
    return names


def guess_mapping(columns: Sequence[str], fields: Sequence[Field]) -> dict[str, str | None]:
    """For each field the column that holds it, or None: by the whole header, then without brackets, then by its end.

    No column is given to two fields.
    """
    mapping: dict[str, str | None] = {one.id: None for one in fields}
    free = list(columns)
    for read, matches in (
        (plain_header, str.__eq__),
        (bare_header, str.__eq__),
        (bare_header, lambda seen, known: len(known) >= TAIL_AT_LEAST and seen.endswith(known)),
    ):
        for one in fields:
            if mapping[one.id] is not None:
                continue
            known = [plain_header(name) for name in one.headers]
            hits = (column for name in known for column in free if matches(read(column), name))
            mapping[one.id] = next(hits, None)
            if mapping[one.id] is not None:
                free.remove(str(mapping[one.id]))
    return mapping


def choose_mapping(table: Table, fields: Sequence[Field], wanted: Mapping[str, str | None]) -> dict[str, str | None]:
    """The guessed mapping with the user's wishes put first: `{field: column name or letter}`, blank for none.

    Raises    import.mapping_invalid: no such field; import.column_unknown
    """
    ids = {one.id for one in fields}
    chosen: dict[str, str | None] = {}
    for name, column in wanted.items():
        if name not in ids:
            raise Invalid("import.mapping_invalid", reason=name)
        chosen[name] = _find_column(table, column) if column else None
    taken = set(chosen.values())
    rest = [one for one in fields if one.id not in chosen]
    guessed = guess_mapping([column for column in table.columns if column not in taken], rest)
    return {one.id: chosen.get(one.id, guessed.get(one.id)) for one in fields}


def _find_column(table: Table, wanted: str) -> str:
    for column in table.columns:
        if plain_header(column) == plain_header(wanted):
            return column
    letters = [column_letter(place) for place in range(len(table.columns))]
    if wanted.upper() in letters:
        return table.columns[letters.index(wanted.upper())]
    raise Invalid("import.column_unknown", column=wanted)


def require_columns(mapping: Mapping[str, str | None], fields: Sequence[Field]) -> None:
    """Nothing, if every required field has its column.

    Raises    import.column_missing
    """
    for one in fields:
        if one.is_required and mapping.get(one.id) is None:
            raise Invalid("import.column_missing", field=one.zh)
