"""Every read of the access room: who is behind a token, and how far that account sees."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.clock import now
from liandong.registers.access.actions import token_hash
from liandong.registers.access.actor import Actor
from liandong.registers.access.tables import Account, SignInSession, TaskGrant
from liandong.registers.access.vocabulary import Role
from liandong.registers.jurisdictions.queries import agency_of, areas_below


async def find_actor(session: AsyncSession, token: str) -> Actor | None:
    """The actor behind a session token that has neither ended nor expired."""
    rows = (
        select(Account)
        .join(SignInSession, SignInSession.account_id == Account.id)
        .where(
            SignInSession.token_hash == token_hash(token),
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > now(),
            Account.is_active,
        )
    )
    account = (await session.execute(rows)).scalar_one_or_none()
    return None if account is None else await _actor(session, account)


async def actor_of(session: AsyncSession, account_id: UUID) -> Actor:
    """The actor that an account is now."""
    return await _actor(session, await session.get_one(Account, account_id))


async def _actor(session: AsyncSession, account: Account) -> Actor:
    agency = await agency_of(session, account.agency_id)
    actor = Actor(
        account_id=account.id,
        name=account.name,
        agency_id=agency.id,
        agency_name=agency.short_name,
        home_area=agency.area_code,
        roles=frozenset(Role(role) for role in account.roles),
        officer_id=account.officer_id,
        areas=await areas_below(session, agency.area_code),
    )
    if account.officer_id is None:
        return actor
    grants = select(TaskGrant.task_id, TaskGrant.source_id)
    rows = grants.where(TaskGrant.officer_id == account.officer_id, TaskGrant.ended_at.is_(None))
    given = (await session.execute(rows)).all()
    return replace(
        actor,
        tasks=frozenset(grant.task_id for grant in given),
        sources=frozenset(grant.source_id for grant in given if grant.source_id),
    )
