"""The states of a stream."""

from __future__ import annotations

from enum import StrEnum

from liandong.kernel.states import StateTable, move


class StreamState(StrEnum):
    """Whether a picture comes in."""

    offline = "offline"
    live = "live"
    closed = "closed"


STREAM_STATES = StateTable(
    "video",
    "stream",
    StreamState,
    StreamState.offline,
    [
        move("go_live", StreamState.offline, StreamState.live),
        move("go_offline", StreamState.live, StreamState.offline),
        move("close", {StreamState.offline, StreamState.live}, StreamState.closed),
    ],
)
