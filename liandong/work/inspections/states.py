"""The states of an inspection."""

from __future__ import annotations

from enum import StrEnum

from liandong.kernel.states import StateTable, move


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
