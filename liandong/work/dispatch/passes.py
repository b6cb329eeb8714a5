"""亮证码: what a phone shows as a code, and what the code opens.

A pass is made for each officer when the task is assigned, so the phone has it in its pack and can draw it without any
signal. The code is the pass's id and a MAC over it with the installation's key: it cannot be guessed, it is the same
each time it is asked for, and nobody who reads the database can make one.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.clock import now
from liandong.kernel.errors import Refused
from liandong.kernel.ids import new_id
from liandong.kernel.secrets import derive
from liandong.kernel.settings import settings
from liandong.work.dispatch.tables import PassScan, Task, VisitPass

MAC_BYTES = 16
Pass = VisitPass
"""What the doors above call it, who may not open the room's own tables."""


def token_of(pass_id: UUID) -> str:
    """The code of a pass: 43 characters that may stand in an address."""
    return base64.urlsafe_b64encode(pass_id.bytes + _mac(pass_id.bytes)).rstrip(b"=").decode()


def _mac(body: bytes) -> bytes:
    return hmac.digest(derive("visit_pass"), body, sha256)[:MAC_BYTES]


def _pass_id(token: str) -> UUID | None:
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    body, mac = raw[:16], raw[16:]
    return UUID(bytes=body) if len(body) == 16 and hmac.compare_digest(mac, _mac(body)) else None


async def make_passes(session: AsyncSession, task: Task, officer_ids: list[UUID]) -> None:
    """Each of these officers has a pass for the task; whatever opened it before opens nothing any more."""
    await revoke_passes(session, task.id)
    ends = now() + timedelta(days=settings().visit_pass_days)
    session.add_all(
        VisitPass(
            id=new_id(), task_id=task.id, area_code=task.area_code, officer_id=one, made_at=now(), expires_at=ends
        )
        for one in officer_ids
    )
    await session.flush()


async def revoke_passes(session: AsyncSession, task_id: UUID) -> None:
    """No code shown for this task so far opens anything any more."""
    held = update(VisitPass).where(VisitPass.task_id == task_id, VisitPass.revoked_at.is_(None))
    await session.execute(held.values(revoked_at=now()))


async def renew_passes(session: AsyncSession, task: Task) -> None:
    """The officers on the task have new codes; the old ones, which may have got about, open nothing any more."""
    # past the gate: the task itself passed it
    held = select(VisitPass.officer_id).where(VisitPass.task_id == task.id, VisitPass.revoked_at.is_(None))
    await make_passes(session, task, list((await session.execute(held)).scalars()))


async def pass_for(session: AsyncSession, task_id: UUID, officer_id: UUID | None) -> VisitPass | None:
    """The pass that an officer shows for a task; none if he is not on it."""
    # past the gate: the task itself passed it
    held = select(VisitPass).where(VisitPass.task_id == task_id, VisitPass.revoked_at.is_(None))
    mine = held.where(VisitPass.officer_id == officer_id).order_by(VisitPass.id.desc()).limit(1)
    return (await session.execute(mine)).scalar_one_or_none()


async def open_pass(session: AsyncSession, token: str) -> VisitPass:
    """The pass behind a scanned code, which opens now.

    Raises    kernel.not_found, dispatch.pass_revoked, dispatch.pass_expired
    """
    pass_id = _pass_id(token)
    found = await session.get(VisitPass, pass_id) if pass_id else None
    if found is None:
        raise Refused("kernel.not_found")
    if found.revoked_at is not None:
        raise Refused("dispatch.pass_revoked")
    if found.expires_at <= now():
        raise Refused("dispatch.pass_expired")
    return found


def log_scan(session: AsyncSession, held: VisitPass, opened: str) -> None:
    """That the code was used, when and for what, is on record; nothing of who used it."""
    session.add(
        PassScan(
            id=new_id(), pass_id=held.id, task_id=held.task_id, area_code=held.area_code, opened=opened,
            scanned_at=now(),
        )
    )  # fmt: skip
