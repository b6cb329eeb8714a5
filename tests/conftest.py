"""What every test may ask for: a database of its own, the standing cast, the application, a worker."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from liandong import flow
from liandong.api.app import make_app
from liandong.kernel import secrets
from liandong.kernel.db import Database, Role
from liandong.kernel.jobs import Worker
from liandong.kernel.settings import settings
from liandong.means.tracks.keeper import Keeper
from tests import databases
from tests.databases import Stock
from tests.line import settle
from tests.seat import Seat
from tests.world import Person, World, load

As = Callable[[Person], Seat]
CAST = "cast"

HOME, SECRET = "LIANDONG_HOME", "LIANDONG_SECRET"
LONG_ONES = ("story", "chaos", "badlink", "faces", "scale", "oversight/records")
"""Folders whose tests start whole systems and browsers."""
IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ


def pytest_configure() -> None:
    """Nothing of this machine's installation is read or touched."""
    if not IS_WORKER:
        os.environ[HOME] = tempfile.mkdtemp(prefix="liandong-test-")
        os.environ[SECRET] = "the secret of tests"
        for name in [name for name in os.environ if name.startswith("LIANDONG_") and name not in (HOME, SECRET)]:
            del os.environ[name]
    settings.cache_clear()
    secrets.derive.cache_clear()
    secrets.signing_key.cache_clear()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes comes first: of several workers none is left with it alone at the end."""
    folders = [Path(__file__).parent / name for name in LONG_ONES]
    items.sort(key=lambda item: not any(item.path.is_relative_to(folder) for folder in folders))


def pytest_unconfigure() -> None:
    """What the session wrote is gone."""
    if not IS_WORKER:
        shutil.rmtree(Path(os.environ[HOME]), ignore_errors=True)


@pytest.fixture(scope="session")
def stock() -> Iterator[Stock]:
    """The session's database server and its templates."""
    with databases.server() as running:
        yield Stock(running)


@pytest.fixture(scope="session")
async def cast(stock: Stock) -> World:
    """The standing cast, as it is in the template."""
    people: list[World] = []

    async def fill(database: Database) -> None:
        async with database.transaction(Role.worker) as session:
            people.append(await load(session))

    await stock.template(CAST, fill, on=await stock.template("empty"))
    return people[0]


@pytest.fixture
async def db(stock: Stock, request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """A database of this test's own, prepared: real commits, notifications and roles. With `world`, the cast is in it."""
    with_cast = "world" in request.fixturenames
    database = stock.copy(await stock.template(CAST if with_cast else "empty"))
    yield database
    await database.close()
    stock.drop(database)


@pytest.fixture
def world(cast: World, db: Database) -> World:
    """The standing cast, in a database where nothing has happened yet."""
    return cast


@pytest.fixture
async def app(db: Database) -> AsyncIterator[FastAPI]:
    """The application, with its fan-out running."""
    flow.connect()
    made = make_app(db)
    async with made.router.lifespan_context(made):
        # a connection that is cut off while it is opened stays half open, and its database cannot be dropped
        await settle(made)
        yield made


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody at the door, not signed in."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as found:
        yield found


@pytest.fixture
def as_(client: httpx.AsyncClient) -> As:
    """A person of the cast at the API: `await as_(world.east.dispatcher).order(problem)`."""
    return lambda person: Seat(client, person)


@pytest.fixture
def worker(db: Database) -> Worker:
    """A worker of the whole house; `await worker.drain()` does everything that is owed."""
    flow.connect()
    return Worker(db, flow.afterwards(), flow.TIMETABLE)


@pytest.fixture
async def kept_by(db: Database) -> AsyncIterator[Keeper]:
    """Keeps positions while the test runs."""
    made = Keeper(db)
    running = asyncio.create_task(made.run())
    yield made
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
