"""One dictionary: what the code names is in it, and what the faces show comes from it."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import get_args

import pytest

from liandong.kernel.paths import rulebook_folder
from liandong.registers.access.vocabulary import Role, Way
from liandong.registers.law import shapes
from liandong.registers.law.glossary import label, labels, terms
from tools.generate.sources import facts, state_tables
from tools.generate.terms import term_files
from tools.house.tree import rooms
from tools.house.words import spellings, states_of, tables_of

APPS = Path(__file__).parents[2] / "apps"


def test_every_term_has_a_chinese_word_and_a_different_english_one() -> None:
    for term in terms().values():
        assert re.search(r"[\u4e00-\u9fff%]", term.zh) or term.zh.isdigit(), term.id
        assert not re.search(r"[\u4e00-\u9fff]", term.en), term.id
        assert term.en[0] == term.en[0].upper(), term.id


def test_what_a_term_is_not_is_another_word() -> None:
    for term in terms().values():
        assert term.id not in (term.not_ or ())


@pytest.mark.parametrize(
    ("prefix", "values"),
    [
        ("element", get_args(shapes.Element)),
        ("unit", get_args(shapes.Unit)),
        ("status", get_args(shapes.Status)),
        ("statute.kind", get_args(shapes.StatuteKind)),
        ("role", [role.value for role in Role]),
    ],
)
def test_closed_lists_of_the_code_and_the_dictionary_agree(prefix: str, values: list[str]) -> None:
    assert set(labels(prefix)) == set(values)


def test_every_way_in_has_a_word() -> None:
    assert {way.value for way in Way} <= set(labels("way"))


def test_every_state_and_every_move_has_a_word() -> None:
    for table in state_tables():
        record = record_of(table.states)
        assert set(labels(f"{record}.state")) >= {state.value for state in table.states}
        assert set(labels(f"{record}.verb")) >= {move.verb for move in table.moves}


def record_of(states: type[StrEnum]) -> str:
    """`ProblemState` are the states of a `problem`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", states.__name__.removesuffix("State")).lower()


def test_every_fact_has_a_word() -> None:
    assert {fact.__name__ for _, fact in facts()} <= set(terms())


def test_every_table_has_a_word() -> None:
    missing = {
        name for room in rooms() for name in tables_of(room) if not spellings(room, "table", name) & set(terms())
    }
    assert missing == set()
    assert any(states_of(room) for room in rooms())


def test_the_faces_have_exactly_the_words_of_the_dictionary() -> None:
    (text,) = term_files().values()
    shown = dict(re.findall(r'^  "([^"]+)": \{ zh: "([^"]*)"', text, flags=re.MULTILINE))
    assert shown == {term_id: label(term_id) for term_id in terms()}


def test_every_word_that_a_face_asks_for_by_name_is_there() -> None:
    asked = {
        key
        for file in [*APPS.rglob("*.vue"), *APPS.rglob("*.ts")]
        if "node_modules" not in file.parts and ".test." not in file.name
        for key in re.findall(r"\bt\(\"([^\"$]+)\"\)", file.read_text(encoding="utf-8"))
    }
    groups = {
        group
        for file in APPS.rglob("*.vue")
        if "node_modules" not in file.parts
        for group in re.findall(r"(?<![:\w])group=\"([a-z_.]+)\"", file.read_text(encoding="utf-8"))
    }
    assert asked <= set(terms())
    assert groups
    assert {group for group in groups if not labels(group)} == set()


def test_the_dictionary_is_one_file() -> None:
    assert [file.name for file in rulebook_folder().glob("glossary*")] == ["glossary.yaml"]
