"""Every read of the access room: who is behind a token, and how far that account sees."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Row, Select, bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.functions import Function

from liandong.kernel.clock import beijing_today, now
from liandong.kernel.db import set_scope
from liandong.registers.access.actions import token_hash
from liandong.registers.access.actor import Actor
from liandong.registers.access.tables import Account, AllyGrant, SignInSession, TaskGrant
from liandong.registers.access.vocabulary import Role
from liandong.registers.jurisdictions.queries import agency_of, area_of, areas_below


def _granted(column: InstrumentedAttribute[Any]) -> Function[Any]:
    """All values of a column of the grants that the account's officer holds now, as one array."""
    running = select(column).where(TaskGrant.officer_id == Account.officer_id, TaskGrant.ended_at.is_(None))
    return func.array(running.correlate(Account).scalar_subquery())


def _of_memoranda() -> Function[Any]:
    """What memoranda grant today to the area of the account's agency, each as what:memorandum."""
    today = bindparam("today", type_=Date)
    granted = func.concat(AllyGrant.what, ":", AllyGrant.memorandum_id)
    holding = select(granted).where(
        AllyGrant.area_code == area_of(Account.agency_id),
        AllyGrant.ended_at.is_(None),
        today.between(AllyGrant.from_on, AllyGrant.until_on),
    )
    return func.array(holding.correlate(Account).scalar_subquery())


_ACCOUNT = select(
    Account.id,
    Account.name,
    Account.agency_id,
    Account.officer_id,
    Account.roles,
    _granted(TaskGrant.task_id).label("tasks"),
    _granted(TaskGrant.source_id).label("sources"),
    _of_memoranda().label("granted"),
)


def _signed_in(accounts: Select[Any]) -> Select[Any]:
    """Of these accounts the open one whose sign-in has this token and has neither ended nor expired."""
    return accounts.join(SignInSession, SignInSession.account_id == Account.id).where(
        SignInSession.token_hash == bindparam("token_hash"),
        SignInSession.ended_at.is_(None),
        SignInSession.expires_at > bindparam("at"),
        Account.is_active,
    )


# made once: every request begins with one of these
_BY_TOKEN = _signed_in(_ACCOUNT)
_BY_ID = _ACCOUNT.where(Account.id == bindparam("account_id"))


def _today() -> dict[str, Any]:
    return {"today": beijing_today()}


async def find_actor(session: AsyncSession, token: str) -> Actor | None:
    """The actor behind a session token that has neither ended nor expired."""
    found = await session.execute(_BY_TOKEN, {**_today(), "token_hash": token_hash(token), "at": now()})
    row = found.one_or_none()
    return None if row is None else await _actor(session, row)


_OFFICER_BY_TOKEN = _signed_in(select(Account.officer_id))


async def find_officer_of(session: AsyncSession, token: str) -> tuple[UUID | None] | None:
    """The officer behind a session token, (None,) if whoever signed in is none; None: it has ended or expired."""
    found = await session.execute(_OFFICER_BY_TOKEN, {"token_hash": token_hash(token), "at": now()})
    row = found.one_or_none()
    return None if row is None else (row.officer_id,)


async def actor_of(session: AsyncSession, account_id: UUID) -> Actor:
    """The actor that an account is now."""
    return await _actor(session, (await session.execute(_BY_ID, {**_today(), "account_id": account_id})).one())


async def find_actor_of(session: AsyncSession, account_id: UUID) -> Actor | None:
    """The actor that an account is now, or None if there is no such account; one that was closed still did what it did."""
    row = (await session.execute(_BY_ID, {**_today(), "account_id": account_id})).one_or_none()
    return None if row is None else await _actor(session, row)


async def find_active_actor_of(session: AsyncSession, account_id: UUID) -> Actor | None:
    """The actor that an account is now, or None if there is no such account or it was closed."""
    row = (await session.execute(_BY_ID.where(Account.is_active), {**_today(), "account_id": account_id})).one_or_none()
    return None if row is None else await _actor(session, row)


async def _actor(session: AsyncSession, row: Row[Any]) -> Actor:
    agency = await agency_of(session, row.agency_id)
    return Actor(
        account_id=row.id,
        name=row.name,
        agency_id=agency.id,
        agency_name=agency.short_name,
        home_area=agency.area_code,
        roles=frozenset(Role(role) for role in row.roles),
        officer_id=row.officer_id,
        areas=await areas_below(session, agency.area_code),
        tasks=frozenset(row.tasks),
        sources=frozenset(source_id for source_id in row.sources if source_id),
        granted=frozenset(_grant(one) for one in row.granted),
    )


def _grant(said: str) -> tuple[str, UUID]:
    what, _, memorandum_id = said.partition(":")
    return what, UUID(memorandum_id)


async def every_task_of(session: AsyncSession, officer_id: UUID) -> frozenset[UUID]:
    """Every task that an officer was ever sent to, those that have ended too."""
    rows = select(TaskGrant.task_id).where(TaskGrant.officer_id == officer_id)
    return frozenset((await session.execute(rows)).scalars())


@asynccontextmanager
async def seeing_past_tasks(session: AsyncSession, actor: Actor) -> AsyncIterator[None]:
    """Inside, the transaction also sees what hangs from tasks that the actor was sent to and that have ended."""
    past = frozenset() if actor.officer_id is None else await every_task_of(session, actor.officer_id)
    await set_scope(session, actor.scope() | {"tasks": ",".join(map(str, actor.tasks | past))})
    try:
        yield
    finally:
        await set_scope(session, actor.scope())


@asynccontextmanager
async def reaching(session: AsyncSession, *area_codes: str) -> AsyncIterator[None]:
    """Inside, the transaction also reaches these areas, for one move that two neighbours agreed on and the gate let through."""
    held = (await session.execute(text("SELECT current_setting('liandong.areas', true)"))).scalar_one() or ""
    await set_scope(session, {"areas": ",".join(filter(None, (held, *area_codes)))})
    try:
        yield
    finally:
        await set_scope(session, {"areas": held})
