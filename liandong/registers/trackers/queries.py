"""Every read of the trackers room."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.registers.trackers.actions import key_hash
from liandong.registers.trackers.tables import Tracker


@dataclass(frozen=True)
class Carrier:
    """What a key speaks for: a thing of a division, or an officer, whose division is that of his task.

    `account_id` is whose sight it has; a thing has none.
    """

    id: UUID | None
    kind: str
    area_code: str
    account_id: UUID | None


def visible_trackers(actor: Actor) -> Select[Tracker]:
    """The devices that this actor may see, those too that were closed.

    Raises    access.verb_missing
    """
    return gate.visible(actor, "trackers:read", Tracker)


def own_trackers(actor: Actor) -> Select[Tracker]:
    """The devices that the actor carries himself."""
    # past the gate: one's own
    return select(Tracker).where(Tracker.account_id == actor.account_id).order_by(Tracker.registered_at.desc())


async def find_carrier(session: AsyncSession, key: str) -> Carrier | None:
    """What a key speaks for; None: nothing, or a device that was closed."""
    # past the gate: whoever has the key is the device
    rows = select(Tracker).where(Tracker.key_hash == key_hash(key), Tracker.closed_at.is_(None))
    found = (await session.execute(rows)).scalar_one_or_none()
    if found is None:
        return None
    is_person = found.account_id is not None
    area_code = "" if is_person else found.area_code
    return Carrier(found.officer_id if is_person else found.id, found.kind, area_code, found.account_id)


async def titles_of(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, str]:
    """What people call these devices, by id."""
    # past the gate: for whoever may see the positions that name them
    rows = select(Tracker.id, Tracker.title).where(Tracker.id.in_(list(ids)))
    return {row.id: row.title for row in await session.execute(rows)}
