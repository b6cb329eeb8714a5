"""Which rows describe the same source: within one file, and against what is on record. Pure.

A permit code belongs to one site. A credit code belongs to an enterprise, which may have several sites: rows with one
code and different names are different sites unless a site suffix says so itself.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from liandong.kernel.imports import ImportReport
from liandong.registers.jurisdictions.divisions import prefix_of
from liandong.registers.sources.drafts import Draft

CITY_DIGITS = 4
CONTENT = (
    "name", "uscc", "site", "permit_code", "address", "lon", "lat", "industry_code", "industry_name",
    "permit_class", "supervision_class", "object_kind", "elements", "extra", "area_code",
)  # fmt: skip


@dataclass(frozen=True)
class OnRecord:
    """A source that is on record, as far as an import needs to see it."""

    id: UUID
    natural_key: str
    values: Mapping[str, Any]


@dataclass
class Matches:
    """Each draft that will be written, by the key that tells it apart, and the record it describes if there is one."""

    drafts: dict[str, Draft] = field(default_factory=dict)
    records: dict[str, OnRecord] = field(default_factory=dict)


def plain_name(name: str) -> str:
    """A name as it is compared: brackets, width, case and blanks do not count."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def first_key(draft: Draft) -> str:
    """The permit code, else the credit code with its site suffix, else name and area."""
    if draft.permit_code:
        return draft.permit_code
    if draft.uscc:
        return f"{draft.uscc}-{draft.site}" if draft.site else draft.uscc
    return f"{plain_name(draft.name)}@{draft.area_code}"


def key_by_name(draft: Draft) -> str:
    """The key of one of several sites that an enterprise tells apart by name only."""
    return f"{draft.uscc}@{plain_name(draft.name)}"


def match(drafts: Sequence[Draft], on_record: Iterable[OnRecord], report: ImportReport) -> Matches:
    """The drafts told apart, each with the record it describes.

    A row that repeats another one is counted as unchanged if it says the same, and rejected if it does not, because
    then nobody can tell which of the two is right.
    """
    found = Matches()
    for draft in drafts:
        key = _key_within_file(draft, found.drafts, report)
        if key is not None:
            found.drafts[key] = draft
    records = list(on_record)
    _set_apart(found, {record.natural_key: record for record in records}, report)
    _Recognition(found, records).run()
    return found


def _set_apart(found: Matches, by_key: Mapping[str, OnRecord], report: ImportReport) -> None:
    """Afterwards a source of another name in another city is not taken for the one that has its credit code there."""
    for key, draft in list(found.drafts.items()):
        record, named = by_key.get(key), key_by_name(draft)
        if record is None or key != draft.uscc or not draft.area_is_sure or named in found.drafts:
            continue
        if not _same_city(record, draft) and plain_name(record.values["name"]) != plain_name(draft.name):
            found.drafts[named] = found.drafts.pop(key)
            report.note(draft.row, "uscc", key, "sources.same_code_elsewhere", name=record.values["name"])


def _key_within_file(draft: Draft, taken: Mapping[str, Draft], report: ImportReport) -> str | None:
    key = first_key(draft)
    first = taken.get(key)
    if first is not None and key == draft.uscc and plain_name(first.name) != plain_name(draft.name):
        report.note(draft.row, "uscc", key, "sources.same_code_other_name", row=first.row)
        key = key_by_name(draft)
        first = taken.get(key)
    if first is None:
        return key
    if all(getattr(first, name) == getattr(draft, name) for name in CONTENT):
        report.unchanged += 1
        report.note(draft.row, "*", key, "sources.duplicate", row=first.row)
    else:
        report.reject(draft.row, "*", key, "sources.duplicate_differs", row=first.row)
    return None


class _Recognition:
    """Finds the record of each draft: first by key, then by what is left over."""

    def __init__(self, found: Matches, on_record: list[OnRecord]) -> None:
        self.found = found
        self.by_key = {record.natural_key: record for record in on_record}
        self.by_permit = {record.values["permit_code"]: record for record in on_record if record.values["permit_code"]}
        self.by_uscc: dict[str, list[OnRecord]] = defaultdict(list)
        self.by_name: dict[str, list[OnRecord]] = defaultdict(list)
        for record in on_record:
            self.by_uscc[record.values["uscc"]].append(record)
            self.by_name[plain_name(record.values["name"])].append(record)
        self.claimed: set[UUID] = set()

    def run(self) -> None:
        sites = Counter(draft.uscc for draft in self.found.drafts.values())
        open_keys = []
        for key, draft in self.found.drafts.items():
            record = self._by_key(key, draft)
            if record is None:
                open_keys.append(key)
            else:
                self._claim(key, record)
        for key in open_keys:
            draft = self.found.drafts[key]
            record = self._by_code(draft, sites[draft.uscc]) if draft.uscc else self._by_place(draft)
            if record is not None:
                self._claim(key, record)

    def _claim(self, key: str, record: OnRecord) -> None:
        self.claimed.add(record.id)
        self.found.records[key] = record

    def _by_key(self, key: str, draft: Draft) -> OnRecord | None:
        named = self.by_key.get(key_by_name(draft)) if draft.uscc and key == draft.uscc else None
        found = named or self.by_key.get(key) or self.by_permit.get(draft.permit_code)
        return found if found is not None and found.id not in self.claimed else None

    def _by_code(self, draft: Draft, sites_in_file: int) -> OnRecord | None:
        """A record of the same enterprise: of the same name, or the only one where the file has only one too."""
        if draft.site:
            return None
        fitting = [
            record
            for record in self.by_uscc[draft.uscc or ""]
            if record.id not in self.claimed
            and (not draft.permit_code or record.values["permit_code"] in (None, draft.permit_code))
        ]
        same_name = [one for one in fitting if plain_name(one.values["name"]) == plain_name(draft.name)]
        if len(same_name) == 1:
            return same_name[0]
        alone = sites_in_file == 1 and len(self.by_uscc[draft.uscc or ""]) == 1
        return fitting[0] if alone and fitting and _same_city(fitting[0], draft) else None

    def _by_place(self, draft: Draft) -> OnRecord | None:
        """The one record of that name in the same area, or in one above or below it."""
        fitting = [
            record
            for record in self.by_name[plain_name(draft.name)]
            if record.id not in self.claimed and _same_line(record.values["area_code"], draft.area_code)
        ]
        return fitting[0] if len(fitting) == 1 else None


def _same_city(record: OnRecord, draft: Draft) -> bool:
    return str(record.values["area_code"])[:CITY_DIGITS] == draft.area_code[:CITY_DIGITS]


def _same_line(one: str, other: str) -> bool:
    return one.startswith(prefix_of(other)) or other.startswith(prefix_of(one))
