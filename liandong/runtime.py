"""What every process does first: find the database, bring it to the present schema, hand it over; and last: let go."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import psycopg
from alembic import command
from alembic.config import Config
from psycopg import sql
from psycopg.errors import DuplicateObject, InternalError_, UniqueViolation
from sqlalchemy import URL, create_engine

from liandong.kernel import postgres
from liandong.kernel.db import Database, Role, role_password
from liandong.kernel.paths import migrations_folder
from liandong.kernel.settings import settings

DATABASE_NAME = "liandong"
PREPARING = 0x11A4D046
"""Key of the advisory lock under which one process at a time prepares a database."""
TURNS = 5
"""How often a role is made or altered again because another process did so at the same instant."""


@asynccontextmanager
async def database() -> AsyncIterator[Database]:
    """The database of this installation, prepared; an embedded server runs for as long as somebody holds it."""
    chosen = settings()
    with postgres.lease(chosen.home_folder, chosen.database_url) as server:
        url = server.url() if chosen.database_url else own_database(server)
        prepare(url)
        db = Database(url)
        try:
            yield db
        finally:
            await db.close()


def own_database(server: postgres.Server, name: str = DATABASE_NAME) -> URL:
    """The address of a database on the embedded server, which exists afterwards."""
    with psycopg.connect(server.conninfo(), autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", (PREPARING,))
        exists = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
        if not exists:
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return server.url(database=name)


def prepare(owner_url: URL) -> None:
    """Afterwards the four roles exist and the schema is the present one. Safe to run from many processes at once."""
    address = owner_url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", (PREPARING,))
        for role in Role:
            _prepare_role(admin, role)
        migrate(owner_url)


def _prepare_role(admin: psycopg.Connection[tuple[object, ...]], role: Role) -> None:
    """Roles belong to the whole server, and the lock only to one of its databases: somebody else may be at it."""
    for _ in range(TURNS):
        with suppress(DuplicateObject, UniqueViolation, InternalError_):
            _make_or_alter(admin, role)
            return
    _make_or_alter(admin, role)


def _make_or_alter(admin: psycopg.Connection[tuple[object, ...]], role: Role) -> None:
    exists = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role.value,)).fetchone()
    verb = sql.SQL("ALTER" if exists else "CREATE")
    admin.execute(
        sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD {}").format(
            verb, sql.Identifier(role.value), sql.Literal(role_password(role))
        )
    )


def migrate(owner_url: URL) -> None:
    """Afterwards every migration has run on the database."""
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    engine = create_engine(owner_url)
    try:
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
    finally:
        engine.dispose()
