"""State tables: each allowed move is made, and each forbidden pair is refused with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pytest

from liandong.kernel.errors import Refused
from liandong.kernel.states import StateTable, move
from tests.seat import assert_words
from tools.generate.sources import state_tables

TABLES = list(state_tables())
PAIRS = [(table, state, verb, after) for table in TABLES for state, verb, after in table.pairs()]


def named(value: Any) -> str:
    return f"{value.room}.{value.record}" if isinstance(value, StateTable) else str(value)


@dataclass
class Record:
    """Anything with a state."""

    state: str


def test_every_room_with_states_is_among_them() -> None:
    rooms = {table.room for table in TABLES}
    assert {"clues", "dispatch", "inspections", "problems"} <= rooms


@pytest.mark.parametrize(("table", "state", "verb", "after"), PAIRS, ids=named)
def test_each_pair_of_state_and_verb(table: StateTable[Any], state: Any, verb: str, after: Any) -> None:
    record = Record(state.value)
    assert table.allows(state, verb) == (after is not None)
    if after is not None:
        assert table.advance(record, verb) == after
        assert record.state == after.value
        return
    with pytest.raises(Refused) as refused:
        table.advance(record, verb)
    assert (refused.value.code, refused.value.status) == (f"{table.room}.wrong_state", 409)
    assert_words(refused.value.body())
    assert record.state == state.value


@pytest.mark.parametrize("table", TABLES, ids=named)
def test_every_state_is_reached_from_the_first(table: StateTable[Any]) -> None:
    reached = {table.first}
    while more := {one.after for one in table.moves if one.before & reached} - reached:
        reached |= more
    assert reached == set(table.states)


@pytest.mark.parametrize("table", TABLES, ids=named)
def test_a_verb_is_never_ambiguous(table: StateTable[Any]) -> None:
    for state in table.states:
        for verb in {one.verb for one in table.moves}:
            assert sum(one.verb == verb and state in one.before for one in table.moves) <= 1


class Light(StrEnum):
    """A lamp."""

    off = "off"
    on = "on"


def test_the_diagram_shows_every_move_once() -> None:
    lamp = StateTable("lamps", "lamp", Light, Light.off, [move("press", Light.off, Light.on)])
    assert lamp.diagram().splitlines() == ["stateDiagram-v2", "    [*] --> off", "    off --> on: press"]
    assert list(lamp.pairs()) == [(Light.off, "press", Light.on), (Light.on, "press", None)]
