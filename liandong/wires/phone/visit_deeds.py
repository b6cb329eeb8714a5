"""Deeds as they were sent, each with its receipt issued anew from what is kept.

A receipt is a function of the kept deed and the installation's key (Ed25519 signs the same bytes the same way), so it
needs no place of its own: what is issued here says what the phone was told when its deed was first decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.wires.phone.receipts import receipt
from liandong.wires.phone.tables import Deed


async def deeds_of_task(session: AsyncSession, task_id: UUID | None) -> list[dict[str, Any]]:
    """Every deed of a task, refused ones too, and the deeds that these rest on, in the order of their clocks.

    Shape     `{deed: as it was sent, sent: {account_id, happened_at}, receipt}`
    """
    if task_id is None:
        return []
    found = {(deed.id, deed.digest): deed for deed in await _select(session, Deed.task_id == task_id)}
    while missing := _needed(list(found.values())) - {deed_id for deed_id, _ in found}:
        more = await _select(session, Deed.id.in_(missing))
        if not more:
            break
        found |= {(deed.id, deed.digest): deed for deed in more}
    ordered = sorted(found.values(), key=lambda deed: (deed.happened_at, str(deed.id), deed.digest))
    return [_sent(deed) for deed in ordered]


async def _select(session: AsyncSession, which: Any) -> Sequence[Deed]:
    return (await session.execute(select(Deed).where(which))).scalars().all()


def _needed(deeds: Sequence[Deed]) -> set[UUID]:
    return {UUID(need) for deed in deeds if deed.outcome == "accepted" for need in deed.body.get("needs", [])}


def _sent(deed: Deed) -> dict[str, Any]:
    issued = receipt(deed.id, deed.digest, deed.outcome, deed.problem, deed.received_at)
    return {
        "deed": deed.body,
        "sent": {"account_id": str(deed.account_id), "happened_at": deed.happened_at.astimezone(UTC).isoformat()},
        "receipt": issued.model_dump(mode="json"),
    }
