"""The demo's data, written once into an empty database."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from liandong.demo.drones import add_drones
from liandong.demo.people import add_people, demo_password
from liandong.demo.places import add_agencies, add_areas
from liandong.demo.sources import add_sources
from liandong.kernel.db import Database, Role
from liandong.registers.jurisdictions.queries import forget
from liandong.registers.jurisdictions.tables import Agency


async def seed(db: Database, home: Path) -> bool:
    """Afterwards the sample data is there. Returns whether it was written now; data that is there stays."""
    async with db.transaction(Role.worker) as session:
        if (await session.execute(select(Agency.id).limit(1))).scalar_one_or_none() is not None:
            return False
        await add_areas(session)
        agencies = await add_agencies(session)
        await add_people(session, agencies, demo_password(home))
        await add_sources(session)
        await add_drones(session, agencies)
    forget()
    return True
