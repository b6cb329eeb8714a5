"""Reads the rulebook: every file checked against its shape, every reference against what it names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from liandong.kernel.errors import Broken
from liandong.kernel.paths import rulebook_folder
from liandong.registers.law.shapes import (
    CalendarFile,
    ChecklistFile,
    IndicatorEntry,
    IndicatorsFile,
    ProblemBasesFile,
    ProblemEntry,
    ProblemVersion,
    Provision,
    RegionFile,
    RuleEntry,
    RulesFile,
    RuleVersion,
    Statute,
    StatutesFile,
)

T = TypeVar("T")
Span = tuple[date, date | None]
RULE_FILES = ("deadlines", "safeguards", "parameters")


@dataclass(frozen=True)
class Rulebook:
    """Everything the files hold, by key. Regional parts are by area prefix."""

    statutes: dict[str, Statute]
    rules: dict[str, RuleEntry]
    problems: dict[str, ProblemEntry]
    indicators: dict[str, IndicatorEntry]
    checklists: dict[str, ChecklistFile]
    calendar: CalendarFile
    regional_rules: dict[str, dict[str, tuple[RuleVersion, ...]]] = field(default_factory=dict)
    regional_problems: dict[str, dict[str, ProblemEntry]] = field(default_factory=dict)

    def provision(self, basis_key: str) -> tuple[Statute, Provision]:
        """The statute and the provision that a basis key names.

        Raises    KeyError
        """
        return self._provisions[basis_key]

    def cite(self, basis_key: str) -> str:
        """A provision as people cite it, e.g. 《行政处罚法》第八十五条; a practice stands without title marks."""
        statute, provision = self.provision(basis_key)
        title = statute.short if statute.kind == "practice" else f"《{statute.short}》"
        return f"{title}{provision.cite}"

    @cached_property
    def _provisions(self) -> dict[str, tuple[Statute, Provision]]:
        return {
            f"{statute.key}.{one.key}": (statute, one)
            for statute in self.statutes.values()
            for one in statute.provisions
        }

    def span(self, version: ProblemVersion) -> Span:
        """The days on which all statutes of a problem's version are in force."""
        statutes = [self.provision(key)[0] for key in version.violates + version.punishes]
        ends = [statute.valid_to for statute in statutes if statute.valid_to]
        return max(statute.valid_from for statute in statutes), min(ends) if ends else None


@cache
def rulebook() -> Rulebook:
    """The rulebook of this installation, read and checked once.

    Raises    law.rulebook_invalid
    """
    return load(rulebook_folder())


def load(folder: Path) -> Rulebook:
    """The rulebook in `folder`.

    Raises    law.rulebook_invalid: the first file that does not fit, or every reference that leads nowhere
    """
    national = folder / "national"
    regions = [read(file, RegionFile) for file in sorted((folder / "regions").glob("*/*.yaml"))]
    book = Rulebook(
        statutes=_by_key(
            [
                *read(national / "statutes.yaml", StatutesFile).statutes,
                *(statute for region in regions for statute in region.statutes),
            ],
        ),
        rules=_by_key([rule for name in RULE_FILES for rule in read(national / f"{name}.yaml", RulesFile).rules]),
        problems=_by_key(read(national / "problem_bases.yaml", ProblemBasesFile).problem_bases),
        indicators=_by_key(read(national / "indicators.yaml", IndicatorsFile).indicators),
        checklists=_checklists(folder),
        calendar=read(national / "calendar.yaml", CalendarFile),
    )
    for region in regions:
        book.regional_rules.setdefault(region.area, {}).update({rule.key: rule.versions for rule in region.rules})
        book.regional_problems.setdefault(region.area, {}).update({one.key: one for one in region.problem_bases})
    faults = sorted(set(find_faults(book)))
    if faults:
        raise Broken("law.rulebook_invalid", file=str(folder), reason="; ".join(faults))
    return book


def read(file: Path, shape: type[T]) -> T:
    """A file as its shape.

    Raises    law.rulebook_invalid with the place in the file that does not fit
    """
    return as_shape(parse(file), shape, file)


def parse(file: Path) -> Any:
    """A YAML file as plain data.

    Raises    law.rulebook_invalid
    """
    try:
        with file.open(encoding="utf-8") as stream:
            return yaml.load(stream, Loader=yaml.CSafeLoader)
    except (OSError, yaml.YAMLError) as fault:
        raise Broken("law.rulebook_invalid", file=file.name, reason=str(fault)) from fault


def as_shape(content: Any, shape: type[T], file: Path) -> T:
    """Plain data as its shape.

    Raises    law.rulebook_invalid
    """
    try:
        return msgspec.convert(content, shape, builtin_types=(date,))
    except msgspec.ValidationError as fault:
        raise Broken("law.rulebook_invalid", file=file.name, reason=str(fault)) from fault


