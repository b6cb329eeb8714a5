"""The states of a dock."""

from __future__ import annotations

from enum import StrEnum

from liandong.kernel.states import StateTable, move


class DockState(StrEnum):
    """What a dock does with its aircraft's picture."""

    idle = "idle"
    starting = "starting"
    sending = "sending"
    stopping = "stopping"


DOCK_STATES = StateTable(
    "docks",
    "dock",
    DockState,
    DockState.idle,
    [
        move("start", DockState.idle, DockState.starting),
        move("confirm_start", DockState.starting, DockState.sending),
        move("refuse_start", DockState.starting, DockState.idle),
        move("stop", {DockState.starting, DockState.sending}, DockState.stopping),
        move("end", {DockState.sending, DockState.stopping}, DockState.idle),
    ],
)
