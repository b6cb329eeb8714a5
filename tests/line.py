"""An open connection to the live feed, in the same process: what a screen gets, frame by frame."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI
from sqlalchemy import text

from liandong.kernel.db import Database, Role
from liandong.kernel.feed import Hub
from liandong.means.tracks.points import CHANNEL
from tests.world import Person

PATIENCE_SECONDS = 20.0
FENCE = "fence"

_fences = count()


@dataclass
class Line:
    """One connection. `facts` are what came through it, in order."""

    app: FastAPI
    frames: asyncio.Queue[bytes | None] = field(default_factory=asyncio.Queue)
    facts: list[dict[str, Any]] = field(default_factory=list)
    status: int = 0
    rest: bytes = b""

    async def send(self, message: Any) -> None:
        """The application answers."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        *whole, self.rest = (self.rest + message.get("body", b"")).split(b"\n\n")
        for frame in whole:
            self.frames.put_nowait(frame)
        if not message.get("more_body", False):
            self.frames.put_nowait(None)

    async def read_until(self, mark: bytes) -> None:
        """Everything up to the comment `mark` has been read."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (frame := await self.frames.get()) != mark:
                assert frame is not None, f"the connection ended ({self.status})"
                self._keep(frame)

    async def read_to_end(self) -> None:
        """Everything has been read, and the application ended the connection."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (frame := await self.frames.get()) is not None:
                self._keep(frame)

    def _keep(self, frame: bytes) -> None:
        if frame.startswith(b":"):
            return
        said = dict(line.split(": ", 1) for line in frame.decode().split("\n"))
        body = json.loads(said["data"])
        assert (said["event"], said["id"]) == ("fact", str(body["seq"]))
        self.facts.append(body)

    async def catch_up(self) -> list[dict[str, Any]]:
        """The facts that came since the last time; every one stamped so far is among them if it is seen at all."""
        known = len(self.facts)
        await settle(self.app)
        mark = f": {FENCE} {next(_fences)}".encode()
        for listener in self.app.state.hub.listeners:
            listener.offer(None, mark + b"\n\n")
        await self.read_until(mark)
        return self.facts[known:]


async def settle(app: FastAPI) -> None:
    """The hub has read every notice that was sent before this one: notices arrive in the order of their commits."""
    hub: Hub = app.state.hub
    db: Database = app.state.db
    take, passed = hub.notices[CHANNEL], asyncio.Event()
    fence = f"{FENCE} {next(_fences)}"
    hub.notices[CHANNEL] = lambda notice: passed.set() if notice == fence else take(notice)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not passed.is_set():
                async with db.transaction(Role.feed) as session:
                    notify = text("SELECT pg_notify(:channel, :message)")
                    await session.execute(notify, {"channel": CHANNEL, "message": fence})
                # a hub that has just been started does not listen yet: it is asked again
                with suppress(TimeoutError):
                    await asyncio.wait_for(passed.wait(), 0.5)
    finally:
        hub.notices[CHANNEL] = take


@asynccontextmanager
async def follow(app: FastAPI, person: Person, after: int | None = None, **headers: str) -> AsyncIterator[Line]:
    """A connection to the feed, open and listening until the block ends."""
    line, gone = Line(app), asyncio.Event()
    asked = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> Any:
        first = next(asked, None)
        if first is None:
            await gone.wait()
            return {"type": "http.disconnect"}
        return first

    sent = {"authorization": f"Bearer {person.token}", **{k.replace("_", "-"): v for k, v in headers.items()}}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": "/api/feed", "raw_path": b"/api/feed", "root_path": "", "server": ("test", 80), "client": ("test", 1),
        "query_string": urlencode({} if after is None else {"after": after}).encode(),
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
    }  # fmt: skip
    running = asyncio.create_task(app(scope, receive, line.send))
    try:
        await line.read_until(b": hello")
        yield line
    finally:
        gone.set()
        await asyncio.wait_for(running, PATIENCE_SECONDS)
