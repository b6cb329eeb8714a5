"""The files of a ledger folder, read and told apart, and their rows as checked values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from liandong.intake import pages
from liandong.kernel.cells import clean_text, read_day, read_instant
from liandong.kernel.columns import Table, choose_mapping, find_table, require_columns
from liandong.kernel.errors import Invalid
from liandong.kernel.imports import ImportReport, RowRejected, reason
from liandong.kernel.sheets import Row, Sheet, read_file
from liandong.registers.sources import vocabulary

ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsb", ".ods", ".gz")
clean = lru_cache(1 << 17)(clean_text)
day_of = lru_cache(1 << 14)(read_day)


@dataclass
class FileReport(ImportReport):
    """What became of the rows of one file. A note that many rows share is made once, with `rows` of them."""

    shared: dict[tuple[str, Any, str], dict[str, Any]] = field(default_factory=dict)

    def remark(self, row: int, name: str, value: Any, code: str, /, **values: Any) -> None:
        """Afterwards the note is on the report, counted once more if it stood there."""
        entry = self.shared.get((name, value, code))
        if entry is None:
            entry = {"row": row, "field": name, "value": value, "reason": reason(code, **values), "rows": 0}
            self.shared[(name, value, code)] = entry
            self.notes.append(entry)
        entry["rows"] += 1


@dataclass
class LedgerFile:
    """One file of the ledger: what kind it is, its sheets, and what became of its rows."""

    kind: str
    name: str
    sheets: list[Sheet]
    report: FileReport = field(default_factory=FileReport)
    table: Table | None = None

    def stated(self, name: str) -> Iterator[str]:
        """The cells of one field as they stand in the file, without a word on the report."""
        column = self.report.mapping.get(name)
        if self.table is not None and column is not None:
            place = self.table.place(column)
            yield from (row.cells[place] for row in self.table.rows if place < len(row.cells))

    def rows(self) -> Iterator[LedgerRow]:
        """Every row with more cells than the header rejected, the others ready to be read."""
        assert self.table is not None
        places = {name: self.table.place(column) for name, column in self.report.mapping.items() if column is not None}
        width = len(self.table.columns)
        for row in self.table.rows:
            if len(row.cells) > width and any(cell.strip() for cell in row.cells[width:]):
                self.report.reject(row.number, "*", ",".join(row.cells), "import.row_too_long", row=row.number)
            else:
                yield LedgerRow(row, places, self.report)


class LedgerRow:
    """The fields of one row. What cannot be used is on the report."""

    __slots__ = ("_cells", "_places", "_report", "number")

    def __init__(self, row: Row, places: Mapping[str, int], report: FileReport) -> None:
        self.number, self._cells, self._places, self._report = row.number, row.cells, places, report

    def raw(self, name: str) -> str:
        """The cell as it stands in the file; blank if there is none."""
        place = self._places.get(name)
        return self._cells[place] if place is not None and place < len(self._cells) else ""

    def text(self, name: str) -> str | None:
        """The cleaned text; a change other than of blanks is reported."""
        raw = self.raw(name)
        text = clean(raw)
        if raw != (text or "") and raw.strip():
            self._report.repair(self.number, name, raw, text)
        return text

    def choice(self, name: str) -> str | None:
        """The identifier that the text means; an unknown text is kept as it is, in sight, and reported."""
        text = clean(self.raw(name))
        if text is None:
            return None
        found = pages.choice(name, text)
        if found is None:
            self._report.remark(self.number, name, text, "import.value_unknown", value=text)
        return found or text

    def day(self, name: str) -> date | None:
        """The day in the cell; one that cannot be read is reported and taken as missing."""
        text = clean(self.raw(name))
        if text is None:
            return None
        try:
            return day_of(text)
        except ValueError:
            self._unreadable(name, text)
            return None

    def instant(self, name: str, day: date | None) -> datetime | None:
        """The instant in the cell; one that cannot be read is reported and taken as missing."""
        text = clean(self.raw(name))
        if text is None:
            return None
        try:
            return read_instant(text, day)
        except ValueError:
            self._unreadable(name, text)
            return None

    def _unreadable(self, name: str, text: str) -> None:
        self._report.repair(self.number, name, text, None)
        self._report.remark(self.number, name, text, "import.date_unreadable", value=text)

    def remark(self, name: str, value: Any, code: str, /, **values: Any) -> None:
        """Afterwards a note on this row is on the report."""
        self._report.remark(self.number, name, value, code, **values)

    def rejected(self, name: str, code: str, /, **values: Any) -> RowRejected:
        """This row as one that cannot be used because of a field."""
        return RowRejected(name, self.raw(name), code, **values)


def read_folder(folder: Path) -> tuple[list[LedgerFile], list[str]]:
    """The files of a ledger in the order in which they are taken in, and the names of files that are none.

    Raises    import.file_missing: no such folder; import.ledger_incomplete: no file of a ledger in it; and what
              reading one of the files raises
    """
    if not folder.is_dir():
        raise Invalid("import.file_missing", file=str(folder))
    files, ignored = [], []
    for path in sorted(one for one in folder.iterdir() if one.is_file() and not one.name.startswith(".")):
        stem = path.name.partition(".")[0]
        kind = pages.kind_of(stem) if path.suffix.casefold() in ENDINGS else None
        if kind is None:
            ignored.append(path.name)
        else:
            files.append(_read(kind, path))
    if not files:
        raise Invalid("import.ledger_incomplete", file="inspections")
    return sorted(files, key=lambda one: pages.KINDS.index(one.kind)), ignored


def _read(kind: str, path: Path) -> LedgerFile:
    try:
        file = LedgerFile(kind, path.name.partition(".")[0], read_file(path))
    except Invalid as error:
        raise Invalid("import.file_unreadable", reason=f"{path.name}：{error.title('zh')}") from error
    if kind == "sources":
        file.table = find_table(file.sheets, vocabulary.fields())
        file.report.mapping = choose_mapping(file.table, vocabulary.fields(), {})
        return file
    file.table = find_table(file.sheets, pages.fields(kind))
    file.report.mapping = choose_mapping(file.table, pages.fields(kind), {})
    try:
        require_columns(file.report.mapping, pages.fields(kind))
    except Invalid as error:
        raise Invalid("import.file_unreadable", reason=f"{path.name}：{error.title('zh')}") from error
    file.report.rows = len(file.table.rows)
    for number in file.table.sheet.stray_quotes:
        file.report.note(number, "*", None, "import.quote_stray")
    return file
