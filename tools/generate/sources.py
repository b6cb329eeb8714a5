"""What the generated files are made from."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from liandong.kernel.ledger import Fact
from liandong.kernel.paths import rulebook_folder
from liandong.kernel.states import StateTable
from tools.house.tree import ROOT, rooms


def module_of(room: Path, name: str) -> Any | None:
    """A module of a room, or None if the room has no such file."""
    if not (room / f"{name}.py").exists():
        return None
    return importlib.import_module(".".join([*room.relative_to(ROOT).parts, name]))


def state_tables() -> Iterator[StateTable[Any]]:
    """Every state table of the house, room by room."""
    for room in rooms():
        module = module_of(room, "states")
        yield from (value for value in vars(module).values() if isinstance(value, StateTable)) if module else ()


def facts() -> Iterator[tuple[str, type[Fact]]]:
    """Every fact with the room that announces it."""
    for room in rooms():
        module = module_of(room, "events")
        for value in vars(module).values() if module else ():
            if isinstance(value, type) and issubclass(value, Fact) and value.__module__ == module.__name__:
                yield from (
                    [] if value.__subclasses__() else [(room.name, value)]
                )  # what several say alike is none itself


def rulebook(name: str) -> Any:
    """A file of the rulebook; empty if there is none."""
    file = rulebook_folder() / name
    return yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else {}


def first_line(thing: Any) -> str:
    """The first line of a docstring."""
    return (thing.__doc__ or "").strip().partition("\n")[0]
