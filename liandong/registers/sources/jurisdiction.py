"""Which division a source lies in: as stated, by its position, by names, or by default; and whether these agree.

A functional zone (高新区) has no outline, so it is only ever stated, never found by a position.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.cells import clean_code
from liandong.kernel.geo import AreaIndex
from liandong.kernel.imports import ImportReport, RowRejected, reason
from liandong.registers.jurisdictions import divisions
from liandong.registers.jurisdictions.queries import area_index, area_names
from liandong.registers.sources.drafts import Draft

LONGEST_NAME = 12
SURE = ("stated", "names", "position")
LEVELS = (divisions.PROVINCE, divisions.CITY, divisions.COUNTY)


class Jurisdictions:
    """Settles the area of many drafts. `known` are the areas on record, `outlines` those that have an outline."""

    def __init__(self, known: dict[str, str], outlines: AreaIndex, default_area: str | None = None) -> None:
        self.known, self.outlines, self.default_area = known, outlines, default_area
        self.outlined = outlines.area_codes
        self.settled_by: Counter[str] = Counter()

    def locate(self, drafts: Sequence[Draft]) -> list[str | None]:
        """For each draft the area its position lies in, or None."""
        at = [place for place, draft in enumerate(drafts) if draft.lon is not None]
        lons = [drafts[place].lon or 0.0 for place in at]
        lats = [drafts[place].lat or 0.0 for place in at]
        found: list[str | None] = [None] * len(drafts)
        if at and self.outlined:
            for place, area in zip(at, self.outlines.locate_many(lons, lats), strict=True):
                found[place] = area
        return found

    def settle(self, draft: Draft, located: str | None, report: ImportReport) -> None:
        """Afterwards the draft has its area, and a note on its position if that is not sure.

        Raises    RowRejected: nothing says where it lies
        """
        area = self._stated(draft, report)
        way = "stated"
        if area is None:
            area, way = self._found(draft, located)
        if area is None:
            raise RowRejected("area_code", draft.stated_area, "sources.area_missing")
        self.settled_by[f"area_from_{way}"] += 1
        draft.area_code, draft.area_is_sure = area, way in SURE
        draft.position_note = self._position_note(draft, located, report)
        if not draft.area_is_sure:
            told = reason(f"sources.area_from_{way}", area=self.name(area)).partition("：")[2]
            draft.position_note = "；".join(filter(None, (told, draft.position_note)))

    def name(self, area: str) -> str:
        """The name of an area as people know it, or its code."""
        return self.known.get(area) or divisions.names().get(area) or area

    def _stated(self, draft: Draft, report: ImportReport) -> str | None:
        code = clean_code(draft.stated_area) if draft.stated_area else None
        if code is None:
            return None
        if divisions.is_code(code):
            code = code[: divisions.COUNTY_DIGITS]
        if divisions.is_code(code) and self.exists(code):
            return code
        by_name = self._by_names([code])
        if by_name is None:
            report.note(draft.row, "area_code", draft.stated_area, "jurisdictions.area_unknown", area_code=code)
        else:
            report.repair(draft.row, "area_code", draft.stated_area, by_name)
        return by_name

    def exists(self, code: str) -> bool:
        """Whether a code is on record or in the country's list; a zone or street counts if its parent does."""
        if code in self.known or code in divisions.names():
            return True
        parent = divisions.parent_of(code)
        return parent is not None and (parent in self.known or parent in divisions.names())

    def _found(self, draft: Draft, located: str | None) -> tuple[str | None, str]:
        named = self._by_names([draft.places.get(level, "") for level in LEVELS], draft.address)
        if named and not (located and located.startswith(divisions.prefix_of(named))):
            return named, "names"
        if located:
            return located, "position"
        if self.default_area:
            return self.default_area, "default"
        registered = draft.uscc[2:8] if draft.uscc else ""
        if registered in divisions.names() and divisions.level_of(registered) != divisions.PROVINCE:
            return registered, "uscc"
        return None, ""

    def _by_names(self, columns: Iterable[str], address: str | None = None) -> str | None:
        """The lowest division that the names lead to without doubt; each level narrows the next one down."""
        hits = [code for text in columns if text for code in self._codes_of(text)]
        if address:
            hits += _codes_within(address)
        found = self._narrow(hits, "")
        if found is None and hits and self.default_area:
            found = self._narrow(hits, divisions.prefix_of(self.default_area))
        return found

    def _narrow(self, hits: Sequence[str], prefix: str) -> str | None:
        found = None
        for level in LEVELS:
            fitting = {code for code in hits if divisions.level_of(code) == level and code.startswith(prefix)}
            if len(fitting) > 1:
                fitting &= self.known.keys()
            if len(fitting) == 1:
                found = fitting.pop()
                prefix = divisions.prefix_of(found)
        return found

    def _codes_of(self, text: str) -> list[str]:
        return divisions.find_divisions(text, self.known) + divisions.find_divisions(text)

    def _position_note(self, draft: Draft, located: str | None, report: ImportReport) -> str | None:
        if draft.lon is None:
            return None
        prefix = divisions.prefix_of(draft.area_code)
        if located is not None and located.startswith(prefix):
            return None
        if not any(code.startswith(prefix) for code in self.outlined):
            self.settled_by["position_unchecked"] += 1
            return reason("sources.position_unchecked").partition("：")[2]
        if draft.area_code in self.outlined and self.outlines.contains(draft.area_code, draft.lon, draft.lat or 0.0):
            return None
        values = {"area": self.name(draft.area_code), "located": self.name(located) if located else ""}
        code = "sources.outside_area" if located else "sources.outside_all_areas"
        report.note(draft.row, "position", f"{draft.lon},{draft.lat}", code, **values)
        return reason(code, **values).partition("：")[2]


def _codes_within(address: str) -> list[str]:
    """The codes of every division whose full name stands in an address; the longest name at a place counts."""
    known, at = _codes_by_name(), 0
    codes: list[str] = []
    while at < len(address):
        for length in range(min(LONGEST_NAME, len(address) - at), 1, -1):
            found = known.get(address[at : at + length])
            if found:
                codes += found
                at += length - 1
                break
        at += 1
    return codes


@cache
def _codes_by_name() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for code, name in divisions.in_use().items():
        if len(name) > 2:
            found[name] = (*found.get(name, ()), code)
    return found


async def jurisdictions_for(session: AsyncSession, default_area: str | None = None) -> Jurisdictions:
    """The areas and outlines on record, ready to settle drafts."""
    known = await area_names(session)
    return Jurisdictions(known, await area_index(session), default_area)
