"""The states of a mission."""

from __future__ import annotations

from enum import StrEnum

from liandong.kernel.states import StateTable, move


class MissionState(StrEnum):
    """Where a mission stands."""

    drafted = "drafted"
    released = "released"
    flown = "flown"
    cancelled = "cancelled"


MISSION_STATES = StateTable(
    "drones",
    "mission",
    MissionState,
    MissionState.drafted,
    [
        move("release", MissionState.drafted, MissionState.released),
        move("report_flown", MissionState.released, MissionState.flown),
        move("cancel", {MissionState.drafted, MissionState.released}, MissionState.cancelled),
    ],
)
