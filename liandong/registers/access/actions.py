"""Every change of the access room."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.clock import now
from liandong.kernel.errors import Refused
from liandong.kernel.ids import new_id
from liandong.kernel.memory import ask_all
from liandong.kernel.settings import settings
from liandong.registers.access.events import SignedIn, SignInFailed
from liandong.registers.access.passwords import hash_password, matches
from liandong.registers.access.tables import Account, AllyGrant, SignInSession, TaskGrant
from liandong.registers.access.vocabulary import Role


def token_hash(token: str) -> str:
    """What is stored of a session token."""
    return hashlib.sha256(token.encode()).hexdigest()


async def open_account(
    session: AsyncSession,
    *,
    login: str,
    password: str,
    name: str,
    agency_id: UUID,
    roles: list[Role],
    officer_id: UUID | None = None,
) -> Account:
    """A new account that can sign in."""
    account = Account(
        id=new_id(),
        login=login,
        password_hash=hash_password(password),
        name=name,
        agency_id=agency_id,
        officer_id=officer_id,
        roles=[role.value for role in roles],
    )
    session.add(account)
    await session.flush()
    return account


async def sign_in(session: AsyncSession, login: str, password: str) -> tuple[str | None, Account | None]:
    """A new session's token and its account, or two Nones when name and password do not fit.

    A failure is counted here and not raised, so that the count outlives the refusal; too many lock the account.

    Raises    access.locked
    Announces SignedIn, SignInFailed
    """
    found = select(Account).where(Account.login == login, Account.is_active).with_for_update()
    account = (await session.execute(found)).scalar_one_or_none()
    if account is not None and account.locked_until is not None and account.locked_until > now():
        raise Refused("access.locked", minutes=settings().sign_in_lock_minutes)
    fits = await matches(password, account.password_hash if account else None)
    if account is None:
        return None, None
    if not fits:
        await _count_failure(session, account)
        return None, None
    account.failed_attempts, account.locked_until = 0, None
    token = secrets.token_urlsafe(32)
    ends = now() + timedelta(hours=settings().session_hours)
    session.add(SignInSession(token_hash=token_hash(token), account_id=account.id, created_at=now(), expires_at=ends))
    await ledger.record(session, SignedIn(**_about(account, "登录")))
    return token, account


async def _count_failure(session: AsyncSession, account: Account) -> None:
    account.failed_attempts += 1
    if account.failed_attempts >= settings().sign_in_attempts:
        account.locked_until = now() + timedelta(minutes=settings().sign_in_lock_minutes)
        account.failed_attempts = 0
    await ledger.record(session, SignInFailed(**_about(account, "登录失败")))


def _about(account: Account, deed: str) -> dict[str, Any]:
    return {
        "subject_id": account.id,
        "subject": {"title": account.name},
        "area_code": None,
        "words": f"{account.name} {deed}",
    }


async def sign_out(session: AsyncSession, token: str) -> None:
    """Afterwards the token opens nothing."""
    ended = update(SignInSession).where(SignInSession.token_hash == token_hash(token))
    await session.execute(ended.values(ended_at=now()))


async def grant_task(session: AsyncSession, officer_ids: list[UUID], task_id: UUID, source_id: UUID | None) -> None:
    """Afterwards each officer sees the task, what hangs from it, and the file of its source."""
    rows = [
        {"id": new_id(), "officer_id": officer, "task_id": task_id, "source_id": source_id, "granted_at": now()}
        for officer in officer_ids
    ]
    await session.execute(upsert(TaskGrant).on_conflict_do_nothing(), rows)


_END_GRANTS = b"UPDATE task_grant SET ended_at = %s WHERE task_id = %s AND ended_at IS NULL"


async def end_task_grants(session: AsyncSession, task_id: UUID, at: datetime | None = None) -> None:
    """Afterwards nobody sees the task merely because he was sent to it."""
    await ask_all(session, (_END_GRANTS, [at or now(), task_id]))


@dataclass(frozen=True)
class Granting:
    """What a memorandum grants to each of these areas, and in which term (both days included)."""

    memorandum_id: UUID
    area_codes: frozenset[str]
    what: frozenset[str]
    from_on: date
    until_on: date


async def grant_to_allies(session: AsyncSession, granting: Granting) -> None:
    """From the first day of the term to its last each area holds what is granted. Safe to repeat."""
    term = {"memorandum_id": granting.memorandum_id, "from_on": granting.from_on, "until_on": granting.until_on}
    rows = [
        {"id": new_id(), "area_code": area, "what": what, "granted_at": now(), **term}
        for area in sorted(granting.area_codes)
        for what in sorted(granting.what)
    ]
    if rows:
        await session.execute(upsert(AllyGrant).on_conflict_do_nothing(), rows)


async def shorten_ally_grants(session: AsyncSession, memorandum_id: UUID, until_on: date) -> None:
    """What the memorandum grants holds until this day at the latest; what would begin after it is ended."""
    held = update(AllyGrant).where(AllyGrant.memorandum_id == memorandum_id, AllyGrant.ended_at.is_(None))
    await session.execute(held.where(AllyGrant.from_on > until_on).values(ended_at=now()))
    await session.execute(held.where(AllyGrant.until_on > until_on).values(until_on=until_on))


async def end_ally_grants(session: AsyncSession, memorandum_id: UUID, area_code: str | None = None) -> None:
    """The memorandum grants nothing any more: to this area, or to any."""
    held = update(AllyGrant).where(AllyGrant.memorandum_id == memorandum_id, AllyGrant.ended_at.is_(None))
    await session.execute(
        (held if area_code is None else held.where(AllyGrant.area_code == area_code)).values(ended_at=now())
    )
