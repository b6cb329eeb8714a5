"""The house rules hold, and each of them notices what it is there for."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import check_house
from tools.house import cards, gate, places, sizes, tree


@pytest.mark.parametrize("rule", check_house.RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_rules(rule: check_house.Rule) -> None:
    assert list(rule()) == []


def test_the_floors_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")], cwd=tree.ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty house, on which the rules are tried."""
    for module in (tree, sizes, cards, gate):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(gate, "GATE", tmp_path / "liandong/registers/access/gate.py")
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    tree.own_files.cache_clear()
    yield tmp_path
    tree.own_files.cache_clear()


def put(house: Path, name: str, text: str) -> None:
    file = house / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    tree.own_files.cache_clear()


ROOM = "liandong/work/clues"
CARD = (
    '"""线索 clues: x.\n\nHolds      {}\nStates     –\nAnnounces  {}\nVerbs      –\nBasis      –\nLooks back –\n"""\n'
)


def test_a_long_file_is_noticed(house: Path) -> None:
    put(house, "liandong/long.py", "x = 1\n" * 401)
    put(house, "liandong/short.py", "x = 1\n" * 400)
    assert list(sizes.files_are_small()) == ["liandong/long.py: 401 lines, 400 are allowed"]


def test_a_long_function_is_noticed_without_its_docstring(house: Path) -> None:
    words = '    """' + "a\n" * 30 + '    """\n'
    put(house, "liandong/fits.py", "def fits():\n" + words + "    x = 1\n" * 59)
    put(house, "liandong/long.py", "def long():\n" + "    x = 1\n" * 60)
    assert [line.split(":")[0] for line in sizes.functions_are_small()] == ["liandong/long.py"]


def test_a_large_room_is_noticed(house: Path) -> None:
    put(house, f"{ROOM}/__init__.py", "")
    for number in range(7):
        put(house, f"{ROOM}/part{number}.py", "x = 1\n" * 400)
    assert len(list(sizes.rooms_are_small())) == 1


def test_a_card_that_is_behind_its_code_is_noticed(house: Path) -> None:
    put(house, f"{ROOM}/__init__.py", CARD.format("Clue, Rumour", "–"))
    put(house, f"{ROOM}/tables.py", "class Clue(Base): ...\n")
    put(house, f"{ROOM}/events.py", "class ClueReceived(Fact): ...\n")
    assert list(cards.cards_are_true()) == [
        f"{ROOM}: Holds has Rumour, the code has not",
        f"{ROOM}: Announces misses ClueReceived",
    ]


def test_a_room_without_a_card_is_noticed(house: Path) -> None:
    put(house, f"{ROOM}/__init__.py", '"""Clues."""\n')
    assert len(list(cards.cards_are_true())) == 1


def test_moves_and_verbs_are_read_as_people_write_them() -> None:
    assert cards._moves("a → b → c; d, e → c") == {"a → b", "b → c", "d → c", "e → c"}
    assert cards._moves("–") == set()
    assert cards._verbs("tasks:assign · read, positions:read") == {"tasks:assign", "tasks:read", "positions:read"}
    assert cards._verbs("–") == set()


@pytest.mark.parametrize(
    "statement",
    ["select(Clue)", "select(Clue.id)", "select(func.count(Clue.id))", "sqlalchemy.select(Clue)"],
)
def test_a_query_past_the_gate_is_noticed(house: Path, statement: str) -> None:
    put(house, f"{ROOM}/__init__.py", "")
    put(house, f"{ROOM}/tables.py", "class Clue(Scoped, Base): ...\nclass Kind(Base): ...\n")
    put(house, f"{ROOM}/queries.py", f"rows = {statement}\nfree = select(Kind)\n")
    assert len(list(gate.nobody_walks_past_the_gate())) == 1
    put(house, f"{ROOM}/queries.py", f"rows = {statement}  # past the gate: the system itself asks\n")
    tree.syntax.cache_clear()
    assert list(gate.nobody_walks_past_the_gate()) == []


def test_a_commit_outside_the_kernel_is_noticed(house: Path) -> None:
    put(house, f"{ROOM}/actions.py", "async def act(session):\n    await session.commit()\n")
    assert len(list(gate.only_the_kernel_commits())) == 1


@pytest.mark.parametrize("line", ["https://" + "py" + "pi.org/simple", "/" + "root/.cache/x", "'/" + "work/main/a'"])
def test_a_machine_is_noticed(house: Path, line: str) -> None:
    put(house, "notes.md", f"see {line}\n")
    assert len(list(places.nothing_names_a_machine())) == 1


@pytest.mark.parametrize("line", ["/api/work/tasks", "../shared/data", "https://example.org/home/page", "a/root/b"])
def test_a_relative_place_is_no_machine(house: Path, line: str) -> None:
    put(house, "notes.md", f"see {line}\n")
    assert list(places.nothing_names_a_machine()) == []


def test_the_rules_read_python(house: Path) -> None:
    put(house, "liandong/a.py", "class Problem(Scoped, db.Base): ...\n")
    node = tree.classes(house / "liandong/a.py")[0]
    assert isinstance(node, ast.ClassDef)
    assert tree.base_names(node) == {"Scoped", "Base"}
