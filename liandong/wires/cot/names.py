"""What carriers are called, asked for once, and events encoded once for all who hear the same."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from uuid import UUID

from liandong.kernel.db import Database, Role
from liandong.means.tracks.points import KINDS, Seen, read_frame
from liandong.oversight.picture.carriers import names_of
from liandong.registers.access.actor import Actor
from liandong.registers.access.door import take_seat
from liandong.wires.cot.words import Named, positions

KEPT_FRAMES = 16
SHORT = 8
"""Letters of an id that stand in for a name nobody knows."""


class Names:
    """The names that one process has learnt, and the last frames as events."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._titles: dict[UUID, str] = {}
        self._encoded: OrderedDict[int, tuple[bytes, bytes]] = OrderedDict()

    async def events(self, frame: bytes, actor: Actor) -> bytes:
        """A frame of positions as CoT events; what several clients hear is encoded once."""
        kept = self._encoded.get(id(frame))
        if kept is not None:
            return kept[1]
        _, seen = read_frame(frame)
        await self._learn(seen, actor)
        made = positions(Named(one, self._titles[one.carrier_id]) for one in seen)
        self._encoded[id(frame)] = frame, made  # the frame is held, so that its id stays its own
        while len(self._encoded) > KEPT_FRAMES:
            self._encoded.popitem(last=False)
        return made

    async def _learn(self, seen: Iterable[Seen], actor: Actor) -> None:
        unknown = [one for one in seen if one.carrier_id not in self._titles]
        if not unknown:
            return
        async with self._db.transaction(Role.app) as session:
            await take_seat(session, actor)
            found = await names_of(session, {one.carrier_id: KINDS[one.kind] for one in unknown})
        self._titles |= {one.carrier_id: found.get(one.carrier_id, str(one.carrier_id)[-SHORT:]) for one in unknown}
