"""The states of an inspection."""

from __future__ import annotations

from enum import StrEnum

from liandong.kernel.states import StateTable, move

SUPPORT_KINDS = frozenset({"assistance", "outreach"})
"""帮扶、普法: visits that help and explain. They find no problems, never become cases and count in no enforcement figure."""


class InspectionState(StrEnum):
    """Where an inspection stands."""

    open = "open"
    submitted = "submitted"
    returned = "returned"


INSPECTION_STATES = StateTable(
    "inspections",
    "inspection",
    InspectionState,
    InspectionState.open,
    [
        move("submit", InspectionState.open, InspectionState.submitted),
        move("return", {InspectionState.submitted, InspectionState.returned}, InspectionState.returned),
        move("resubmit", InspectionState.returned, InspectionState.submitted),
    ],
)
