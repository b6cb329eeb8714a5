"""A screen on which somebody watches where everything is, in the same process: frame by frame, as they were sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi import FastAPI

from liandong.means.tracks.points import ENTRY, FRAME_VERSION, HEADER
from tests.world import Person

PATIENCE_SECONDS = 20.0


@dataclass
class Screen:
    """One open map. `places` are what it shows: longitude and latitude by carrier."""

    app: FastAPI
    told: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)
    asks: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)
    places: dict[UUID, tuple[float, float]] = field(default_factory=dict)
    wholes: int = 0

    def look_at(self, *view: float) -> None:
        """The map was moved."""
        self.say(json.dumps({"view": list(view) or None}))

    def say(self, words: str) -> None:
        """The page says something to the server."""
        self.asks.put_nowait({"type": "websocket.receive", "text": words})

    async def next(self) -> None:
        """One more frame has come."""
        message = await asyncio.wait_for(self.told.get(), PATIENCE_SECONDS)
        assert message["type"] == "websocket.send", message
        self._read(message["bytes"])

    async def after_tick(self) -> dict[UUID, tuple[float, float]]:
        """What it shows once everything before the next tick has come."""
        if self.wholes == 0:
            await self.next()
        await self._turns()  # what the page said is heard
        self.app.state.telemetry.live.tick()
        await self._turns()  # the frame goes from the watch to the socket
        while not self.told.empty():
            await self.next()
        return self.places

    async def _turns(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)

    async def closed(self) -> int:
        """The code with which the server ended it."""
        while True:
            message = await asyncio.wait_for(self.told.get(), PATIENCE_SECONDS)
            if message["type"] == "websocket.close":
                return int(message.get("code", 1000))

    def _read(self, body: bytes) -> None:
        version, is_whole, _, count = HEADER.unpack_from(body)
        assert (version, len(body)) == (FRAME_VERSION, HEADER.size + count * ENTRY.size)
        if is_whole:
            self.wholes += 1
            self.places.clear()
        for entry in ENTRY.iter_unpack(body[HEADER.size :]):
            self.places[UUID(bytes=entry[0])] = (entry[5] / 1e7, entry[6] / 1e7)


@asynccontextmanager
async def watching(app: FastAPI, person: Person | None, **headers: str) -> AsyncIterator[Screen]:
    """A map of whereabouts, open until the block ends."""
    screen = Screen(app)
    screen.asks.put_nowait({"type": "websocket.connect"})
    sent = {"host": "test", **({"authorization": f"Bearer {person.token}"} if person else {}), **headers}
    scope = {
        "type": "websocket", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "ws", "root_path": "",
        "path": "/api/positions/live", "raw_path": b"/api/positions/live", "query_string": b"", "subprotocols": [],
        "server": ("test", 80), "client": ("test", 1), "state": {},
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
    }  # fmt: skip

    async def send(message: Any) -> None:
        screen.told.put_nowait(message)

    running = asyncio.create_task(app(scope, screen.asks.get, send))
    try:
        first = await asyncio.wait_for(screen.told.get(), PATIENCE_SECONDS)
        if first["type"] != "websocket.accept":
            screen.told.put_nowait(first)
        yield screen
    finally:
        screen.asks.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await asyncio.wait_for(running, PATIENCE_SECONDS)
