"""The database: engines by role, and one transaction per request or job.

Four roles besides the owner, each with the least it needs: `liandong_app` serves people and sees only the rows of
the scope set for its transaction; `liandong_worker` runs hand-overs and stamps the ledger; `liandong_feed` reads
the ledger to fan it out; `liandong_tracks` keeps positions and reads nothing else. None of them owns a table or may bypass row-level security.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

import psycopg
from sqlalchemy import ARRAY, TIMESTAMP, Date, MetaData, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import URL
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase

from liandong.kernel.memory import write_out
from liandong.kernel.secrets import derive
from liandong.kernel.settings import settings

DATABASE_GONE = (psycopg.OperationalError, psycopg.InterfaceError, OperationalError, InterfaceError)
"""What is raised when the database has gone away, by the driver itself and through SQLAlchemy: worth trying again."""
OUT_OF_REACH = (*DATABASE_GONE, OSError)
"""The same, with whatever the network adds where nobody else is asked but the database."""

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every table. Times are instants with a zone; days are Beijing calendar days."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar = {
        datetime: TIMESTAMP(timezone=True),
        date: Date(),
        UUID: Uuid(),
        str: Text(),
        dict[str, Any]: JSONB(),
        list[str]: ARRAY(Text()),
        list[UUID]: ARRAY(Uuid()),
    }


class Role(StrEnum):
    """Whom a process is, to the database."""

    app = "liandong_app"
    worker = "liandong_worker"
    feed = "liandong_feed"
    tracks = "liandong_tracks"


def role_password(role: Role) -> str:
    """The password of a role, the same on every machine that shares the installation's secret."""
    return derive(f"database:{role.value}").hex()


class Database:
    """One database seen by one process. `owner_url` is any PostgreSQL >= 15, as the owner of the tables."""

    def __init__(self, owner_url: URL) -> None:
        self.url = owner_url
        self._engines: dict[Role, AsyncEngine] = {}

    def engine(self, role: Role) -> AsyncEngine:
        """The pool of connections of a role, made at first use."""
        if role not in self._engines:
            url = self.url.set(username=role.value, password=role_password(role))
            self._engines[role] = create_async_engine(url, pool_size=settings().pool_size, max_overflow=5)
        return self._engines[role]

    def conninfo(self, role: Role) -> str:
        """The address of a role for a bare psycopg connection (LISTEN needs one of its own)."""
        url = self.url.set(drivername="postgresql", username=role.value, password=role_password(role))
        return url.render_as_string(hide_password=False)

    @asynccontextmanager
    async def transaction(
        self, role: Role, scope: Mapping[str, str] | None = None, *, snapshot: bool = False
    ) -> AsyncIterator[AsyncSession]:
        """One transaction: all that happens inside is kept when it ends well, and nothing of it otherwise.

        `scope` holds the settings that row-level security reads; without it `liandong_app` sees no guarded row.
        `snapshot` gives every statement inside the same view of the data.
        """
        session = AsyncSession(self.engine(role), expire_on_commit=False, autoflush=False)
        async with session, session.begin():
            if snapshot:
                await session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            if scope is not None:
                await set_scope(session, scope)
            yield session
            await write_out(session)

    async def close(self) -> None:
        """Afterwards no connection of this process is open."""
        for engine in self._engines.values():
            await engine.dispose()
        self._engines.clear()


async def set_scope(session: AsyncSession, scope: Mapping[str, str]) -> None:
    """Set what row-level security lets this transaction see; it ends with the transaction."""
    calls = ", ".join(f"set_config('liandong.{name}', :{name}, true)" for name in scope)
    await session.execute(text(f"SELECT {calls}"), dict(scope))
