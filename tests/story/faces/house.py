"""The system as people run it: `liandong serve` and `liandong work` as processes, on a home of their own."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from sqlalchemy import select

from liandong import runtime
from liandong.demo.people import demo_password
from liandong.demo.seed import seed
from liandong.kernel import postgres
from liandong.kernel.db import Database, Role
from liandong.kernel.ledger import LedgerFact
from tests.ports import free_ports

UP_WITHIN_S = 60.0
GONE_WITHIN_S = 10.0

News = list[tuple[int, str]]
"""Number and words of facts, oldest first."""


@dataclass
class Server:
    """One server process at one address. It may die and come back there.

    `env` is added to what this process has; what it says goes to the end of `log`, or to the terminal.
    """

    home: Path
    port: int
    env: Mapping[str, str] = field(default_factory=dict)
    log: Path | None = None
    up_within_s: float = UP_WITHIN_S
    process: asyncio.subprocess.Process | None = None

    @property
    def address(self) -> str:
        """Where people find it."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Afterwards it answers, its database too. Whether a worker keeps up is not this server's to say."""
        self.process = await run(self.home, "serve", "--port", str(self.port), env=self.env, log=self.log)
        async with asyncio.timeout(self.up_within_s), httpx.AsyncClient(base_url=self.address) as http:
            while True:
                assert self.process.returncode is None, "the server has ended"
                with suppress(httpx.TransportError):
                    if "unstamped" in (await http.get("/api/health")).json():
                        return
                await asyncio.sleep(0.05)  # there is nobody yet who could say when it is up

    async def kill(self) -> None:
        """Afterwards it is gone, as after a power cut: nothing was said to anybody."""
        assert self.process is not None
        self.process.kill()
        await self.process.wait()


@dataclass
class House:
    """The running system. Two servers share its database: one for the wall, one for everybody else."""

    home: Path
    db: Database
    password: str
    wall: Server
    desk: Server
    worker: asyncio.subprocess.Process | None = field(default=None)

    async def news(self) -> News:
        """What the ledger holds that a screen has to tell: every stamped fact that changed the picture."""
        told = select(LedgerFact.seq, LedgerFact.words).where(
            LedgerFact.seq.is_not(None),
            LedgerFact.area_code.is_not(None),
            LedgerFact.payload["after"].astext != "{}",
        )
        async with self.db.transaction(Role.worker) as session:
            rows = (await session.execute(told.order_by(LedgerFact.seq))).all()
        return [(seq, words) for seq, words in rows if seq is not None]


@asynccontextmanager
async def open_house() -> AsyncIterator[House]:
    """The demo's districts, people and sources without its operation; afterwards no process and no file is left."""
    home = Path(tempfile.mkdtemp(prefix="liandong-faces-"))
    try:
        with postgres.lease(home) as server:
            url = runtime.own_database(server)
            runtime.prepare(url)
            db = Database(url)
            await seed(db, home)
            wall, desk = (Server(home, port) for port in free_ports(2))
            house = House(home, db, demo_password(home), wall, desk)
            try:
                await asyncio.gather(wall.start(), desk.start())
                house.worker = await run(home, "work")
                yield house
            finally:
                await asyncio.gather(*(end(process) for process in (wall.process, desk.process, house.worker)))
                await db.close()
    finally:
        shutil.rmtree(home, ignore_errors=True)


async def run(
    home: Path, *words: str, env: Mapping[str, str] | None = None, log: Path | None = None
) -> asyncio.subprocess.Process:
    """A `liandong` command on this home, started; see `Server` for `env` and `log`."""
    command = (sys.executable, "-m", "liandong", *words)
    own = {**os.environ, "LIANDONG_HOME": str(home), "PYTHONUTF8": "1", **(env or {})}
    if log is None:
        return await asyncio.create_subprocess_exec(*command, env=own)
    with log.open("ab") as said:
        return await asyncio.create_subprocess_exec(*command, env=own, stdout=said, stderr=said)


async def run_relay(home: Path, env: Mapping[str, str]) -> asyncio.subprocess.Process:
    """A media relay on this home that answers; `env` names its ports."""
    relay = await run(home, "media", env=env)
    async with asyncio.timeout(UP_WITHIN_S), httpx.AsyncClient() as http:
        while True:
            try:
                await http.get(f"http://127.0.0.1:{env['LIANDONG_MEDIA_PORT']}/health")
                return relay
            except httpx.TransportError:
                await asyncio.sleep(0.05)  # there is nobody yet who could say when it is up


async def end(process: asyncio.subprocess.Process | None) -> None:
    """Afterwards the process is gone; it was asked first."""
    if process is None or process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), GONE_WITHIN_S)
    except TimeoutError:
        process.kill()
        await process.wait()
