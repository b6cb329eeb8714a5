"""Every room's card (the docstring of its __init__.py) says what its code says."""

from __future__ import annotations

import importlib
import re
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

from tools.house.tree import ROOT, base_names, classes, rooms, shown

LINES = ("Holds", "States", "Announces", "Verbs", "Basis", "Looks back")
NONE = "–"


def cards_are_true() -> Iterator[str]:
    """Holds, States and Announces of every card are what tables.py, states.py and events.py hold; wires need no card."""
    for room in rooms():
        if room.parent.name == "wires":
            continue
        card = read_card(room)
        missing = [line for line in LINES if line not in card]
        if missing:
            yield f"{shown(room)}: the card has no line {', '.join(missing)}"
            continue
        yield from _compare(room, "Holds", _names(card["Holds"]), tables_of(room))
        yield from _compare(room, "Announces", _names(card["Announces"]), events_of(room))
        yield from _compare(room, "States", _moves(card["States"]), moves_of(room))


def verbs_are_carded() -> Iterator[str]:
    """Every verb of the vocabulary stands on the card of exactly one room, and no card has another."""
    vocabulary = importlib.import_module("liandong.registers.access.vocabulary").VERBS
    where: dict[str, list[str]] = {}
    for room in rooms():
        for verb in _verbs(read_card(room).get("Verbs", NONE)):
            where.setdefault(verb, []).append(room.name)
    for verb in sorted(set(vocabulary) | set(where)):
        if verb not in vocabulary:
            yield f"verb {verb}: on the card of {where[verb][0]}, but not in the vocabulary"
        elif len(where.get(verb, [])) != 1:
            yield f"verb {verb}: on the cards of {where.get(verb, []) or 'no room'}, expected one"


def read_card(room: Path) -> dict[str, str]:
    """The lines of a room's card by their heading; empty where there is no card."""
    module = (room / "__init__.py").read_text(encoding="utf-8")
    found = re.match(r'\s*"""(.*?)"""', module, re.DOTALL)
    card: dict[str, str] = {}
    heading = ""
    for line in (found[1] if found else "").splitlines():
        start = next((name for name in LINES if line.startswith(f"{name} ")), None)
        if start:
            heading, card[start] = start, line[len(start) :].strip()
        elif heading and line.startswith(" "):
            card[heading] += f" {line.strip()}"
        else:
            heading = ""
    return card


def tables_of(room: Path) -> set[str]:
    """The classes of tables in a room."""
    return {node.name for node in classes(room / "tables.py") if "Base" in base_names(node)}


def events_of(room: Path) -> set[str]:
    """The facts a room announces."""
    bases = {node.name: base_names(node) for node in classes(room / "events.py")}
    shared = {base for found in bases.values() for base in found}
    return {name for name in bases if name not in shared and _descends_from_fact(name, bases)}


def _descends_from_fact(name: str, bases: Mapping[str, Collection[str]]) -> bool:
    above = bases.get(name, ())
    return "Fact" in above or any(_descends_from_fact(base, bases) for base in above)


def moves_of(room: Path) -> set[str]:
    """Every move of a room's state tables, written `before → after`."""
    if not (room / "states.py").exists():
        return set()
    states = importlib.import_module(".".join([*room.relative_to(ROOT).parts, "states"]))
    state_table = importlib.import_module("liandong.kernel.states").StateTable
    tables = [value for value in vars(states).values() if isinstance(value, state_table)]
    return {
        f"{before.value} → {move.after.value}" for table in tables for move in table.moves for before in move.before
    }


def _compare(room: Path, line: str, card: set[str], code: set[str]) -> Iterator[str]:
    for name in sorted(code - card):
        yield f"{shown(room)}: {line} misses {name}"
    for name in sorted(card - code):
        yield f"{shown(room)}: {line} has {name}, the code has not"


def _names(text: str) -> set[str]:
    if _says_none(text):
        return set()
    return {name.strip() for name in text.split(",")}


def _says_none(text: str) -> bool:
    """`–`, or `nothing` with whatever is said about it."""
    return text == NONE or text.startswith("nothing")


def _moves(text: str) -> set[str]:
    """`a → b → c; d, e → c` as single moves."""
    moves: set[str] = set()
    if _says_none(text):
        return moves
    for chain in text.split(";"):
        steps = [[state.strip() for state in step.split(",")] for step in chain.split("→")]
        for before, after in pairwise(steps):
            moves |= {f"{one} → {other}" for one in before for other in after}
    return moves


def _verbs(text: str) -> set[str]:
    """`tasks:assign · read, positions:read` as `tasks:assign`, `tasks:read` and `positions:read`."""
    verbs: set[str] = set()
    if _says_none(text):
        return verbs
    prefix = ""
    for word in re.split(r"[·,;\s]+", text):
        if ":" in word:
            prefix, _, word = word.partition(":")  # noqa: PLW2901
        if word:
            verbs.add(f"{prefix}:{word}")
    return verbs
