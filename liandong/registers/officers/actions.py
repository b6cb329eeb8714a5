"""Every change of the officers room."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.clock import now
from liandong.kernel.errors import Refused
from liandong.kernel.ids import new_id
from liandong.registers.access.actor import Actor
from liandong.registers.officers.events import OfficerOffDuty, OfficerOnDuty
from liandong.registers.officers.tables import Duty, Officer


async def set_duty(session: AsyncSession, actor: Actor, is_on_duty: bool) -> Officer:
    """Afterwards the signed-in officer is on duty, or off it. Setting what is already so changes nothing.

    Raises    officers.not_an_officer
    Announces OfficerOnDuty, OfficerOffDuty
    """
    if actor.officer_id is None:
        raise Refused("officers.not_an_officer")
    officer = await session.get_one(Officer, actor.officer_id, with_for_update=True)
    running = select(Duty).where(Duty.officer_id == officer.id, Duty.ended_at.is_(None))
    duty = (await session.execute(running)).scalar_one_or_none()
    if (duty is not None) == is_on_duty:
        return officer
    if duty is None:
        session.add(Duty(id=new_id(), officer_id=officer.id, began_at=now()))
    else:
        duty.ended_at = now()
    fact, deed = (OfficerOnDuty, "到岗") if is_on_duty else (OfficerOffDuty, "离岗")
    await ledger.record(
        session,
        fact(
            subject_id=officer.id,
            subject={"title": officer.name},
            area_code=officer.area_code,
            words=f"{officer.name} {deed}",
            after={"officers": {str(officer.id): {"is_on_duty": is_on_duty}}},
        ),
    )
    return officer
