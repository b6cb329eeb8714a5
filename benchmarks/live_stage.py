"""What stands ready before positions are sent: phones inside a task, and trackers with keys."""

from __future__ import annotations

import random
import secrets
from datetime import timedelta

from sqlalchemy import insert, select

from benchmarks.stage import add_pairs, add_tasks
from liandong.demo.places import DISTRICTS
from liandong.kernel.clock import now
from liandong.kernel.db import Database, Role
from liandong.kernel.ids import new_id
from liandong.means.tracks.tables import Tracking
from liandong.registers.access.tables import Account
from liandong.registers.jurisdictions.tables import Agency
from liandong.registers.trackers.actions import key_hash
from liandong.registers.trackers.tables import Tracker
from liandong.work.dispatch.tables import Assignment

TRACKED_FOR = timedelta(hours=3)


async def prepare_phones(db: Database, count: int) -> list[str]:
    """So many officers, each on a task that he has signed for; a line for each: the token of his phone, and the task."""
    chance = random.Random(count)  # noqa: S311  samples, not secrets
    async with db.transaction(Role.worker) as session:
        pairs = await add_pairs(session, count)
        errands = await add_tasks(session, pairs, count, chance)
        lead = {errand.task_id: errand for errand in errands}
        rows = select(Assignment.id, Assignment.task_id, Assignment.officer_id).where(Assignment.is_lead)
        periods = [
            {"assignment_id": row.id, "officer_id": row.officer_id, "task_id": row.task_id, "since": now() - TRACKED_FOR,
             "area_code": lead[row.task_id].pair.area_code}
            for row in await session.execute(rows) if row.task_id in lead
        ]  # fmt: skip
        await session.execute(insert(Tracking), periods)
    return [f"{errand.pair.token} {errand.task_id}" for errand in errands]


async def prepare_trackers(db: Database, count: int) -> list[str]:
    """So many vehicles on record; the key of each."""
    areas, keys = list(DISTRICTS), [secrets.token_urlsafe(24) for _ in range(count)]
    async with db.transaction(Role.worker) as session:
        agency_id = (await session.execute(select(Agency.id).limit(1))).scalar_one()
        rows = [
            {"id": new_id(), "kind": "vehicle", "title": f"示例测速车{number}", "agency_id": agency_id,
             "area_code": areas[number % len(areas)], "key_hash": key_hash(key), "registered_at": now()}
            for number, key in enumerate(keys)
        ]  # fmt: skip
        await session.execute(insert(Tracker), rows)
    return keys


async def prepare_tak_screen(db: Database, login: str) -> str:
    """The key of a TAK client that hears what an account may see."""
    key = secrets.token_urlsafe(24)
    async with db.transaction(Role.worker) as session:
        account = (await session.scalars(select(Account).where(Account.login == login))).one()
        area_code = (await session.execute(select(Agency.area_code).where(Agency.id == account.agency_id))).scalar_one()
        session.add(
            Tracker(id=new_id(), kind="officer", title="示例测速平板", agency_id=account.agency_id, area_code=area_code,
                    account_id=account.id, key_hash=key_hash(key), registered_at=now())
        )  # fmt: skip
    return key
