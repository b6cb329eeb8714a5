"""What the live picture shows of a clue."""

from __future__ import annotations

from typing import Any

from liandong.work.clues.states import OPEN_STATES
from liandong.work.clues.tables import Clue


def clue_item(clue: Clue) -> dict[str, Any] | None:
    """What the live picture shows of a clue; None once it is settled or declined."""
    if clue.state not in OPEN_STATES:
        return None
    shown = ("id", "number", "state", "kind", "element", "description", "area_code", "lon", "lat", "received_at")
    return {name: getattr(clue, name) for name in shown} | {"handle_by_on": clue.handle_by_on}
