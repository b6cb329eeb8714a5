"""The states of a task."""

from __future__ import annotations

from enum import StrEnum

from liandong.kernel.states import StateTable, move


class TaskState(StrEnum):
    """Where a task stands."""

    drafted = "drafted"
    assigned = "assigned"
    accepted = "accepted"
    on_site = "on_site"
    reported = "reported"
    cancelled = "cancelled"


_BEFORE_ARRIVAL = {TaskState.drafted, TaskState.assigned, TaskState.accepted}

TASK_STATES = StateTable(
    "dispatch",
    "task",
    TaskState,
    TaskState.drafted,
    [
        move("assign", _BEFORE_ARRIVAL, TaskState.assigned),
        move("accept", TaskState.assigned, TaskState.accepted),
        move("arrive", {TaskState.assigned, TaskState.accepted}, TaskState.on_site),
        move("report_back", TaskState.on_site, TaskState.reported),
        move("cancel", _BEFORE_ARRIVAL, TaskState.cancelled),
    ],
)
OPEN_STATES = frozenset({TaskState.drafted, TaskState.assigned, TaskState.accepted, TaskState.on_site})
