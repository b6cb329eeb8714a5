"""The one change of the efficiency room: a figure that was shown is kept, with what made it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.clock import now
from liandong.kernel.ids import new_id
from liandong.oversight.efficiency.figures import Cut, Found
from liandong.oversight.efficiency.rows import ROWS
from liandong.oversight.efficiency.tables import Figure


async def keep(session: AsyncSession, cut: Cut, found: Iterable[Found]) -> None:
    """Afterwards every figure of the cut is on record; one that was shown before from the same rows is kept once."""
    known = select(Figure.key, Figure.value, Figure.rows_digest, Figure.parameters).where(
        Figure.area_code == cut.area, Figure.from_on == cut.period.from_on, Figure.to_on == cut.period.to_on
    )
    there = {_mark(row.key, row.value, row.rows_digest, row.parameters) for row in await session.execute(known)}
    at = now()
    rows = []
    for one in found:
        parameters = {"area": cut.area, "from": str(cut.period.from_on), "to": str(cut.period.to_on), **one.about}
        if _mark(one.key, one.value, one.digest, parameters) in there:
            continue
        rows.append(
            {
                "id": new_id(),
                "key": one.key,
                "area_code": cut.area,
                "from_on": cut.period.from_on,
                "to_on": cut.period.to_on,
                "value": one.value,
                "numerator": one.numerator,
                "denominator": one.denominator,
                "query": ROWS[one.key].strip(),
                "parameters": parameters,
                "rows_digest": one.digest,
                "computed_at": at,
            }
        )
    if rows:
        await session.execute(insert(Figure), rows)


def _mark(key: str, value: object, digest: str, parameters: dict[str, str]) -> tuple[object, ...]:
    return key, value, digest, tuple(sorted(parameters.items()))
