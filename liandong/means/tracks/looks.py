"""Whose look at whereabouts goes on: each is written down once, however often its connection is opened again."""

from __future__ import annotations

from uuid import UUID

from liandong.kernel.db import Database, Role
from liandong.kernel.remembered import Remembered
from liandong.means.tracks.actions import note_watching
from liandong.registers.access.actor import Actor
from liandong.registers.access.door import take_seat

SAME_LOOK_SECONDS = 600.0
"""Whoever comes back within this time goes on with the same look."""


class Looks:
    """The looks that one process knows of."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._going_on: Remembered[UUID, bool] = Remembered(SAME_LOOK_SECONDS)

    async def note(self, actor: Actor) -> None:
        """That the actor looks is on the ledger, and the look goes on.

        Basis     个人信息保护法 §28, §51
        """
        goes_on = self._going_on.get(actor.account_id)
        self.go_on(actor)
        if not goes_on:
            async with self._db.transaction(Role.app) as session:
                await take_seat(session, actor)
                await note_watching(session, actor)

    def go_on(self, actor: Actor) -> None:
        """The actor still looks."""
        self._going_on.put(actor.account_id, True)
