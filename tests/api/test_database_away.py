"""A database that is away: nobody is told that his request was wrong, and all is well once it is back."""

from __future__ import annotations

import psycopg
from fastapi import FastAPI

from liandong.kernel.db import Database
from tests.conftest import As
from tests.seat import refused
from tests.world import World


async def test_a_request_is_answered_with_503_and_the_next_one_is_served(as_: As, world: World, db: Database) -> None:
    seat = as_(world.east.dispatcher)
    await seat.get("/session")
    await end_connections(db)
    with refused("kernel.database_unavailable", 503):
        await seat.get("/session")
    assert (await seat.get("/session"))["account_id"] == str(world.east.dispatcher.account_id)


async def test_a_server_without_its_database_says_so(as_: As, world: World, app: FastAPI) -> None:
    db: Database = app.state.db
    app.state.db = away = Database(db.url.set(query={**db.url.query, "port": "1"}))
    try:
        with refused("kernel.database_unavailable", 503):
            await as_(world.east.lin).post("/deeds", {"deeds": []})
    finally:
        app.state.db = db
        await away.close()


async def end_connections(db: Database) -> None:
    """The database ends every connection there is, as when it is started anew."""
    owner = db.url.set(drivername="postgresql").render_as_string(hide_password=False)
    async with await psycopg.AsyncConnection.connect(owner, autocommit=True) as admin:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        await admin.execute(f"{others} AND pid <> pg_backend_pid()")
