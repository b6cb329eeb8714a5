"""A deed that is being done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.means.evidence.actions import Item
from liandong.registers.access.actor import Actor
from liandong.wires.phone.frame import DeedIn
from liandong.wires.phone.payloads import EvidenceTaken


@dataclass(frozen=True)
class Doing:
    """A deed being done: in which transaction, by whom."""

    session: AsyncSession
    actor: Actor
    deed: DeedIn


def item_of(doing: Doing, said: EvidenceTaken, area_code: str, **more: Any) -> Item:
    """The item of evidence that a deed speaks of, taken in a visit in this area by whoever does the deed."""
    return Item(
        **said.model_dump(include=set(EvidenceTaken.model_fields)),
        id=doing.deed.id,
        area_code=area_code,
        lon=doing.deed.lon,
        lat=doing.deed.lat,
        taker_officer_id=doing.actor.officer_id,
        task_id=doing.deed.task,
        **more,
    )
