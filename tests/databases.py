"""Databases for tests: one embedded server a session, templates made once, and a fresh copy for each test."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from itertools import count

import psycopg
from psycopg import sql

from liandong import runtime
from liandong.kernel import postgres
from liandong.kernel.db import Database
from liandong.kernel.settings import settings
from liandong.registers.jurisdictions import queries as jurisdictions

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
# Nothing of a test has to survive a power cut.
FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")

_numbers = count()


@contextmanager
def server() -> Iterator[postgres.Server]:
    """The session's own server; test processes that run beside each other share it."""
    with postgres.lease(settings().home_folder) as running:
        with psycopg.connect(running.conninfo(), autocommit=True) as admin:
            for choice in FAST:
                admin.execute(sql.SQL("ALTER SYSTEM SET ") + sql.SQL(choice))
            admin.execute("SELECT pg_reload_conf()")
        yield running


class Stock:
    """Templates by name, and copies of them."""

    def __init__(self, running: postgres.Server) -> None:
        self.server = running
        self._made: set[str] = set()

    async def template(
        self, kind: str, fill: Callable[[Database], Awaitable[None]] | None = None, on: str | None = None
    ) -> str:
        """The name of a prepared database from which copies are made; `fill` is asked once, on a copy of `on`."""
        name = f"template_{WORKER}_{kind}"
        if name not in self._made:
            if on is not None:
                self._create(name, on)
            runtime.prepare(runtime.own_database(self.server, name))
            if fill is not None:
                database = Database(self.server.url(database=name))
                await fill(database)
                await database.close()
            self._made.add(name)
        return name

    def copy(self, template: str) -> Database:
        """A fresh database with all that the template holds."""
        name = f"test_{WORKER}_{next(_numbers)}"
        self._create(name, template)
        jurisdictions.forget()
        return Database(self.server.url(database=name))

    def drop(self, db: Database) -> None:
        """Afterwards the database is gone, with whoever was still connected to it."""
        assert db.url.database is not None
        self._admin(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(db.url.database)))
        jurisdictions.forget()

    def _create(self, name: str, template: str) -> None:
        names = sql.Identifier(name), sql.Identifier(template)
        self._admin(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))

    def _admin(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.server.conninfo(), autocommit=True) as admin:
            admin.execute(statement)
