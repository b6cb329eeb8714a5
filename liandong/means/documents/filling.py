"""A form and facts become a paper: every text final, nothing left for the layout to decide but where it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from liandong.kernel.errors import Broken
from liandong.means.documents.shapes import (
    Fields,
    FormVersion,
    Heading,
    Listed,
    Question,
    Repeated,
    Table,
    Talk,
    Words,
)
from liandong.means.documents.words import UNRECORDED, breakable, clean

Facts = Mapping[str, Any]
"""What is known, by name: text, None where it was not recorded, or a list of such mappings."""
Json = dict[str, Any]
PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def fill(version: FormVersion, facts: Facts) -> list[Json]:
    """The blocks of the paper, in the order of the form.

    Raises    documents.fact_unknown: the form asks for a fact that nobody hands down
    """
    return [_block(block, facts) for block in version.blocks]


def _block(block: Any, facts: Facts) -> Json:
    match block:
        case Heading():
            return {"block": "heading", "text": breakable(block.text)}
        case Words():
            return {"block": "text", "text": runs(block.text, facts)}
        case Question():
            return {"block": "talk", "turns": [_turn(block, facts)]}
        case Fields(of=None):
            return {"block": "fields", "fields": _fields(block, facts)}
        case Repeated():
            return _repeated(block, facts)
    raise TypeError(block)


def _repeated(block: Repeated, facts: Facts) -> Json:
    entries = _entries(block, facts)
    if not entries:
        return {"block": "list", "items": [[_run(block.none or UNRECORDED, is_filled=True)]]}
    match block:
        case Fields():
            return {"block": "fields", "fields": [one for entry in entries for one in _fields(block, entry)]}
        case Listed():
            return {"block": "list", "items": [runs(block.item, entry) for entry in entries]}
        case Talk():
            return {"block": "talk", "turns": [_turn(block, entry) for entry in entries]}
        case Table():
            return _table(block, entries)
    raise TypeError(block)


def _entries(block: Repeated, facts: Facts) -> list[Facts]:
    found = _fact(facts, block.of)
    kept = [one for one in found or () if all(_fact(one, name) in wanted for name, wanted in block.where.items())]
    return [{**facts, **entry, "n": str(number)} for number, entry in enumerate(kept, 1)]


def _fields(block: Fields, facts: Facts) -> list[Json]:
    return [
        {"label": "".join(run["text"] for run in runs(field.label, facts)), "value": runs(field.value, facts),
         "half": field.half}
        for field in block.fields
    ]  # fmt: skip


def _turn(block: Question | Talk, facts: Facts) -> Json:
    return {"asked": runs(block.asked, facts), "answered": runs(block.answered, facts)}


def _table(block: Table, entries: Sequence[Facts]) -> Json:
    rows = [["".join(run["text"] for run in runs(column.value, one)) for column in block.columns] for one in entries]
    return {
        "block": "table",
        "heads": [breakable(column.head) for column in block.columns],
        "widths": [column.width for column in block.columns],
        "rows": rows,
    }


def runs(text: str, facts: Facts) -> list[Json]:
    """A text of the form as runs of `{text, filled}`: wording, and what is filled in.

    Raises    documents.fact_unknown
    """
    found, end = [], 0
    for place in PLACE.finditer(text):
        found.append(_run(text[end : place.start()], is_filled=False))
        found.append(_run(said(_fact(facts, place[1])), is_filled=True))
        end = place.end()
    found.append(_run(text[end:], is_filled=False))
    return [run for run in found if run["text"]]


def said(value: Any) -> str:
    """A fact in words; 未记录 where there is none, or nothing that can be seen."""
    return clean(str(value)) or UNRECORDED if value is not None else UNRECORDED


def _fact(facts: Facts, name: str) -> Any:
    if name not in facts:
        raise Broken("documents.fact_unknown", fact=name)
    return facts[name]


def _run(text: str, *, is_filled: bool) -> Json:
    return {"text": breakable(text), "filled": is_filled}
