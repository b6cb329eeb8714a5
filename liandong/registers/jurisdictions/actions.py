"""Every change of the jurisdictions room."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.registers.jurisdictions import divisions, queries
from liandong.registers.jurisdictions.tables import Area


async def add_areas(
    session: AsyncSession, codes: Collection[str], names: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Every one of these divisions is on record, with those above it; areas that were there stay as they are.

    A name comes from `names`, else from the country's list, else the code stands for it. Returns those that were
    added: `{area_code: name}`.
    """
    wanted = divisions.with_ancestors(codes)
    there = set((await session.execute(select(Area.area_code).where(Area.area_code.in_(wanted)))).scalars())
    added = {
        code: (names or {}).get(code) or divisions.names().get(code) or code for code in wanted if code not in there
    }
    if added:
        rows = [
            {
                "area_code": code,
                "name": name,
                "level": divisions.level_of(code),
                "parent_code": divisions.parent_of(code),
            }
            for code, name in added.items()
        ]
        await session.execute(insert(Area).on_conflict_do_nothing(), rows)
        queries.forget()
    return added
