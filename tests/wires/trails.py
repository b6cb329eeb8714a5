"""The trail that a wire has left in the database."""

from __future__ import annotations

import asyncio

from sqlalchemy import select

from liandong.kernel.db import Database, Role
from liandong.means.ground.tables import GroundView
from liandong.means.tracks.tables import TrackPoint


async def kept(db: Database) -> list[TrackPoint]:
    """Every position that is kept, in the order of time."""
    async with db.transaction(Role.worker) as session:
        return list((await session.scalars(select(TrackPoint).order_by(TrackPoint.happened_at))).all())


async def kept_views(db: Database) -> list[GroundView]:
    """How every camera was held, in the order of time."""
    async with db.transaction(Role.worker) as session:
        return list((await session.scalars(select(GroundView).order_by(GroundView.happened_at))).all())


async def until_kept(db: Database, count: int) -> list[TrackPoint]:
    """The trail once it has so many positions: it is kept behind the wire, and nobody tells when."""
    async with asyncio.timeout(20):
        while True:
            if len(rows := await kept(db)) >= count:
                return rows
            await asyncio.sleep(0.02)
