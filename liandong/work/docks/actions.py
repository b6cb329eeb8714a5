"""Every change of the docks room: docks are put on record, asked for their aircraft's picture, and say what they did."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.clock import now
from liandong.kernel.errors import LiandongError, Refused
from liandong.kernel.ids import new_id
from liandong.registers.access.actor import Actor
from liandong.work.docks.events import DockPictureAsked, DockRegistered
from liandong.work.docks.states import DOCK_STATES, DockState
from liandong.work.docks.tables import Dock
from liandong.work.drones.queries import CARRIER_CHANNEL


async def register_dock(session: AsyncSession, actor: Actor, said: dict[str, Any]) -> Dock:
    """The dock is on record, with the actor's agency: the device is told that it belongs here.

    Raises    docks.already_registered
    Announces DockRegistered
    """
    dock = Dock(
        id=new_id(), **said,
        agency_id=actor.agency_id, area_code=actor.home_area, state=DOCK_STATES.first.value, registered_at=now(),
    )  # fmt: skip
    try:
        async with session.begin_nested():
            session.add(dock)
    except IntegrityError as error:  # its serial number, its aircraft or its stream is with another dock
        raise Refused("docks.already_registered", serial_no=dock.serial_no) from error
    words = f"登记机场 {dock.title}"
    fact = DockRegistered(**_about(dock, words), serial_no=dock.serial_no, aircraft_id=dock.aircraft_id)
    await ledger.record(session, fact)
    return dock


async def ask_for_picture(session: AsyncSession, dock: Dock, *, wanted: bool) -> None:
    """The dock is to send its aircraft's picture to its stream, or to stop; it is asked within seconds.

    Raises    docks.without_stream, docks.wrong_state
    Announces DockPictureAsked
    """
    if dock.stream_id is None:
        raise Refused("docks.without_stream", title=dock.title)
    DOCK_STATES.advance(dock, "start" if wanted else "stop")
    dock.picture_fault = dock.picture_device_code = None
    await session.flush()
    about = _about(dock, f"{'要求起播' if wanted else '要求停播'}：{dock.title}")
    await ledger.record(session, DockPictureAsked(**about, wanted=wanted))
    await session.execute(select(func.pg_notify(CARRIER_CHANNEL, "dock")))


async def settle_picture(
    session: AsyncSession, dock_id: UUID, verb: str, why: LiandongError | None = None, device_code: str | None = None
) -> bool:
    """What a dock did about its picture is on record: `confirm_start`, `refuse_start` or `end`. Whether that was open."""
    # past the gate: whoever speaks with docks acts for nobody
    dock = (await session.execute(select(Dock).where(Dock.id == dock_id).with_for_update())).scalar_one()
    if not DOCK_STATES.allows(DockState(dock.state), verb):
        return False
    DOCK_STATES.advance(dock, verb)
    dock.picture_fault, dock.picture_device_code = why.code if why else None, device_code
    await session.flush()
    return True


def _about(dock: Dock, words: str) -> dict[str, Any]:
    return {"subject_id": dock.id, "subject": {"title": dock.title}, "area_code": dock.area_code, "words": words}
