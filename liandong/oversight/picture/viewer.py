"""Which facts one open connection is given: the gate's rules on what passes by."""

from __future__ import annotations

from uuid import UUID

from liandong.kernel.ledger import LedgerFact
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor


class Viewer:
    """An actor who watches. Being sent to a task while watching opens its facts at once; being released ends that."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.tasks = set(actor.tasks)

    def sees(self, passing: LedgerFact) -> bool:
        """Whether the viewer may see a fact."""
        if passing.area_code is None:
            return False
        if self.actor.officer_id in passing.audience and passing.task_id is not None:
            self._called_or_released(passing, passing.task_id)
            return True
        if passing.author_id == self.actor.account_id or passing.task_id in self.tasks:
            return True
        if self.actor.areas.intersection(passing.parties):
            return True
        return bool(gate.ways_in(self.actor, area_code=passing.area_code, task_id=None))

    def _called_or_released(self, fact: LedgerFact, task_id: UUID) -> None:
        task = fact.payload["after"]["tasks"][str(task_id)]
        if str(self.actor.officer_id) in task["officer_ids"]:
            self.tasks.add(task_id)
        else:
            self.tasks.discard(task_id)