def find_faults(book: Rulebook) -> Iterator[str]:
    """Every reference that leads nowhere and every rule that claims more than its basis carries, in words."""
    for key, entry in book.rules.items():
        yield from _faults_of_versions(book, key, entry.versions)
    for area, rules in book.regional_rules.items():
        for key, versions in rules.items():
            if key not in book.rules:
                yield f"{area} {key}: no such national rule"
            yield from _faults_of_versions(book, f"{area} {key}", versions)
    for problems in (book.problems, *book.regional_problems.values()):
        for problem in problems.values():
            yield from _faults_of_problem(book, problem)
    for indicator in book.indicators.values():
        yield from _faults_of_bases(
            book, indicator.key, indicator.basis, (indicator.valid_from, indicator.valid_to), indicator.status
        )
    for checklist in book.checklists.values():
        yield from _faults_of_checklist(book, checklist)
    yield from _faults_of_statutes(book)


def _faults_of_statutes(book: Rulebook) -> Iterator[str]:
    for statute in book.statutes.values():
        if statute.valid_to and statute.valid_to < statute.valid_from:
            yield f"{statute.key}: ends before it begins"
        if statute.replaces and statute.replaces not in book.statutes:
            yield f"{statute.key}: replaces {statute.replaces}, which is not there"
        if (statute.doubted_from is None) != (statute.doubt is None):
            yield f"{statute.key}: a doubt needs its day and its words"
        for key, times in Counter(one.key for one in statute.provisions).items():
            if times > 1:
                yield f"{statute.key}.{key}: given twice"


def _faults_of_versions(book: Rulebook, key: str, versions: tuple[RuleVersion, ...]) -> Iterator[str]:
    yield from _faults_of_spans(key, [(version.valid_from, version.valid_to) for version in versions])
    for version in versions:
        yield from _faults_of_bases(book, key, version.basis, (version.valid_from, version.valid_to), version.status)


def _faults_of_problem(book: Rulebook, problem: ProblemEntry) -> Iterator[str]:
    spans = []
    for version in problem.versions:
        keys = version.violates + version.punishes
        missing = [key for key in keys if not _is_there(book, key)]
        if not keys or missing:
            yield f"{problem.key}: no basis" if not keys else f"{problem.key}: no provision {', '.join(missing)}"
            continue
        span = book.span(version)
        spans.append(span)
        yield from _faults_of_bases(book, problem.key, keys, span, version.status)
    yield from _faults_of_spans(problem.key, spans)


def _faults_of_checklist(book: Rulebook, checklist: ChecklistFile) -> Iterator[str]:
    name = f"checklist {checklist.key}"
    is_of_element = checklist.key == checklist.element
    if not all(offer.elements or offer.industries or offer.object_kinds for offer in checklist.offered):
        yield f"{name}: an offer names nobody"
    yield from _faults_of_spans(name, [(version.valid_from, version.valid_to) for version in checklist.versions])
    for version in checklist.versions:
        for key, times in Counter(item.key for item in version.items).items():
            if times > 1:
                yield f"{name}: item {key} is given twice"
        for item in version.items:
            yield from _faults_of_bases(
                book, item.key, item.basis, (version.valid_from, version.valid_to), "unconfirmed"
            )
            suggested = book.problems.get(item.suggests_problem)
            if suggested is None or (is_of_element and suggested.element != checklist.element):
                yield f"{item.key}: suggests {item.suggests_problem}, which is no problem of {checklist.element}"


def _faults_of_bases(book: Rulebook, key: str, bases: Iterable[str], span: Span, status: str) -> Iterator[str]:
    """A basis must be there, be in force on all the days, and be as sure as what rests on it."""
    first, last = span
    for basis in bases:
        if not _is_there(book, basis):
            yield f"{key}: no provision {basis}"
            continue
        statute, _ = book.provision(basis)
        ends_early = statute.valid_to is not None and (last is None or last > statute.valid_to)
        if first < statute.valid_from or ends_early:
            yield f"{key}: {statute.key} is not in force from {first} to {last or 'now'}"
        if status == "confirmed" and statute.status != "confirmed":
            yield f"{key}: confirmed, but {statute.key} is not"


def _faults_of_spans(key: str, spans: list[Span]) -> Iterator[str]:
    ordered = sorted(spans, key=lambda span: span[0])
    for first, last in ordered:
        if last is not None and last < first:
            yield f"{key}: a version ends before it begins"
    for (_, last), (first, _) in pairwise(ordered):
        if last is None or last >= first:
            yield f"{key}: two versions are in force on {first}"


def _is_there(book: Rulebook, basis_key: str) -> bool:
    try:
        book.provision(basis_key)
    except KeyError:
        return False
    return True


def _checklists(folder: Path) -> dict[str, ChecklistFile]:
    files = [read(file, ChecklistFile) for file in sorted((folder / "checklists").glob("*.yaml"))]
    return _by_key(files)


def _by_key(entries: Iterable[Any]) -> dict[str, Any]:
    """Entries by key.

    Raises    law.rulebook_invalid if a key is given twice
    """
    found: dict[str, Any] = {}
    for entry in entries:
        if entry.key in found:
            raise Broken("law.rulebook_invalid", file="rulebook", reason=f"{entry.key} is given twice")
        found[entry.key] = entry
    return found
