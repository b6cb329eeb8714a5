"""A throwaway installation: an embedded database with the sample data, and the real server and worker on it."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from liandong.demo.seed import seed
from liandong.kernel import secrets
from liandong.kernel.db import Database
from liandong.kernel.settings import settings
from liandong.runtime import database

START_SECONDS = 60


@dataclass
class Rig:
    """The installation while it runs. `programs` are the server and worker processes by name."""

    db: Database
    home: Path
    port: int
    programs: dict[str, list[subprocess.Popen[bytes]]] = field(default_factory=dict)

    def start(self, name: str, *words: str) -> None:
        """Start one more `liandong` process under a name."""
        with (self.home / f"{name}.log").open("ab") as log:
            program = subprocess.Popen([sys.executable, "-m", "liandong", *words], stdout=log, stderr=log)
        self.programs.setdefault(name, []).append(program)

    async def serve(self, count: int = 1) -> list[int]:
        """Servers and one worker run; returns the servers' ports."""
        ports = [self.port + number for number in range(count)]
        for port in ports:
            self.start("server", "serve", "--port", str(port))
        self.start("worker", "work")
        for port in ports:
            await self._until_up(port)
        return ports

    async def _until_up(self, port: int) -> None:
        ends = time.monotonic() + START_SECONDS
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
            while time.monotonic() < ends:
                with suppress(httpx.TransportError):
                    if (await http.get("/api/health")).status_code == httpx.codes.OK:
                        return
                await asyncio.sleep(0.1)
        raise RuntimeError((self.home / "server.log").read_text())

    def cpu(self) -> dict[str, float]:
        """CPU seconds that each part has used so far: `server`, `worker`, `postgres` and `client` (this process)."""
        used = {name: sum(_seconds(one.pid) for one in programs) for name, programs in self.programs.items()}
        return {**used, "postgres": _postgres_seconds(self.home), "client": _seconds(os.getpid())}

    def stop(self) -> None:
        """Afterwards the server and worker processes have ended."""
        for program in [one for programs in self.programs.values() for one in programs]:
            program.terminate()
        for program in [one for programs in self.programs.values() for one in programs]:
            program.wait(20)


def _seconds(pid: int) -> float:
    used = psutil.Process(pid).cpu_times()
    return float(used.user + used.system)


def _postgres_seconds(home: Path) -> float:
    """CPU seconds of the database's processes, those that have ended included."""
    main = psutil.Process(int((home / "postgres" / "data" / "postmaster.pid").read_text().split()[0]))
    times = main.cpu_times()
    ended = times.children_user + times.children_system
    running = 0.0
    for child in main.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            running += _seconds(child.pid)
    return float(times.user + times.system + ended + running)


@asynccontextmanager
async def rig(port: int) -> AsyncIterator[Rig]:
    """The installation, seeded and running; afterwards nothing of it is left."""
    home = Path(tempfile.mkdtemp(prefix="liandong-bench-"))
    for name in [name for name in os.environ if name.startswith("LIANDONG_")]:
        del os.environ[name]
    os.environ["LIANDONG_HOME"] = str(home)
    for kept in (settings, secrets.derive, secrets.signing_key):
        kept.cache_clear()
    try:
        async with database() as db:
            await seed(db, home)
            running = Rig(db, home, port)
            try:
                yield running
            finally:
                running.stop()
    finally:
        shutil.rmtree(home)
