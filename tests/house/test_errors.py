"""Every error that the code raises has its words, of its family, with every value that the words ask for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from liandong.kernel.errors import catalogue, fill
from liandong.kernel.states import StateTable
from liandong.registers.law.loader import rulebook
from tools.generate.sources import state_tables

CODE = Path(__file__).parents[2] / "liandong"
FAMILIES = {"Refused": "refused", "Invalid": "invalid", "Broken": "broken"}
PLACEHOLDER = re.compile(r"\{(\w+)\}")
BASE_ARGUMENTS = {"status", "rule", "field_errors"}


@dataclass(frozen=True)
class Raised:
    """A place that names an error code; `pattern` matches the codes it can be."""

    where: str
    pattern: str
    family: str | None
    values: frozenset[str] | None


@cache
def raised() -> tuple[Raised, ...]:
    return tuple(place for file in sorted(CODE.rglob("*.py")) for place in places(file))


def places(file: Path) -> Iterator[Raised]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        at = {"Refused": 0, "Invalid": 0, "Broken": 0, "FieldError": 1}.get(node.func.id)
        if at is None or len(node.args) <= at:
            continue
        keywords = [keyword.arg for keyword in node.keywords]
        known = node.func.id in FAMILIES and None not in keywords
        values = frozenset(word for word in keywords if word) - BASE_ARGUMENTS if known else None
        where = f"{file.relative_to(CODE.parent)}:{node.lineno}"
        for code in codes(node.args[at]):
            yield Raised(where, code, FAMILIES.get(node.func.id), values)


def codes(node: ast.expr) -> list[str]:
    """The codes that an expression can give, as patterns; none if it is only passed on."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [re.escape(node.value)]
    if isinstance(node, ast.JoinedStr):
        parts = (re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"\w+" for p in node.values)
        return ["".join(parts)]
    if isinstance(node, ast.IfExp):
        return codes(node.body) + codes(node.orelse)
    return []


def test_the_code_raises_something() -> None:
    assert len(raised()) > 50


@pytest.mark.parametrize("place", raised(), ids=lambda place: f"{place.where} {place.pattern}")
def test_what_is_raised_is_listed_with_its_family_and_its_values(place: Raised) -> None:
    meant = [code for code in catalogue() if re.fullmatch(place.pattern, code)]
    assert meant, "not in rulebook/errors.yaml"
    for code in meant:
        entry = catalogue()[code]
        assert place.family in (None, entry["family"])
        asked = set(PLACEHOLDER.findall(entry["zh"] + entry["en"]))
        assert place.values is None or asked <= place.values, f"{code} asks for {asked - place.values}"


@pytest.mark.parametrize("table", list(state_tables()), ids=lambda table: table.room)
def test_every_state_table_has_words_for_a_move_that_is_not_allowed(table: StateTable[object]) -> None:  # type: ignore[type-var]
    assert f"{table.room}.wrong_state" in catalogue()


@pytest.mark.parametrize("code", list(catalogue()))
def test_words_are_in_both_languages_and_ask_for_the_same_things(code: str) -> None:
    entry = catalogue()[code]
    assert re.search(r"[\u4e00-\u9fff]", entry["zh"])
    assert not re.search(r"[\u4e00-\u9fff]", entry["en"])
    assert entry["status"] // 100 == (5 if entry["family"] == "broken" else 4)
    asked = set(PLACEHOLDER.findall(entry["zh"] + entry["en"]))
    assert "{" not in fill(entry["zh"], dict.fromkeys(asked, "x"), "zh") + fill(
        entry["en"], dict.fromkeys(asked, "x"), "en"
    )


def test_every_code_that_is_named_anywhere_is_listed() -> None:
    """Codes also travel as remarks of imports and in refusals that time may heal."""
    rooms = {code.partition(".")[0] for code in catalogue()} - {"postgres"}
    shape = re.compile(rf"(?:{'|'.join(sorted(rooms))})\.(?!id$|yaml$|sha256$)[a-z][a-z_]+")
    named = {
        node.value
        for file in CODE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and shape.fullmatch(node.value)
    }
    law = {*rulebook().rules, *rulebook().problems}
    beginnings = {code for code in named if code.endswith("_") and any(known.startswith(code) for known in catalogue())}
    assert named - beginnings - law - set(catalogue()) == set()
