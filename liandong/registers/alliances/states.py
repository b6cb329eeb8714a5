"""The states of a memorandum."""

from __future__ import annotations

from enum import StrEnum

from liandong.kernel.states import StateTable, move


class MemorandumState(StrEnum):
    """Where a memorandum stands."""

    draft = "draft"
    offered = "offered"
    in_force = "in_force"
    expired = "expired"
    ended = "ended"
    discarded = "discarded"


MEMORANDUM_STATES = StateTable(
    "alliances",
    "memorandum",
    MemorandumState,
    MemorandumState.draft,
    [
        move("offer", MemorandumState.draft, MemorandumState.offered),
        move("revise", MemorandumState.offered, MemorandumState.draft),
        move("discard", {MemorandumState.draft, MemorandumState.offered}, MemorandumState.discarded),
        move("sign", MemorandumState.offered, MemorandumState.offered),
        move("take_force", MemorandumState.offered, MemorandumState.in_force),
        move("leave", MemorandumState.in_force, MemorandumState.in_force),
        move("end", MemorandumState.in_force, MemorandumState.ended),
        move("expire", MemorandumState.in_force, MemorandumState.expired),
    ],
)
