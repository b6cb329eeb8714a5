"""The servers' side, as one machine runs it: an embedded PostgreSQL, two `liandong serve` and a `liandong work`."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

from liandong import runtime
from liandong.kernel import postgres
from liandong.kernel.db import Database
from liandong.kernel.db import Role as Side
from tests.ports import free_ports
from tests.seat import Body, Seat
from tests.story.faces.house import Server, end, run
from tests.world import World, load

UP_WITHIN_S, SETTLED_WITHIN_S = 90.0, 180.0
OWED = text(
    "SELECT (SELECT count(*) FROM ledger_fact WHERE seq IS NULL) + count(*) FROM delivery WHERE done_at IS NULL"
)


@dataclass
class Site:
    """Everything that is not the phone. What is killed comes back by itself after a while."""

    home: Path
    db: Database
    world: World
    servers: list[Server]
    env: dict[str, str]
    log: Path
    worker: asyncio.subprocess.Process | None = None
    ended_by_itself: int = 0
    up: set[int] = field(default_factory=set)
    _returning: set[asyncio.Task[None]] = field(default_factory=set)

    def ports(self) -> list[int]:
        """Where a server answers."""
        return [server.port for server in self.servers if server.port in self.up]

    async def start(self) -> None:
        """Afterwards everything runs."""
        await asyncio.gather(*(self._start_server(server) for server in self.servers))
        await self._start_worker()

    async def kill_server(self, which: int, away_s: float) -> None:
        """A server that ran is gone, and will be back. If it is not up yet, its turn comes when it is."""
        server = self.servers[which]
        if server.port not in self.up:
            await self.whole()
        self.up.discard(server.port)
        await server.kill()
        self._later(away_s, self._start_server(server))

    async def kill_worker(self, away_s: float) -> None:
        """The worker is gone, and will be back."""
        if self.worker is None:
            await self.whole()
        assert self.worker is not None
        self.worker.kill()
        await self.worker.wait()
        self.worker = None
        self._later(away_s, self._start_worker())

    async def kill_postgres(self, which: int, away_s: float) -> None:
        """PostgreSQL is gone without having written its checkpoint, and will be back and recover."""
        await self.whole()
        pid = int((self.home / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGKILL if which else signal.SIGQUIT)
        self._later(away_s, asyncio.to_thread(self._revive_postgres))

    async def whole(self) -> None:
        """Afterwards everything that was killed is back."""
        while self._returning:
            await asyncio.gather(*self._returning)
        if self.worker is not None and self.worker.returncode is not None:
            self.ended_by_itself += 1
            await self._start_worker()

    async def settled(self) -> None:
        """Everything recorded is stamped, and everything owed is done."""
        await self.db.close()  # its connections were those of a server that was killed
        async with asyncio.timeout(SETTLED_WITHIN_S):
            while True:
                async with self.db.transaction(Side.worker) as session:
                    if (await session.execute(OWED)).scalar_one() == 0:
                        return
                await asyncio.sleep(0.1)  # the worker is another process and says nothing to this one

    async def tasks(self, count: int) -> list[str]:
        """So many tasks of the two officers."""
        east = self.world.east
        async with httpx.AsyncClient(base_url=self.servers[0].address, timeout=30) as http:
            desk = Seat(http, east.dispatcher)
            made: list[str] = []
            for number in range(count):
                task: Body = await desk.draft_task(title=f"示例检查 {number + 1}", source_id=str(east.workshop))
                await desk.assign(task, east.lin, east.luo)
                made.append(task["id"])
        return made

    async def close(self) -> None:
        """Afterwards no process is left."""
        for task in self._returning:
            task.cancel()
        await asyncio.gather(*self._returning, return_exceptions=True)
        await asyncio.gather(*(end(process) for process in (*(one.process for one in self.servers), self.worker)))

    def _later(self, away_s: float, comes_back: Coroutine[Any, Any, None]) -> None:
        async def _return() -> None:
            await asyncio.sleep(away_s)  # what is away for a while is what is tested
            await comes_back

        task = asyncio.create_task(_return())
        self._returning.add(task)
        task.add_done_callback(self._returning.discard)

    async def _start_server(self, server: Server) -> None:
        while server.port not in self.up:
            # whose database is killed while it starts ends again, and a service manager starts it anew
            with suppress(AssertionError):
                try:
                    await server.start()
                except TimeoutError:
                    await self._say_where_it_hangs(server)
                    raise
                self.up.add(server.port)

    async def _say_where_it_hangs(self, server: Server) -> None:
        """Afterwards the log says what each of its threads was doing, and it is gone."""
        if server.process is not None and server.process.returncode is None:
            server.process.send_signal(signal.SIGABRT)
            await server.process.wait()

    async def _start_worker(self) -> None:
        self.worker = await run(self.home, "work", env=self.env, log=self.log)

    def _revive_postgres(self) -> None:
        """As any process of this home does when it starts: whoever comes finds no server, and starts one."""
        with postgres.lease(self.home):
            pass


@asynccontextmanager
async def open_site(home: Path, faces: Path) -> AsyncIterator[Site]:
    """The running system with the standing cast; afterwards no process is left."""
    async with AsyncExitStack() as stack:
        server = stack.enter_context(postgres.lease(home))
        url = runtime.own_database(server)
        runtime.prepare(url)
        db = Database(url)
        stack.push_async_callback(db.close)
        async with db.transaction(Side.worker) as session:
            world = await load(session)
        # whoever is started a hundred times must not be compiled a hundred times, whatever this machine is told otherwise
        env = {
            "LIANDONG_FACES": str(faces),
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONFAULTHANDLER": "1",
            "PYTHONPYCACHEPREFIX": str(home / "compiled"),
        }
        log = home.parent / "servers.log"
        site = Site(home, db, world, [Server(home, port, env, log, UP_WITHIN_S) for port in free_ports(2)], env, log)
        stack.push_async_callback(site.close)
        await site.start()
        yield site
