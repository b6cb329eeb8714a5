"""The demo's officers and accounts. The password is made on this machine and kept below the home folder."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.demo.places import DISTRICTS
from liandong.kernel.clock import beijing_today
from liandong.kernel.ids import new_id
from liandong.registers.access.passwords import hash_password
from liandong.registers.access.tables import Account
from liandong.registers.access.vocabulary import Role
from liandong.registers.officers.tables import Certificate, Officer, RosterEntry

OFFICERS_PER_DISTRICT = 8
PINYIN = {"370103": "shizhong", "370104": "huaiyin", "370105": "tianqiao", "370113": "changqing"}


@dataclass(frozen=True)
class SampleAccount:
    """An account that the demo prints."""

    login: str
    name: str
    what: str


def password_file(home: Path) -> Path:
    """Where the demo's password is kept, readable by its owner only."""
    return home / "secrets" / "demo-password"


def demo_password(home: Path) -> str:
    """The password of every sample account of this home, made at first use."""
    file = password_file(home)
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(6))
    return file.read_text().strip()


async def add_people(session: AsyncSession, agencies: dict[str, UUID], password: str) -> list[SampleAccount]:
    """Eight certified officers a district, and accounts for each face; returns what to print."""
    shared_hash = hash_password(password)  # argon2 is slow by design; forty times would be felt
    accounts: list[dict[str, object]] = []

    def _account(login: str, name: str, agency: UUID, roles: list[Role], officer_id: UUID | None = None) -> None:
        accounts.append(
            {"id": new_id(), "login": login, "password_hash": shared_hash, "name": name, "agency_id": agency,
             "officer_id": officer_id, "roles": [role.value for role in roles], "is_active": True,
             "failed_attempts": 0}
        )  # fmt: skip

    for code, name in DISTRICTS.items():
        for number in range(1, OFFICERS_PER_DISTRICT + 1):
            officer_id = await _add_officer(session, f"示例{name}{number:02d}", agencies[code], code, number)
            _account(
                f"{PINYIN[code]}{number:02d}", f"示例{name}{number:02d}", agencies[code], [Role.inspector], officer_id
            )
        _account(PINYIN[code], f"{name}分局调度（示例）", agencies[code], [Role.dispatcher])
        _account(f"{PINYIN[code]}-leader", f"{name}分局负责人（示例）", agencies[code], [Role.leader])
    _account("wall", "联动中心值守（示例）", agencies["joint"], [Role.dispatcher])
    _account("chief", "市局负责人（示例）", agencies["city"], [Role.leader])
    _account("admin", "系统管理员（示例）", agencies["city"], [Role.admin])
    await session.execute(insert(Account), accounts)
    return printed_accounts()


async def _add_officer(session: AsyncSession, name: str, agency_id: UUID, area_code: str, number: int) -> UUID:
    officer_id, today = new_id(), beijing_today()
    session.add(Officer(id=officer_id, name=name, agency_id=agency_id, area_code=area_code))
    await session.flush()
    # the last officer's certificate ran out, so that the desk can see what a refusal looks like
    ends = today - timedelta(days=3) if number == OFFICERS_PER_DISTRICT else today + timedelta(days=700)
    session.add(
        Certificate(
            id=new_id(),
            officer_id=officer_id,
            number=f"示例{area_code}{number:04d}",
            valid_from_on=date(2023, 1, 1),
            valid_to_on=ends,
        )
    )
    session.add(RosterEntry(id=new_id(), officer_id=officer_id, area_code=area_code, from_on=date(2023, 1, 1)))
    await session.flush()
    return officer_id


def printed_accounts() -> list[SampleAccount]:
    """The accounts that the demo prints, one for each way of working."""
    return [
        SampleAccount("wall", "联动中心值守", "指挥大屏"),
        SampleAccount("huaiyin", "槐荫分局调度", "办公端：受理、派单、销号"),
        SampleAccount("huaiyin-leader", "槐荫分局负责人", "办公端：销号、效能"),
        SampleAccount("huaiyin01", "槐荫执法员", "移动执法"),
        SampleAccount("shizhong01", "市中执法员", "移动执法"),
        SampleAccount("chief", "市局负责人", "办公端：全市"),
    ]
