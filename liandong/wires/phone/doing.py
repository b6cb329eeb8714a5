"""A deed that is being done."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.registers.access.actor import Actor
from liandong.wires.phone.frame import DeedIn


@dataclass(frozen=True)
class Doing:
    """A deed being done: in which transaction, by whom."""

    session: AsyncSession
    actor: Actor
    deed: DeedIn
