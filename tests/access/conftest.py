"""The scene in the east, played once and copied for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from liandong.kernel.db import Database
from tests.access.scene import Scene, play
from tests.conftest import CAST
from tests.databases import Stock
from tests.world import World


@pytest.fixture(scope="session")
async def played(stock: Stock, cast: World) -> Scene:
    """The scene, as it is in the template."""
    scenes: list[Scene] = []

    async def fill(database: Database) -> None:
        scenes.append(await play(database, cast))

    await stock.template("scene", fill, on=await stock.template(CAST))
    return scenes[0]


@pytest.fixture
async def db(stock: Stock, played: Scene) -> AsyncIterator[Database]:
    """A database of this test's own in which the scene has been played."""
    database = stock.copy(await stock.template("scene"))
    yield database
    await database.close()
    stock.drop(database)


@pytest.fixture
def scene(played: Scene, db: Database) -> Scene:
    """The scene, in this test's own database."""
    return played
