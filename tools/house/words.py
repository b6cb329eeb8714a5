"""One dictionary: every table, state and event is in rulebook/glossary.yaml."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tools.house.cards import events_of, tables_of
from tools.house.tree import ROOT, rooms, shown

GLOSSARY = ROOT / "rulebook" / "glossary.yaml"


def every_word_is_in_the_glossary() -> Iterator[str]:
    """The names of tables, states and events are entries of the glossary, each with a Chinese word."""
    known = glossary_ids()
    if not known:
        yield f"{shown(GLOSSARY)}: missing or empty"
        return
    for room in rooms():
        for kind, names in (("table", tables_of(room)), ("event", events_of(room)), ("state", states_of(room))):
            for name in sorted(names):
                if not spellings(room, kind, name) & known:
                    yield f"{shown(room)}: {kind} {name} is not in the glossary"


@cache
def glossary_ids() -> set[str]:
    """Every identifier of the glossary that has a Chinese word."""
    if not GLOSSARY.exists():
        return set()
    loaded = yaml.safe_load(GLOSSARY.read_text(encoding="utf-8"))
    return {str(entry["id"]) for entry in _entries(loaded) if entry.get("zh")}


def spellings(room: Path, kind: str, name: str) -> set[str]:
    """The identifiers under which the glossary may have a name; a state belongs to a table, `problem.state.closed`."""
    if kind != "state":
        return {name, snake(name)}
    return {f"{snake(table)}.state.{name}" for table in tables_of(room)}


def states_of(room: Path) -> set[str]:
    """The names of all states in a room's state tables."""
    if not (room / "states.py").exists():
        return set()
    module = importlib.import_module(".".join([*room.relative_to(ROOT).parts, "states"]))
    state_table = importlib.import_module("liandong.kernel.states").StateTable
    tables = [value for value in vars(module).values() if isinstance(value, state_table)]
    return {state.value for table in tables for state in table.states}


def snake(name: str) -> str:
    """`ProblemClosed` as `problem_closed`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _entries(node: Any) -> Iterator[dict[str, Any]]:
    """Every mapping with an `id`, however the file groups them."""
    if isinstance(node, dict):
        if "id" in node:
            yield node
        for key, value in node.items():
            if isinstance(value, dict) and "zh" in value and "id" not in value:
                yield {"id": key, **value}
            yield from _entries(value)
    elif isinstance(node, list):
        for item in node:
            yield from _entries(item)
