"""Every read of the docks room, through the gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.errors import Refused
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.work.docks.states import DockState
from liandong.work.docks.tables import Dock, DockFile


@dataclass(frozen=True)
class DockAsked:
    """A dock that is to start (`is_start`) or stop sending the picture of its aircraft."""

    id: UUID
    serial_no: str
    aircraft_id: UUID
    stream_id: UUID
    is_start: bool


def visible_docks(actor: Actor) -> Select[Dock]:
    """The docks that the actor may see.

    Raises    access.verb_missing
    """
    return gate.visible(actor, "drones:read", Dock)


async def find_dock(session: AsyncSession, actor: Actor, dock_id: UUID, verb: str, *, lock: bool = False) -> Dock:
    """A dock that the actor may see and do `verb` with.

    Raises    kernel.not_found, access.verb_missing, access.way_missing
    """
    return await gate.find(session, actor, verb, Dock, dock_id, lock=lock)


async def aircraft_shown_by(session: AsyncSession, actor: Actor, stream_id: UUID) -> UUID | None:
    """The aircraft whose dock sends this stream, if the actor may see it.

    Raises    access.verb_missing
    """
    return (
        await session.execute(
            visible_docks(actor).where(Dock.stream_id == stream_id).with_only_columns(Dock.aircraft_id)
        )
    ).scalar_one_or_none()


async def dock_by_serial(session: AsyncSession, serial_no: str) -> Dock | None:
    """The dock with this serial number, whoever's it is: asked when the device itself speaks, for nobody's eyes."""
    # past the gate: a device that speaks for itself has no account
    return (await session.execute(select(Dock).where(Dock.serial_no == serial_no))).scalar_one_or_none()


async def known_dock(session: AsyncSession, serial_no: str) -> Dock:
    """The same, where only a dock on record is served.

    Raises    docks.unknown
    """
    found = await dock_by_serial(session, serial_no)
    if found is None:
        raise Refused("docks.unknown", serial_no=serial_no)
    return found


async def docks_to_ask(session: AsyncSession) -> Sequence[DockAsked]:
    """The docks that are to start or stop sending."""
    # past the gate: whoever speaks with docks acts for nobody
    rows = select(Dock).where(Dock.state.in_((DockState.starting, DockState.stopping)), Dock.stream_id.is_not(None))
    found = (await session.execute(rows)).scalars().all()
    return [
        DockAsked(dock.id, dock.serial_no, dock.aircraft_id, dock.stream_id, dock.state == DockState.starting)
        for dock in found
        if dock.stream_id is not None
    ]


MOST_BY_HAND = 200
"""So many of the newest files of flights by hand are listed at once."""


async def media_of_mission(session: AsyncSession, actor: Actor, mission_id: UUID) -> Sequence[DockFile]:
    """The files of a mission's flights that are evidence and that the actor may see.

    Raises    access.verb_missing
    """
    rows = gate.visible(actor, "drones:read", DockFile).where(DockFile.mission_id == mission_id)
    return (await session.execute(rows.where(DockFile.filed_at.is_not(None)))).scalars().all()


async def media_by_hand(session: AsyncSession, actor: Actor, dock_id: UUID) -> Sequence[DockFile]:
    """The newest files of a dock that are evidence and of no mission, as far as the actor may see them.

    Raises    access.verb_missing
    """
    rows = gate.visible(actor, "drones:read", DockFile).where(
        DockFile.dock_id == dock_id, DockFile.mission_id.is_(None), DockFile.filed_at.is_not(None)
    )
    return (await session.execute(rows.order_by(DockFile.received_at.desc()).limit(MOST_BY_HAND))).scalars().all()
