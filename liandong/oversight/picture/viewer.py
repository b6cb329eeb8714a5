"""Which facts and positions one open connection is given: the gate's rules on what passes by."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from liandong.kernel.ledger import LedgerFact
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor


class Viewer:
    """An actor who watches. Being sent to a task while watching opens that task's facts at once."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.tasks = set(actor.tasks)

    def sees(self, passing: LedgerFact | dict[str, Any]) -> bool:
        """Whether the viewer may see a fact, or a position `{area_code, task_id, …}`."""
        if isinstance(passing, dict):
            return "positions:read" in self.actor.verbs and passing["area_code"] in self.actor.areas
        if passing.area_code is None:
            return False
        if self.actor.officer_id in passing.audience:
            self.tasks |= {passing.task_id} if passing.task_id else set()
            return True
        return passing.author_id == self.actor.account_id or self._ways(passing.area_code, passing.task_id)

    def _ways(self, area_code: str, task_id: UUID | None) -> bool:
        return task_id in self.tasks or bool(gate.ways_in(self.actor, area_code=area_code, task_id=task_id))
