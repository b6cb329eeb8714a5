"""Asking the law: by key, day and area. Every answer carries its basis and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from liandong.kernel.errors import Broken, Invalid, Refused
from liandong.registers.law.answers import Basis, ProblemBasis, Rule
from liandong.registers.law.book import Rulebook
from liandong.registers.law.field_shapes import NoticeVersion, QuestionsVersion
from liandong.registers.law.loader import rulebook
from liandong.registers.law.shapes import (
    ChecklistVersion,
    EntryVersion,
    IndicatorEntry,
    ProblemEntry,
    RuleVersion,
    Status,
)
from liandong.registers.law.sharing_shapes import SharingVersion
from liandong.registers.law.site_shapes import SiteVersion

Dated = TypeVar(
    "Dated", RuleVersion, ChecklistVersion, EntryVersion, SiteVersion, NoticeVersion, QuestionsVersion, SharingVersion
)


def rule(key: str, *, on: date, area: str | None = None) -> Rule:
    """The version of a rule that is in force on a day in an area.

    The longest area prefix that has a version on that day wins; where a region is silent the national rule stands.
    For procedure, `on` is the day the period starts (程序从新); for what was done, the day of the act (实体从旧).

    Raises    law.rule_unknown, law.rule_not_in_force
    """
    book = rulebook()
    if key not in book.rules:
        raise Broken("law.rule_unknown", key=key)
    for prefix in _prefixes(book.regional_rules, area):
        version = in_force(book.regional_rules[prefix].get(key, ()), on)
        if version:
            return _rule(book, key, version, on, prefix)
    version = in_force(book.rules[key].versions, on)
    if version is None:
        raise Refused("law.rule_not_in_force", key=key, on=on.isoformat())
    return _rule(book, key, version, on, "")


def problem_bases(element: str | None = None, *, on: date, area: str | None = None) -> list[ProblemBasis]:
    """Every basis that a problem of the element (of any, if none is named) can rest on, on that day in that area."""
    book = rulebook()
    entries = [(entry, "") for entry in book.problems.values()]
    for prefix in reversed(_prefixes(book.regional_problems, area)):
        entries += [(entry, prefix) for entry in book.regional_problems[prefix].values()]
    found: dict[str, ProblemBasis] = {}
    for entry, prefix in entries:
        if element in (None, entry.element):
            answer = _problem_basis(book, entry, on, prefix)
            if answer:
                found[entry.key] = answer
    return list(found.values())


def problem_basis(key: str, *, on: date, area: str | None = None) -> ProblemBasis:
    """One problem basis on a day in an area.

    Raises    law.basis_unknown, law.basis_not_in_force
    """
    book = rulebook()
    entries = [
        *((prefix, book.regional_problems[prefix].get(key)) for prefix in _prefixes(book.regional_problems, area)),
        ("", book.problems.get(key)),
    ]
    known = [(prefix, entry) for prefix, entry in entries if entry]
    for prefix, entry in known:
        answer = _problem_basis(book, entry, on, prefix)
        if answer:
            return answer
    raise Invalid("law.basis_not_in_force" if known else "law.basis_unknown", key=key, on=on.isoformat())


def indicator(key: str) -> IndicatorEntry:
    """The definition of a reported figure.

    Raises    law.indicator_unknown
    """
    entry = rulebook().indicators.get(key)
    if entry is None:
        raise Invalid("law.indicator_unknown", key=key)
    return entry


def indicators() -> list[IndicatorEntry]:
    """The definitions of all reported figures."""
    return list(rulebook().indicators.values())


def _rule(book: Rulebook, key: str, version: RuleVersion, on: date, prefix: str) -> Rule:
    status, doubts = _certainty(book, version.basis, version.status, on)
    return Rule(
        key=key,
        title=book.rules[key].title,
        value=version.value,
        unit=version.unit,
        basis=bases(book, version.basis),
        status=status,
        doubts=doubts,
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        roll=version.roll,
        on=on,
        area=prefix,
        source=version.source,
        note=version.note,
    )


def _problem_basis(book: Rulebook, entry: ProblemEntry, on: date, prefix: str) -> ProblemBasis | None:
    for version in entry.versions:
        first, last = book.span(version)
        if first <= on and (last is None or on <= last):
            status, doubts = _certainty(book, version.violates + version.punishes, version.status, on)
            return ProblemBasis(
                key=entry.key,
                element=entry.element,
                title=entry.title,
                violates=bases(book, version.violates),
                punishes=bases(book, version.punishes),
                status=status,
                doubts=doubts,
                valid_from=first,
                valid_to=last,
                on=on,
                area=prefix,
                note=version.note,
            )
    return None


def bases(book: Rulebook, keys: Iterable[str]) -> tuple[Basis, ...]:
    """The provisions with these keys, as an answer names them."""
    return tuple(Basis(key, book.cite(key), book.provision(key)[1].gist) for key in keys)


def _certainty(book: Rulebook, keys: Iterable[str], status: Status, on: date) -> tuple[Status, tuple[str, ...]]:
    """An answer is as sure as the least sure thing it rests on, on that day."""
    statutes = [book.provision(key)[0] for key in keys]
    doubts = tuple(
        dict.fromkeys(
            f"《{statute.short}》：{statute.doubt}"
            for statute in statutes
            if statute.doubted_from and statute.doubt and on >= statute.doubted_from
        )
    )
    sure = status == "confirmed" and not doubts and all(statute.status == "confirmed" for statute in statutes)
    return ("confirmed" if sure else "unconfirmed"), doubts


def in_force(versions: Sequence[Dated], on: date) -> Dated | None:
    """The version that is in force on a day, or none."""
    for version in versions:
        if version.valid_from <= on and (version.valid_to is None or on <= version.valid_to):
            return version
    return None


def require_in_force(versions: Sequence[Dated], key: str, on: date) -> Dated:
    """The version that is in force on a day; `key` names its file where there is none.

    Raises    law.rule_not_in_force
    """
    version = in_force(versions, on)
    if version is None:
        raise Refused("law.rule_not_in_force", key=key, on=on.isoformat())
    return version


def _prefixes(regional: Iterable[str], area: str | None) -> list[str]:
    """The area prefixes that hold for an area, the longest first."""
    return sorted((prefix for prefix in regional if area and area.startswith(prefix)), key=len, reverse=True)
