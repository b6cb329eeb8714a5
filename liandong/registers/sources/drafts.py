"""One row of a spreadsheet read as a pollution source, every change of a value put on the report. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from liandong.kernel.cells import clean_text, split_list
from liandong.kernel.columns import Table
from liandong.kernel.errors import Invalid
from liandong.kernel.imports import ImportReport, RowRejected
from liandong.kernel.sheets import Row
from liandong.registers.jurisdictions import divisions
from liandong.registers.sources import codes, places, vocabulary

INDUSTRY = re.compile(r"[A-T]?(\d{2,4})")
INDUSTRY_IN_NAME = re.compile(
    r"[(（]?[A-T]?(\d{3,4})[)）]?\s*[-—:、]?\s*(\D{2,})|(\D{2,}?)\s*[(（]?[A-T]?(\d{3,4})[)）]?"
)
CUT_OFF = ("..", "…")


@dataclass(frozen=True)
class Options:
    """How the user wants a register read.

    `datum` is the system the coordinates were measured in; `keep_bad_codes` keeps a row whose credit code is wrong,
    without the code.
    """

    datum: str = "wgs84"
    keep_bad_codes: bool = False


@dataclass
class Draft:
    """A source as one row describes it. `stated_area` and `places` are what the row says about where it lies."""

    row: int
    name: str
    uscc: str | None = None
    site: str | None = None
    permit_code: str | None = None
    address: str | None = None
    lon: float | None = None
    lat: float | None = None
    industry_code: str | None = None
    industry_name: str | None = None
    permit_class: str | None = None
    supervision_class: str | None = None
    object_kind: str | None = None
    elements: list[str] = field(default_factory=list)
    extra: dict[str, str] = field(default_factory=dict)
    stated_area: str | None = None
    places: dict[str, str] = field(default_factory=dict)
    area_code: str = ""
    area_is_sure: bool = True
    position_note: str | None = None


class RowReader:
    """Reads the fields of one row and reports what it had to change."""

    def __init__(self, row: Row, table: Table, mapping: Mapping[str, str | None], report: ImportReport) -> None:
        self.number, self.report = row.number, report
        cells = dict(zip(table.columns, row.cells, strict=False))
        beyond = [cell for cell in row.cells[len(table.columns) :] if cell.strip()]
        if beyond:
            raise RowRejected("*", ",".join(row.cells), "import.row_too_long", row=row.number)
        self.columns = {name: column for name, column in mapping.items() if column is not None}
        self.cells = cells
        taken = set(self.columns.values())
        cleaned = ((column, clean_text(cell)) for column, cell in cells.items() if column not in taken)
        self.extra = {column: text for column, text in cleaned if text is not None}

    def raw(self, name: str) -> str:
        """The cell of a field as it stands in the file; blank if there is no column for it."""
        return self.cells.get(self.columns.get(name, ""), "")

    def text(self, name: str) -> str | None:
        """The cleaned text of a field."""
        raw = self.raw(name)
        text = clean_text(raw)
        self.changed(name, raw, text)
        return text

    def changed(self, name: str, raw: str, value: Any) -> None:
        """Afterwards it is on the report if `value` is not what the cell says."""
        if (raw or None) != value:
            self.report.repair(self.number, name, raw or None, value)

    def keep(self, name: str) -> None:
        """Afterwards the original text of a field is kept with the source."""
        text = clean_text(self.raw(name))
        if text is not None:
            self.extra[self.columns[name]] = text

    def drop(self, name: str, error: Invalid) -> None:
        """Afterwards the value that cannot be used is on the report, and its text is kept with the source."""
        raw = self.raw(name)
        self.keep(name)
        self.report.repair(self.number, name, raw, None)
        self.report.note(self.number, name, raw, error.code, **error.values)

    def choice(self, name: str) -> str | None:
        """The identifier that the text of a field means; an unknown text is kept beside and reported."""
        text = clean_text(self.raw(name))
        if text is None:
            self.changed(name, self.raw(name), None)
            return None
        found = vocabulary.choice(name, text)
        if found is None:
            self.drop(name, Invalid(f"sources.{name}_unknown", value=text))
        return found


def read_draft(
    row: Row, table: Table, mapping: Mapping[str, str | None], report: ImportReport, options: Options
) -> Draft:
    """The source that a row describes.

    Raises    RowRejected: no name, a credit code that is wrong, more cells than the header has
    """
    reader = RowReader(row, table, mapping, report)
    name = reader.text("name")
    if name is None:
        raise RowRejected("name", reader.raw("name"), "sources.name_missing")
    if name.endswith(CUT_OFF):
        report.note(row.number, "name", name, "sources.name_cut_off")
    draft = Draft(row.number, name, extra=reader.extra)
    _read_codes(reader, draft, options)
    _read_position(reader, draft, options)
    _read_industry(reader, draft)
    draft.permit_class = reader.choice("permit_class")
    draft.supervision_class = reader.choice("supervision_class")
    draft.object_kind = reader.text("object_kind")
    draft.elements = _read_elements(reader)
    _read_places(reader, draft)
    return draft


def _read_codes(reader: RowReader, draft: Draft, options: Options) -> None:
    raw = reader.raw("uscc")
    reading, is_wrong = None, False
    try:
        reading = codes.read_uscc(raw)
    except Invalid as error:
        if not options.keep_bad_codes:
            raise RowRejected("uscc", raw, error.code, **error.values) from error
        reader.drop("uscc", error)
        is_wrong = True
    permit = _read_permit(reader)
    implied = codes.uscc_of_permit(permit) if permit else None
    draft.permit_code = permit
    if reading is not None:
        draft.uscc, draft.site = reading.uscc, reading.site
        draft.permit_code = permit or reading.permit_code
        if implied and implied != reading.uscc:
            reader.report.note(reader.number, "permit_code", permit, "sources.uscc_permit_differ")
    elif implied and not is_wrong:
        draft.uscc = implied
        reader.report.note(reader.number, "uscc", implied, "sources.uscc_from_permit")
    if not is_wrong:
        reader.changed("uscc", raw, draft.uscc)


def _read_permit(reader: RowReader) -> str | None:
    raw = reader.raw("permit_code")
    try:
        permit = codes.read_permit(raw)
    except Invalid as error:
        reader.drop("permit_code", error)
        return None
    reader.changed("permit_code", raw, permit)
    return permit


def _read_position(reader: RowReader, draft: Draft, options: Options) -> None:
    name, lon_text, lat_text = "lon", reader.raw("lon"), reader.raw("lat")
    try:
        if clean_text(lon_text) is None and clean_text(lat_text) is None and clean_text(reader.raw("position")):
            name = "position"
            lon_text, lat_text = places.split_pair(clean_text(reader.raw("position")) or "")
        found = places.read_position(lon_text, lat_text, options.datum)
    except Invalid as error:
        wrong = {one.field for one in error.field_errors} & {"lon", "lat"}
        for each in sorted(wrong) if wrong and name == "lon" else [name, *(["lat"] if name == "lon" else [])]:
            if reader.raw(each):
                reader.drop(each, error)
        return
    if found is not None:
        draft.lon, draft.lat = found
    for each, text, value in (("lon", lon_text, draft.lon), ("lat", lat_text, draft.lat)):
        if text and (value is None or not _says(text, value)):
            reader.report.repair(reader.number, each, text, value)


def _says(text: str, value: float) -> bool:
    try:
        return float(text) == value and text == text.strip()
    except ValueError:
        return False


def _read_industry(reader: RowReader, draft: Draft) -> None:
    raw = reader.raw("industry_code")
    code = clean_text(raw)
    name = reader.text("industry_name")
    if code is not None:
        match = INDUSTRY.fullmatch(code.upper())
        if match:
            draft.industry_code = match[1]
            reader.changed("industry_code", raw, match[1])
        else:
            reader.drop("industry_code", Invalid("sources.industry_code_form"))
    elif name is not None and (match := INDUSTRY_IN_NAME.fullmatch(name)):
        draft.industry_code, before = match[1] or match[4], name
        name = (match[2] or match[3]).strip()
        reader.report.repair(reader.number, "industry_name", before, name)
    draft.industry_name = name


def _read_elements(reader: RowReader) -> list[str]:
    found = set()
    for part in split_list(clean_text(reader.raw("elements")) or ""):
        element = vocabulary.choice("elements", part)
        if element is None:
            reader.keep("elements")
            reader.report.note(reader.number, "elements", part, "import.value_unknown", value=part)
        else:
            found.add(element)
    for name, element in (("air_pollutants", "air"), ("water_pollutants", "water")):
        if clean_text(reader.raw(name).strip("/,， ")) is not None:
            found.add(element)
            reader.keep(name)
    return [element for element in vocabulary.ELEMENT_ORDER if element in found]


def _read_places(reader: RowReader, draft: Draft) -> None:
    draft.stated_area = reader.text("area_code")
    if len(draft.stated_area or "") > divisions.COUNTY_DIGITS:
        reader.keep("area_code")
    draft.address = reader.text("address")
    for name in ("province", "city", "county"):
        text = reader.text(name)
        if text is not None:
            draft.places[name] = text
            reader.keep(name)
