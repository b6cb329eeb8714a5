"""Every change of the tracks room."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.clock import now
from liandong.kernel.feed import POSITIONS
from liandong.kernel.geo import check_position
from liandong.kernel.memory import gather, into
from liandong.means.tracks.tables import Position

NEWER = into(
    Position,
    ("officer_id",),
    "DO UPDATE SET task_id = excluded.task_id, area_code = excluded.area_code, lon = excluded.lon, lat = excluded.lat,"
    " accuracy_m = excluded.accuracy_m, happened_at = excluded.happened_at, received_at = excluded.received_at"
    " WHERE position.happened_at < excluded.happened_at"
    f" RETURNING pg_notify('{POSITIONS}', CAST(json_build_object('officer_id', officer_id, 'area_code', area_code,"
    " 'task_id', task_id, 'lon', lon, 'lat', lat, 'accuracy_m', accuracy_m, 'at', happened_at) AS text))",
)
"""A position, and whoever may see it is told; an older one changes nothing and nobody is told."""


def place(
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

    Raises    kernel.position_out_of_range
    """
    check_position(lon, lat)
    row = {
        "officer_id": officer_id, "task_id": task_id, "area_code": area_code, "lon": lon, "lat": lat,
        "accuracy_m": accuracy_m, "happened_at": happened_at, "received_at": now(),
    }  # fmt: skip
    gather(session, NEWER, row)
