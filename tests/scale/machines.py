"""Two machines that share a PostgreSQL and a file store: on each a real server and a real worker, with a home of its own."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from liandong import runtime
from liandong.kernel import postgres
from liandong.kernel.db import Database
from tests.ports import free_ports

UP_WITHIN_S = 60.0
GONE_WITHIN_S = 15.0


@dataclass
class Machine:
    """A server and a worker; both may be lost at once, as after a power cut."""

    home: Path
    port: int
    env: dict[str, str]
    server: asyncio.subprocess.Process | None = None
    worker: asyncio.subprocess.Process | None = None

    @property
    def address(self) -> str:
        """Where phones and screens find it."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Afterwards the server answers and the worker has been started."""
        self.server = await self._run("serve", "--port", str(self.port))
        async with httpx.AsyncClient(base_url=self.address) as http:

            async def answers() -> bool:
                assert self.server is not None
                assert self.server.returncode is None, "the server has ended"
                with suppress(httpx.TransportError):
                    return (await http.get("/api/health")).is_success
                return False

            await until(answers, "the server answers", UP_WITHIN_S)
        self.worker = await self._run("work")

    async def _run(self, *words: str) -> asyncio.subprocess.Process:
        env = {name: value for name, value in os.environ.items() if not name.startswith("LIANDONG_")}
        own = {"LIANDONG_HOME": str(self.home), "PYTHONUTF8": "1"}
        return await asyncio.create_subprocess_exec(sys.executable, "-m", "liandong", *words, env=env | own | self.env)

    async def lose(self) -> None:
        """Afterwards both processes are gone; nothing was said to anybody."""
        for process in (self.server, self.worker):
            assert process is not None
            process.kill()
            await process.wait()

    async def stop(self) -> None:
        """Afterwards both processes have ended; they were asked first."""
        running = [one for one in (self.server, self.worker) if one is not None and one.returncode is None]
        for process in running:
            process.terminate()
        for process in running:
            try:
                await asyncio.wait_for(process.wait(), GONE_WITHIN_S)
            except TimeoutError:
                process.kill()
                await process.wait()


async def until(holds: Callable[[], Awaitable[bool]], what: str, within_s: float = 60.0) -> None:
    """Afterwards it holds; a time-out says what did not come."""
    try:
        async with asyncio.timeout(within_s):
            while True:
                if await holds():
                    return
                await asyncio.sleep(0.05)  # other processes cannot tell this one when
    except TimeoutError:
        raise AssertionError(f"not within {within_s} s: {what}") from None


@asynccontextmanager
async def database_elsewhere(home: Path) -> AsyncIterator[tuple[Database, str]]:
    """A PostgreSQL that the machines know by its address only, prepared; and that address."""
    with postgres.lease(home) as server:
        url = runtime.own_database(server)
        runtime.prepare(url)
        db = Database(url)
        try:
            yield db, url.render_as_string(hide_password=False)
        finally:
            await db.close()


@asynccontextmanager
async def two_machines(folder: Path, address: str, more: dict[str, str] | None = None) -> AsyncIterator[list[Machine]]:
    """Both running, with `more` settings; afterwards neither is."""
    (folder / "files").mkdir()
    shared = {
        "LIANDONG_DATABASE_URL": address,
        "LIANDONG_SECRET": os.environ["LIANDONG_SECRET"],
        "LIANDONG_BLOB_URL": (folder / "files").as_uri(),
        **(more or {}),
    }
    machines = [Machine(folder / f"machine-{number}", port, shared) for number, port in enumerate(free_ports(2))]
    try:
        for machine in machines:
            await machine.start()
        yield machines
    finally:
        for machine in machines:
            await machine.stop()
