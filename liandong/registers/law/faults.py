"""What is inconsistent in a rulebook whose files fit their shapes, in words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from liandong.registers.law.book import Rulebook, Span
from liandong.registers.law.field_shapes import QuestionsFile
from liandong.registers.law.shapes import ChecklistFile, EntryQualityFile, Mentions, ProblemEntry, RuleVersion
from liandong.registers.law.site_shapes import SiteRecordsFile

FULL_MARKS = 100


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
    yield from _faults_of_entry_quality(book.entry_quality)
    yield from _faults_of_site_records(book.site_records)
    yield from _faults_of_notice(book)
    yield from _faults_of_questions(book.interview_questions)
    yield from _faults_of_sharing(book)
    yield from _faults_of_statutes(book)


def _provision_keys(book: Rulebook) -> set[str]:
    return {f"{statute.key}.{one.key}" for statute in book.statutes.values() for one in statute.provisions}


def _faults_of_sharing(book: Rulebook) -> Iterator[str]:
    for version in book.sharing.versions:
        for sheet in version.sheets:
            named = [one.field for one in sheet.fields]
            for field in {field for field in named if named.count(field) > 1}:
                yield f"sharing {version.version}: {sheet.key}.{field} is given twice"
        for key in set(version.basis) - _provision_keys(book):
            yield f"sharing {version.version}: no provision {key}"


def _faults_of_notice(book: Rulebook) -> Iterator[str]:
    known = _provision_keys(book)
    for version in book.visit_notice.versions:
        for key in {
            *version.basis,
            *(key for line in (*version.rights, *version.duties) for key in line.basis),
        } - known:
            yield f"visit_notice {version.version}: no provision {key}"


def _faults_of_questions(file: QuestionsFile) -> Iterator[str]:
    for version in file.versions:
        keys = [one.key for one in version.questions]
        for key in {key for key in keys if keys.count(key) > 1}:
            yield f"interview_questions {version.version}: {key} is given twice"


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


def _faults_of_entry_quality(file: EntryQualityFile) -> Iterator[str]:
    yield from _faults_of_spans("entry quality", [(version.valid_from, version.valid_to) for version in file.versions])
    for version in file.versions:
        if sum(rule.weight for rule in version.rules) != FULL_MARKS:
            yield f"entry quality {version.version}: the weights do not add up to {FULL_MARKS}"
        for key, times in Counter(rule.key for rule in version.rules).items():
            if times > 1:
                yield f"entry quality {version.version}: {key} is given twice"
        for rule in version.rules:
            if isinstance(rule.check, Mentions):
                yield from _faults_of_texts(rule.key, rule.check)


def _faults_of_texts(key: str, check: Mentions) -> Iterator[str]:
    for written in check.words + check.patterns:
        if unicodedata.normalize("NFKC", written) != written:
            yield f"{key}: {written} is not in NFKC, nothing would ever fit it"
    for pattern in check.patterns:
        try:
            re.compile(pattern)
        except re.error as fault:
            yield f"{key}: {pattern} is no pattern: {fault}"


def _faults_of_site_records(file: SiteRecordsFile) -> Iterator[str]:
    yield from _faults_of_spans("site records", [(version.valid_from, version.valid_to) for version in file.versions])
    for version in file.versions:
        for part in ("kinds", "purposes", "stamps", "media", "sampling_fields"):
            for key, times in Counter(one.key for one in getattr(version, part)).items():
                if times > 1:
                    yield f"site records {version.version}: {part} {key} is given twice"
