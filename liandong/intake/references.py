"""Whom and what the rows of a ledger refer to: sources by code or name, officers by certificate or name.

Nothing that is referred to is lost: what no register has gets a bare record that says so, and is reported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.intake.files import LedgerRow
from liandong.kernel.bulk import merge
from liandong.kernel.cells import clean_code
from liandong.kernel.clock import now
from liandong.kernel.errors import Invalid
from liandong.kernel.ids import new_id
from liandong.registers.sources.codes import read_uscc
from liandong.registers.sources.matching import plain_name

UNLISTED = "名录外单位"
NOT_ON_ROSTER = "不在名册"
NAMESPACE = uuid5(NAMESPACE_URL, "urn:liandong:ledger")


def stable_id(*parts: str) -> UUID:
    """An id that is the same in every import: for records that have no key of their own."""
    return uuid5(NAMESPACE, "/".join(parts))


@dataclass(frozen=True)
class KnownSource:
    """A source as far as a reference needs to see it."""

    id: UUID
    area_code: str
    natural_key: str
    is_unlisted: bool = False


class SourceBook:
    """Finds sources by what a row says of them. `area` is the area of the ledger."""

    def __init__(self, rows: list[Any], area: str) -> None:
        self.area, self.new = area, dict[str, tuple[Any, ...]]()
        self._found: dict[tuple[str, str, str | None], KnownSource | None] = {}
        self._areas: dict[UUID, str] = {}
        self._by_key: dict[str, KnownSource] = {}
        self._by_code: dict[str, list[KnownSource]] = defaultdict(list)
        self._by_name: dict[str, list[KnownSource]] = defaultdict(list)
        for row in rows:
            one = KnownSource(row.id, row.area_code, row.natural_key, row.is_unlisted)
            self._by_key[row.natural_key] = one
            self._areas[one.id] = one.area_code
            for code in {row.uscc, row.permit_code} - {None}:
                self._by_code[code].append(one)
            self._by_name[plain_name(row.name)].append(one)

    def find(self, row: LedgerRow, area_code: str | None) -> KnownSource | None:
        """The source that a row refers to; None if it refers to none. One on no register is noted and made."""
        reference, name = row.raw("source"), row.raw("source_name")
        asked = (reference, name, area_code)
        if asked not in self._found:
            self._found[asked] = self._look_up(reference, name, area_code)
        found = self._found[asked]
        if found is not None and found.is_unlisted:
            row.remark("source", reference or name, "import.reference_unknown", value=reference or name)
        return found

    def area_of(self, source_id: UUID) -> str | None:
        """The area of a source."""
        return self._areas.get(source_id)

    def _look_up(self, reference: str, name: str, area_code: str | None) -> KnownSource | None:
        code, called = clean_code(reference), clean_code(name)
        if code is None and called is None:
            return None
        candidates: list[KnownSource] = []
        if code is not None:
            uscc, key = _keys(reference, code)
            candidates = [self._by_key[key]] if key in self._by_key and key != uscc else self._by_code[uscc]
            candidates = candidates or ([self._by_key[key]] if key in self._by_key else [])
        if called is not None and len(candidates) != 1:
            named = self._by_name[plain_name(name)]
            candidates = [one for one in named if one in candidates] or candidates or named
        return self._nearest(candidates, area_code) or self._make(code, name, area_code)

    def _nearest(self, candidates: list[KnownSource], area_code: str | None) -> KnownSource | None:
        """The candidate in the row's area, else in the ledger's city, else the first."""

        def distance(one: KnownSource) -> tuple[bool, bool, str]:
            return one.area_code != area_code, one.area_code[:4] != self.area[:4], one.natural_key

        return min(candidates, key=distance, default=None)

    def _make(self, code: str | None, name: str, area_code: str | None) -> KnownSource:
        area = area_code or self.area
        uscc, key = _keys(code, code) if code else (None, f"{plain_name(name)}@{area}")
        listed = " ".join(name.split()) or f"{UNLISTED}（{code}）"
        known = KnownSource(new_id(), area, key, is_unlisted=True)
        self._by_key[key] = known
        self._areas[known.id] = area
        valid = uscc if uscc != code or _is_uscc(code) else None
        self.new[key] = (known.id, key, listed, valid, [], {UNLISTED: code or listed}, area, now())
        return known

    async def write(self, session: AsyncSession) -> None:
        """Afterwards the sources that no register has are on record, named as such."""
        columns = ("id", "natural_key", "name", "uscc", "elements", "extra", "area_code", "updated_at")
        await merge(session, "source", columns, list(self.new.values()), key=["natural_key"])


def _keys(reference: str, code: str) -> tuple[str, str]:
    """What to look a reference up by: its credit code, and the key of a source; both the text itself if it has none."""
    try:
        reading = read_uscc(reference)
    except Invalid:
        return code, code
    if reading is None:
        return code, code
    if reading.permit_code:
        return reading.uscc, reading.permit_code
    return reading.uscc, f"{reading.uscc}-{reading.site}" if reading.site else reading.uscc


def _is_uscc(code: str | None) -> bool:
    try:
        return code is not None and read_uscc(code) is not None
    except Invalid:
        return False


async def source_book(session: AsyncSession, area: str) -> SourceBook:
    """Every source on record, ready to be referred to."""
    rows = await session.execute(
        text("SELECT id, area_code, natural_key, uscc, permit_code, name, extra ? :mark AS is_unlisted FROM source"),
        {"mark": UNLISTED},
    )
    return SourceBook(list(rows), area)


class OfficerBook:
    """Finds officers by certificate number, else by name. `area` is the area of the ledger."""

    def __init__(self, by_certificate: Mapping[str, UUID], by_name: Mapping[str, list[UUID]], area: str) -> None:
        self.area, self.new = area, dict[UUID, tuple[Any, ...]]()
        self._by_certificate, self._by_name = by_certificate, by_name
        self._unknown: dict[str, UUID] = {}

    def find(self, row: LedgerRow, reference: str, area_code: str) -> UUID:
        """The officer that a reference means. One on no roster is noted and made: the visit has taken place."""
        known = self._by_certificate.get(reference)
        if known is not None:
            return known
        named = self._by_name.get(reference, [])
        if len(named) == 1:
            return named[0]
        row.remark("officers", reference, "import.reference_unknown", value=reference)
        if reference not in self._unknown:
            officer_id = unlisted_officer_id(reference, self.area)
            self._unknown[reference] = officer_id
            self.new[officer_id] = (officer_id, f"{reference}（{NOT_ON_ROSTER}）", area_code)
        return self._unknown[reference]


def unlisted_officer_id(reference: str, area: str) -> UUID:
    """The id of the bare record for an officer whom no roster of a ledger's city has."""
    return stable_id("officer", area[:4], reference)
