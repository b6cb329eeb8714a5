"""The states of a clue."""

from __future__ import annotations

from enum import StrEnum

from liandong.kernel.states import StateTable, move


class ClueState(StrEnum):
    """Where a clue stands."""

    received = "received"
    accepted = "accepted"
    declined = "declined"
    settled = "settled"


CLUE_STATES = StateTable(
    "clues",
    "clue",
    ClueState,
    ClueState.received,
    [
        move("accept", ClueState.received, ClueState.accepted),
        move("decline", ClueState.received, ClueState.declined),
        move("settle", ClueState.accepted, ClueState.settled),
    ],
)
OPEN_STATES = frozenset({ClueState.received, ClueState.accepted})
