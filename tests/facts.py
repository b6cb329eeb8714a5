"""Facts of nobody's room, for tests of the ledger, the worker and the feed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.db import Database, Role
from liandong.kernel.feed import facts_after
from liandong.kernel.ids import new_id


@dataclass(frozen=True, kw_only=True)
class Noted(ledger.Fact):
    """Somebody noted something."""

    note: str = "示例"


@dataclass(frozen=True, kw_only=True)
class Forgotten(ledger.Fact):
    """Somebody forgot something."""


def noted(words: str = "示例", **more: Any) -> Noted:
    """A fact with these words."""
    known: dict[str, Any] = {"subject_id": new_id(), "subject": {"title": words}, "area_code": "990101"}
    return Noted(words=words, **(known | more))


async def note(db: Database, words: str = "示例", **more: Any) -> UUID:
    """A fact has been recorded, and its transaction has ended."""
    async with db.transaction(Role.worker) as session:
        return await ledger.record(session, noted(words, **more))


async def stamp(db: Database, limit: int = 1000) -> int:
    """What was recorded has been numbered; how many facts that was."""
    async with db.transaction(Role.worker) as session:
        return len(await ledger.stamp(session, limit=limit))


async def stamped(session: AsyncSession, after: int = 0, limit: int = 1000) -> list[ledger.LedgerFact]:
    """The numbered facts after `after`, in order."""
    return list(await facts_after(session, after, limit))
