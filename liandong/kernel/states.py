"""A state table as data: the allowed moves, one helper that makes a move, and its diagram."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from liandong.kernel.dictionary import Word
from liandong.kernel.errors import Refused

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True)
class Move(Generic[S]):
    """One allowed move: `verb` takes a record from one of `before` to `after`."""

    verb: str
    before: frozenset[S]
    after: S


class StateTable(Generic[S]):
    """The states of one kind of record and every move between them."""

    def __init__(self, room: str, record: str, states: type[S], first: S, moves: list[Move[S]]) -> None:
        self.room, self.record, self.states, self.first, self.moves = room, record, states, first, moves

    def allows(self, state: S, verb: str) -> bool:
        """Whether `verb` may be done to a record in `state`."""
        return any(move.verb == verb and state in move.before for move in self.moves)

    def after(self, state: S, verb: str) -> S:
        """The state that `verb` leads to from `state`.

        Raises    {room}.wrong_state
        """
        for move in self.moves:
            if move.verb == verb and state in move.before:
                return move.after
        raise Refused(
            f"{self.room}.wrong_state",
            verb=Word(f"{self.record}.verb.{verb}"),
            state=Word(f"{self.record}.state.{state.value}"),
        )

    def advance(self, record: Any, verb: str) -> S:
        """Move `record.state` by `verb`; afterwards it holds the new state, which is returned."""
        record.state = self.after(self.states(record.state), verb)
        return self.states(record.state)

    def pairs(self) -> Iterator[tuple[S, str, S | None]]:
        """Every (state, verb, next state or None where it is forbidden): what a test walks through."""
        for state in self.states:
            for verb in sorted({move.verb for move in self.moves}):
                yield state, verb, self.after(state, verb) if self.allows(state, verb) else None

    def diagram(self) -> str:
        """The table as a Mermaid state diagram."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.first.value}"]
        for move in self.moves:
            lines += [f"    {b.value} --> {move.after.value}: {move.verb}" for b in sorted(move.before)]
        return "\n".join(lines)


def move(verb: str, before: S | set[S], after: S) -> Move[S]:
    """A move written short: `move("close_out", State.claimed, State.closed)`."""
    return Move(verb, frozenset(before if isinstance(before, set) else {before}), after)
