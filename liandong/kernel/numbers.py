"""Numbers that people read out to each other: a prefix, the Beijing day, and a running number.

They are unique and rising but may skip: a legal document's number, which may not, is another matter.
"""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.clock import beijing_today


async def next_number(session: AsyncSession, prefix: str) -> str:
    """The next number, such as `RW20261122-000042`."""
    running = (await session.execute(text("SELECT nextval('work_number')"))).scalar_one()
    return f"{prefix}{beijing_today():%Y%m%d}-{running:06d}"
