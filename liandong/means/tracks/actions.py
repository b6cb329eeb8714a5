"""Every change of the tracks room."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.clock import now
from liandong.kernel.feed import POSITIONS
from liandong.kernel.geo import check_position
from liandong.means.tracks.tables import Position


async def place(
    session: AsyncSession,
    officer_id: UUID,
    task_id: UUID,
    area_code: str,
    *,
    lon: float,
    lat: float,
    accuracy_m: float | None,
    happened_at: datetime,
) -> None:
    """The officer's last position is this one, unless a later one is known; whoever may see it is told.

    Raises    kernel.position_off_earth
    """
    check_position(lon, lat)
    row = {
        "task_id": task_id, "area_code": area_code, "lon": lon, "lat": lat, "accuracy_m": accuracy_m,
        "happened_at": happened_at, "received_at": now(),
    }  # fmt: skip
    newer = upsert(Position).values(officer_id=officer_id, **row)
    newer = newer.on_conflict_do_update(
        index_elements=[Position.officer_id], set_=row, where=Position.happened_at < happened_at
    )
    await session.execute(newer.inline())
    told = {"officer_id": officer_id, "area_code": area_code, "task_id": task_id, "lon": lon, "lat": lat}
    message = json.dumps({**told, "accuracy_m": accuracy_m, "at": happened_at}, default=str)
    await session.execute(text("SELECT pg_notify(:channel, :message)"), {"channel": POSITIONS, "message": message})
