"""Views into the database, beside the positions that they belong to and in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import AsyncConnection
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.means.ground.aims import Aim
from liandong.means.ground.tables import GroundView

_AIM = ("yaw_deg", "pitch_deg", "roll_deg", "height_m", "across", "upright")
_COLUMNS = ("carrier_id", "area_code", "happened_at", "lon", "lat", *_AIM)
KEEP = f"""
INSERT INTO ground_view ({", ".join(_COLUMNS)}) VALUES ({", ".join(["%s"] * len(_COLUMNS))})
ON CONFLICT (carrier_id, happened_at) DO NOTHING
"""  # noqa: S608


class Held(NamedTuple):
    """A camera at one moment: whose, in which division, when, where (degrees WGS-84), and how it was held."""

    carrier_id: UUID
    area_code: str
    happened_at: datetime
    lon: float
    lat: float
    aim: Aim


async def keep_views(line: AsyncConnection[Any], held: Iterable[Held]) -> None:
    """Every moment is on record; a resend adds nothing."""
    rows = [(*one[:5], *(getattr(one.aim, name) for name in _AIM)) for one in held]
    if rows:
        await line.cursor().executemany(KEEP, rows)


async def forget_views(session: AsyncSession, eldest: datetime) -> None:
    """No view is older than this instant."""
    await session.execute(delete(GroundView).where(GroundView.happened_at < eldest))
