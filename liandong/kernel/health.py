"""How a process without a face is: told at `/health`, to this machine only."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from aiohttp import web

LOCAL = "127.0.0.1"


@asynccontextmanager
async def telling_health(port: int, tell: Callable[[], dict[str, Any]]) -> AsyncIterator[None]:
    """Inside, what `tell` says when it is asked is told as JSON to whoever asks from this machine."""

    async def _answer(_: web.Request) -> web.Response:
        return web.Response(body=msgspec.json.encode(tell()), content_type="application/json")

    app = web.Application(client_max_size=1024)
    app.router.add_get("/health", _answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
    await runner.setup()
    try:
        await web.TCPSite(runner, LOCAL, port).start()
        yield
    finally:
        await runner.cleanup()


async def until_stopped(stop: asyncio.Event, work: asyncio.Task[None] | None) -> None:
    """Somebody wants the process to end. Work that ends by itself ends the process with what ended it: one that lives on
    and does nothing would be started anew by nobody."""
    assert work is not None
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({stopping, work}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if work.done():
        work.result()
