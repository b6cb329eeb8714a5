"""The door of every room for people: one transaction a request, in the name of whoever is signed in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection

from liandong.kernel.db import Database, Role, set_scope
from liandong.kernel.errors import Refused
from liandong.registers.access.actor import Actor
from liandong.registers.access.queries import actor_of, find_actor

COOKIE = "liandong_session"


@dataclass(frozen=True)
class Acting:
    """A signed-in request: its transaction and its actor."""

    session: AsyncSession
    actor: Actor


def token_of(request: HTTPConnection) -> str | None:
    """The session token of a request or socket: from the Authorization header, else from the cookie."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token else request.cookies.get(COOKIE)


async def take_seat(session: AsyncSession, actor: Actor, request_id: str | None = None) -> None:
    """Afterwards the transaction sees what the actor sees and writes facts in the actor's name."""
    await set_scope(session, actor.scope())
    session.info["author"] = actor.author(request_id)


async def acting(request: Request) -> AsyncIterator[Acting]:
    """The transaction of this request. It is kept when the route ends well, before the answer is sent.

    Raises    access.sign_in_required (401)
    """
    db: Database = request.app.state.db
    token = token_of(request)
    if token is None:
        raise Refused("access.sign_in_required")
    async with db.transaction(Role.app) as session:
        actor = await find_actor(session, token)
        if actor is None:
            raise Refused("access.sign_in_required")
        await take_seat(session, actor, getattr(request.state, "request_id", None))
        yield Acting(session, actor)


Signed = Annotated[Acting, Depends(acting, scope="function")]
"""What a route asks for: `async def route(signed: Signed)`. The scope makes the end of the transaction come first."""

briefly = asynccontextmanager(acting)
"""The same for a route that waits for a slow phone: a transaction whenever there is something to do, none meanwhile."""


async def refreshed(db: Database, account_id: UUID) -> Actor:
    """The actor of an account as it is now; its tasks may have changed since the connection was opened."""
    async with db.transaction(Role.app) as session:
        return await actor_of(session, account_id)
