"""Numbers that people read out to each other: a prefix, the Beijing day, and a running number.

They are unique and rising but may skip: a legal document's number, which may not, is another matter.
"""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.clock import beijing_today
from liandong.kernel.memory import learn, recall

_DRAW = text("SELECT nextval('work_number') FROM generate_series(1, :count)")


async def draw_numbers(session: AsyncSession, count: int) -> None:
    """The transaction has so many numbers at hand, for work that is known to need them."""
    if count:
        drawn = (await session.execute(_DRAW, {"count": count})).scalars()
        learn(session, _DRAW, [*(recall(session, _DRAW) or ()), *drawn])


async def next_number(session: AsyncSession, prefix: str) -> str:
    """The next number, such as `RW20261122-000042`."""
    if not recall(session, _DRAW):
        await draw_numbers(session, 1)
    return f"{prefix}{beijing_today():%Y%m%d}-{recall(session, _DRAW).pop(0):06d}"
