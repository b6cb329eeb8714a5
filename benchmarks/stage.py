"""What stands ready before the clock starts: officers who are signed in, and tasks assigned to them."""

from __future__ import annotations

import random
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.demo.places import DISTRICTS
from liandong.kernel.clock import beijing_today, now
from liandong.kernel.db import Database, Role
from liandong.kernel.ids import new_id
from liandong.registers.access.actions import token_hash
from liandong.registers.access.tables import Account, SignInSession, TaskGrant
from liandong.registers.jurisdictions.tables import Agency
from liandong.registers.officers.tables import Certificate, Officer
from liandong.registers.sources.tables import Source
from liandong.work.dispatch.tables import Assignment, Task

TASKS_OF_A_PAIR = 8
"""Tasks that one officer has open at once; a phone with hundreds would be another story."""


@dataclass(frozen=True)
class Pair:
    """Two officers who go together; the first one's phone sends. `token` is that phone's session."""

    officer_ids: tuple[UUID, UUID]
    token: str
    area_code: str


@dataclass(frozen=True)
class Errand:
    """A task that is assigned, to whom, and where."""

    task_id: UUID
    pair: Pair
    element: str
    lon: float
    lat: float


async def prepare(db: Database, visits: int) -> list[Errand]:
    """`visits` assigned tasks, a few for each pair of officers; every pair's phone is signed in."""
    chance = random.Random(visits)  # noqa: S311  samples, not secrets
    async with db.transaction(Role.worker) as session:
        pairs = await add_pairs(session, -(-visits // TASKS_OF_A_PAIR))
        return await add_tasks(session, pairs, visits, chance)


async def open_session(db: Database, login: str) -> str:
    """A session token of a sample account; signing in itself is slow by design and measured nowhere here."""
    token = secrets.token_urlsafe(32)
    async with db.transaction(Role.worker) as session:
        account_id = (await session.execute(select(Account.id).where(Account.login == login))).scalar_one()
        session.add(
            SignInSession(
                token_hash=token_hash(token),
                account_id=account_id,
                created_at=now(),
                expires_at=now() + timedelta(hours=12),
            )
        )
    return token


async def add_pairs(session: AsyncSession, count: int) -> list[Pair]:
    """So many pairs of officers, spread over the districts; the first of each is signed in."""
    rows = select(Agency.area_code, Agency.id).where(Agency.tier == "branch")
    agencies = {row.area_code: row.id for row in await session.execute(rows)}
    districts, pairs = list(DISTRICTS), []
    listed: dict[type, list[dict[str, Any]]] = {table: [] for table in (Officer, Certificate, Account, SignInSession)}
    for number in range(count):
        area_code = districts[number % len(districts)]
        pair = Pair((new_id(), new_id()), secrets.token_urlsafe(32), area_code)
        _list_pair(listed, pair, number, agencies[area_code])
        pairs.append(pair)
    for table, found in listed.items():
        await session.execute(insert(table), found)
    return pairs


def _list_pair(listed: dict[type, list[dict[str, Any]]], pair: Pair, number: int, agency_id: UUID) -> None:
    for place, officer_id in enumerate(pair.officer_ids):
        name = f"示例测速{number:04d}{'甲乙'[place]}"
        listed[Officer].append({"id": officer_id, "name": name, "agency_id": agency_id, "area_code": pair.area_code})
        listed[Certificate].append(
            {"id": new_id(), "officer_id": officer_id, "number": f"示例测速{number:04d}{place}",
             "valid_from_on": date(2023, 1, 1), "valid_to_on": beijing_today() + timedelta(days=700)}
        )  # fmt: skip
    account_id = new_id()
    listed[Account].append(
        {"id": account_id, "login": f"bench{number:04d}", "password_hash": "none", "name": f"示例测速{number:04d}甲",
         "agency_id": agency_id, "officer_id": pair.officer_ids[0], "roles": ["inspector"], "is_active": True,
         "failed_attempts": 0}
    )  # fmt: skip
    listed[SignInSession].append(
        {"token_hash": token_hash(pair.token), "account_id": account_id, "created_at": now(),
         "expires_at": now() + timedelta(hours=12)}
    )  # fmt: skip


async def add_tasks(session: AsyncSession, pairs: list[Pair], count: int, chance: random.Random) -> list[Errand]:
    """So many assigned tasks, taken by the pairs in turn, each at a source of their district."""
    sources: dict[str, list[Source]] = {}
    for source in (await session.execute(select(Source).order_by(Source.natural_key))).scalars():
        sources.setdefault(source.area_code, []).append(source)
    listed: dict[type, list[dict[str, Any]]] = {table: [] for table in (Task, Assignment, TaskGrant)}
    errands = []
    for number in range(count):
        pair = pairs[number % len(pairs)]
        source = chance.choice(sources[pair.area_code])
        assert source.lon is not None
        assert source.lat is not None
        errand = Errand(new_id(), pair, source.elements[0], source.lon, source.lat)
        _list_task(listed, errand, source, number)
        errands.append(errand)
    for table, found in listed.items():
        await session.execute(insert(table), found)
    return errands


def _list_task(listed: dict[type, list[dict[str, Any]]], errand: Errand, source: Source, number: int) -> None:
    at = now()
    listed[Task].append(
        {"id": errand.task_id, "number": f"RW示例测速-{number:06d}", "kind": "routine", "mode": "local",
         "state": "assigned", "title": f"日常检查：{source.name}", "matters": [errand.element], "source_id": source.id,
         "area_code": source.area_code, "lon": source.lon, "lat": source.lat, "created_at": at, "assigned_at": at}
    )  # fmt: skip
    for place, officer_id in enumerate(errand.pair.officer_ids):
        listed[Assignment].append(
            {"id": new_id(), "task_id": errand.task_id, "officer_id": officer_id, "is_lead": place == 0,
             "assigned_at": at}
        )  # fmt: skip
        listed[TaskGrant].append(
            {"id": new_id(), "officer_id": officer_id, "task_id": errand.task_id, "source_id": source.id,
             "granted_at": at}
        )  # fmt: skip
