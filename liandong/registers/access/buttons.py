"""Which verbs a person may use on a record now: what the faces draw their buttons from."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from liandong.kernel.states import StateTable
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.registers.access.scoped import Scoped

S = TypeVar("S", bound=StrEnum)


def buttons(actor: Actor, record: Scoped, state: str, states: StateTable[S], moves: Mapping[str, str]) -> list[str]:
    """The verbs that both the gate and the state of the record allow.

    `moves` maps a move of the state table to the verb that guards it; a move named with a leading `=` needs no state.
    """
    found = []
    for move, verb in moves.items():
        if not move.startswith("=") and not states.allows(states.states(state), move):
            continue
        if gate.allowed(actor, verb, record):
            found.append(verb.partition(":")[2])
    return found
