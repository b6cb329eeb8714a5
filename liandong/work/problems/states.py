"""The states of a problem."""

from __future__ import annotations

from enum import StrEnum

from liandong.kernel.states import StateTable, move


class ProblemState(StrEnum):
    """Where a problem stands on the list."""

    found = "found"
    ordered = "ordered"
    claimed = "claimed"
    closed = "closed"
    settled = "settled"
    relapsed = "relapsed"


PROBLEM_STATES = StateTable(
    "problems",
    "problem",
    ProblemState,
    ProblemState.found,
    [
        move("order", {ProblemState.found, ProblemState.relapsed}, ProblemState.ordered),
        move("claim", ProblemState.ordered, ProblemState.claimed),
        move("return", ProblemState.claimed, ProblemState.ordered),
        move("close_out", ProblemState.claimed, ProblemState.closed),
        move("settle", ProblemState.closed, ProblemState.settled),
        move("relapse", ProblemState.closed, ProblemState.relapsed),
    ],
)
OPEN_STATES = frozenset({ProblemState.found, ProblemState.ordered, ProblemState.claimed, ProblemState.relapsed})
