"""What every test may ask for: a database of its own, the standing cast, the application, a worker."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from liandong.kernel import secrets
from liandong.kernel.db import Database
from liandong.kernel.settings import settings
from tests import databases
from tests.databases import Stock

HOME, SECRET = "LIANDONG_HOME", "LIANDONG_SECRET"
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


def pytest_unconfigure() -> None:
    """What the session wrote is gone."""
    if not IS_WORKER:
        shutil.rmtree(Path(os.environ[HOME]), ignore_errors=True)


@pytest.fixture(scope="session")
def stock() -> Iterator[Stock]:
    """The session's database server and its templates."""
    with databases.server() as running:
        yield Stock(running)


@pytest.fixture
async def db(stock: Stock) -> AsyncIterator[Database]:
    """A database of this test's own, prepared: real commits, notifications and roles."""
    database = stock.copy(stock.template("empty"))
    yield database
    await database.close()
    stock.drop(database)
