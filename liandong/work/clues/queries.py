"""Every read of the clues room, through the gate."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.errors import Refused
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.work.clues.states import ClueState
from liandong.work.clues.tables import Clue


def visible_clues(actor: Actor, state: str | None = None, source_id: UUID | None = None) -> Select[Clue]:
    """The clues that the actor may see, narrowed to a state or a source."""
    rows = gate.visible(actor, "clues:read", Clue)
    if state is not None:
        rows = rows.where(Clue.state == state)
    return rows if source_id is None else rows.where(Clue.source_id == source_id)


@dataclass(frozen=True)
class Tellable:
    """What a neighbour may be told of a clue: all but the petitioner. `evidence_ids` are sealed items that show it."""

    id: UUID
    number: str
    area_code: str
    kind: str
    element: str | None
    description: str
    lon: float | None
    lat: float | None
    evidence_ids: frozenset[UUID]


def tellable(clue: Clue) -> Tellable:
    """What a neighbour may be told of a clue that he may take over.

    Raises    clues.not_open_to_offer, clues.came_from_a_neighbour, clues.designated
    """
    require_open_to_offer(clue)
    shown = frozenset(filter(None, (*clue.photo_ids, clue.snapshot_id, clue.clip_id)))
    return Tellable(
        clue.id, clue.number, clue.area_code, clue.kind, clue.element, clue.description, clue.lon, clue.lat, shown
    )


def require_open_to_offer(clue: Clue) -> None:
    """Afterwards it is sure that the clue may be offered to a neighbour: nothing was done about it, and nobody decided whose it is.

    Raises    clues.not_open_to_offer, clues.came_from_a_neighbour, clues.designated
    """
    require_untouched(clue)
    if clue.came_from is not None:
        raise Refused("clues.came_from_a_neighbour", number=clue.number)
    if clue.is_designated:
        raise Refused("clues.designated", number=clue.number)


def require_untouched(clue: Clue) -> None:
    """Afterwards it is sure that nothing was done about the clue and nobody is being asked whose it is.

    Raises    clues.not_open_to_offer
    """
    if clue.state != ClueState.received or clue.offered_to is not None:
        raise Refused("clues.not_open_to_offer", number=clue.number)


async def find_clue(
    session: AsyncSession, actor: Actor, clue_id: UUID, verb: str = "clues:read", *, lock: bool = False
) -> Clue:
    """A clue that the actor may see and do `verb` to.

    Raises    kernel.not_found, access.verb_missing, access.way_missing
    """
    return await gate.find(session, actor, verb, Clue, clue_id, lock=lock)
