"""What is written from the rulebook: the page of all rules, and the JSON Schemas of its files."""

from __future__ import annotations

import json
from collections.abc import Iterator

import msgspec

from liandong.means.documents.shapes import Form, Style
from liandong.registers.law.book import Rulebook
from liandong.registers.law.field_shapes import FILES
from liandong.registers.law.glossary import label
from liandong.registers.law.loader import rulebook
from liandong.registers.law.shapes import ProblemEntry, RuleVersion, Status, Statute
from tools.generate.pages import HEAD, table

SCHEMAS = {**FILES, "form": Form, "style": Style}
KINDS = {"deadline": "Deadlines", "safeguard": "Safeguards", "parameter": "Parameters"}


def schema_files() -> dict[str, str]:
    """One JSON Schema per kind of rulebook file, for editors and for checks outside this program."""
    return {f"rulebook/schema/{name}.json": schema_text(name) for name in SCHEMAS}


def schema_text(name: str) -> str:
    """The JSON Schema of one kind of file."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(SCHEMAS[name])}
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def rulebook_page() -> dict[str, str]:
    """Every rule with its value, its days, its basis and how sure it is."""
    book = rulebook()
    parts = [
        "# The rulebook\n",
        "What the law says here, by day. 已核对: the full official text was read. 待确认: it was not, or another law is said "
        "to replace it (from the day in brackets). Regional values follow the national ones, with the prefix of their "
        "area code.\n",
    ]
    for kind, heading in KINDS.items():
        parts += [f"## {heading}\n", table(("rule", "what", "value", "days", "basis", "status"), _rules(book, kind))]
    parts += ["## Problem bases\n", table(("key", "要素", "问题", "违反", "依据", "status"), _problems(book))]
    parts += [
        "## Entry quality (问题录入质量)\n",
        table(("rule", "points", "why a point is lost", "status", "source"), _entry_rules(book)),
    ]
    parts += ["## Checklists\n", table(("key", "title", "offered to", "versions"), _checklists(book))]
    parts += ["## Statutes\n", table(("key", "title", "edition", "days", "status", "source"), _statutes(book))]
    return {"docs/reference/rulebook.md": HEAD + "\n".join(parts).rstrip() + "\n"}


def _rules(book: Rulebook, kind: str) -> Iterator[tuple[str, ...]]:
    for key, entry in book.rules.items():
        if entry.kind != kind:
            continue
        named = [("", version) for version in entry.versions]
        for area, rules in book.regional_rules.items():
            named += [(area, version) for version in rules.get(key, ())]
        for area, version in named:
            shown = f"`{key}`" + (f" ({area})" if area else "")
            yield shown, entry.title, _value(version), _days(version), _cites(book, version.basis), _sure(book, version)


def _problems(book: Rulebook) -> Iterator[tuple[str, ...]]:
    national = [("", entry) for entry in book.problems.values()]
    regional = [(area, one) for area, found in book.regional_problems.items() for one in found.values()]
    for area, entry in national + regional:
        yield from _versions_of_problem(book, area, entry)


def _versions_of_problem(book: Rulebook, area: str, entry: ProblemEntry) -> Iterator[tuple[str, ...]]:
    for version in entry.versions:
        note = f"（{version.note}）" if version.note else ""
        yield (
            f"`{entry.key}`" + (f" ({area})" if area else ""),
            label(f"element.{entry.element}"),
            entry.title + note,
            _cites(book, version.violates),
            _cites(book, version.punishes),
            _certainty(book, version.violates + version.punishes, version.status),
        )


def _entry_rules(book: Rulebook) -> Iterator[tuple[str, ...]]:
    for rule in book.entry_quality.versions[-1].rules:
        yield f"`{rule.key}`", str(rule.weight), rule.zh, label(f"status.{rule.status}"), rule.source


def _checklists(book: Rulebook) -> Iterator[tuple[str, ...]]:
    for key, file in book.checklists.items():
        offers = [[*offer.elements, *offer.industries, *offer.object_kinds] for offer in file.offered]
        versions = [f"{one.version}: {one.valid_from} – {one.valid_to or ''}".rstrip() for one in file.versions]
        yield f"`{key}`", file.title, "; ".join(", ".join(offer) for offer in offers), "; ".join(versions)


def _statutes(book: Rulebook) -> Iterator[tuple[str, ...]]:
    for statute in book.statutes.values():
        yield f"`{statute.key}`", statute.title, statute.edition, _span(statute), _doubt(statute), statute.source


def _value(version: RuleVersion) -> str:
    value = "/".join(f"{one:g}" for one in version.value) if isinstance(version.value, tuple) else f"{version.value:g}"
    rolled = "，末日顺延" if version.roll == "next_working_day" else ""
    number = label("unit.flag") if version.unit == "flag" else f"{value} {label(f'unit.{version.unit}')}"
    return number + rolled


def _days(version: RuleVersion) -> str:
    return f"{version.valid_from} – {version.valid_to or ''}".rstrip()


def _span(statute: Statute) -> str:
    return f"{statute.valid_from} – {statute.valid_to or ''}".rstrip()


def _cites(book: Rulebook, keys: tuple[str, ...]) -> str:
    return "、".join(book.cite(key) for key in keys) or "–"


def _sure(book: Rulebook, version: RuleVersion) -> str:
    note = f"（{version.note}）" if version.note else ""
    return _certainty(book, version.basis, version.status) + note


def _certainty(book: Rulebook, keys: tuple[str, ...], status: Status) -> str:
    days = [book.provision(key)[0].doubted_from for key in keys]
    doubted = min((day for day in days if day), default=None)
    return label(f"status.{status}") + (f" ({doubted} 起{label('status.unconfirmed')})" if doubted else "")


def _doubt(statute: Statute) -> str:
    doubt = f" ({statute.doubted_from} 起{label('status.unconfirmed')}：{statute.doubt})" if statute.doubt else ""
    return label(f"status.{statute.status}") + doubt
