"""Which questions are asked of whom: the checklists in force, and those that fit a source and a matter."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from liandong.kernel.errors import Invalid, Refused
from liandong.registers.law.answers import Checklist, ChecklistItem
from liandong.registers.law.book import Rulebook
from liandong.registers.law.loader import rulebook
from liandong.registers.law.queries import bases, in_force
from liandong.registers.law.shapes import ChecklistFile, ChecklistVersion, ItemEntry, Offer


@dataclass(frozen=True)
class SourceFacts:
    """What is known of a source and decides its checklists. Empty: nothing is known.

    `industry_code` is a GB/T 4754 code, with or without its letter.
    """

    elements: Collection[str] = ()
    industry_code: str | None = None
    object_kind: str | None = None


def checklist(key: str, *, on: date) -> Checklist:
    """The version of a checklist that is in force on a day.

    Raises    law.element_unknown, law.checklist_missing
    """
    book = rulebook()
    file = _file(book, key)
    version = in_force(file.versions, on)
    if version is None:
        raise Refused("law.checklist_missing", element=key, on=on.isoformat())
    return _checklist(book, file, version)


def checklists(keys: Iterable[str] | None = None, *, on: date) -> list[Checklist]:
    """The checklists of these keys on a day; all that are in force, in the rulebook's order, if none are named.

    Raises    law.element_unknown, law.checklist_missing: a named one is not in force
    """
    if keys is not None:
        return [checklist(key, on=on) for key in keys]
    book = rulebook()
    dated = [(file, in_force(file.versions, on)) for file in book.checklists.values()]
    return [_checklist(book, file, version) for file, version in dated if version]


def checklists_for(source: SourceFacts, matters: Collection[str] = (), *, on: date) -> list[Checklist]:
    """The checklists to take along: those offered to such a source, or for such a matter, on a day.

    A matter is an element or the key of a checklist. First come the lists of the matters, among them those for a kind
    of source before those of a whole element. Where nothing is known, every list is taken along.
    """
    lists = checklists(on=on)
    if not matters and source == SourceFacts():
        return lists
    book = rulebook()
    elements = {*source.elements, *matters}
    fitting = [
        one
        for one in lists
        if one.key in matters or any(_fits(offer, source, elements) for offer in book.checklists[one.key].offered)
    ]
    return sorted(fitting, key=lambda one: (not {one.key, one.element} & {*matters}, one.key == one.element))


@lru_cache(4096)
def checklist_item(named: str, item_key: str, *, on: date) -> tuple[Checklist, ChecklistItem] | None:
    """The checklist and the item that an answer is given to, or none.

    `named` is the checklist's key. A phone that knows elements only names the element of a list for a kind of source;
    a phone that was packed before a list changed may ask what an earlier version asked.

    Raises    law.element_unknown, law.checklist_missing: no version was in force by that day
    """
    book = rulebook()
    own = _file(book, named)
    begun = sorted((one for one in own.versions if one.valid_from <= on), key=lambda one: one.valid_from, reverse=True)
    if not begun:
        raise Refused("law.checklist_missing", element=named, on=on.isoformat())
    kin = [one for one in checklists(on=on) if named == one.element != one.key]
    newest, *earlier = (_checklist(book, own, version) for version in begun)
    for asked in (newest, *kin, *earlier):
        item = asked.item(item_key)
        if item:
            return asked, item
    return None


def _fits(offer: Offer, source: SourceFacts, elements: Collection[str]) -> bool:
    code = (source.industry_code or "").lstrip("ABCDEFGHIJKLMNOPQRST")
    return (
        (not offer.elements or any(element in elements for element in offer.elements))
        and (not offer.industries or code.startswith(offer.industries))
        and (not offer.object_kinds or source.object_kind in offer.object_kinds)
    )


def _file(book: Rulebook, key: str) -> ChecklistFile:
    file = book.checklists.get(key)
    if file is None:
        raise Invalid("law.element_unknown", element=key)
    return file


def _checklist(book: Rulebook, file: ChecklistFile, version: ChecklistVersion) -> Checklist:
    items = tuple(_item(book, item) for item in version.items)
    return Checklist(file.key, file.element, file.title, version.version, version.valid_from, items)


def _item(book: Rulebook, item: ItemEntry) -> ChecklistItem:
    element = book.problems[item.suggests_problem].element
    return ChecklistItem(item.key, item.text, item.help, bases(book, item.basis), item.suggests_problem, element)
