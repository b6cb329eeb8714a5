"""Put together: the server process and the worker process."""

from __future__ import annotations

import asyncio
import signal

import uvicorn

from liandong import flow
from liandong.api.app import make_app
from liandong.kernel.jobs import Worker
from liandong.kernel.settings import settings
from liandong.runtime import database


async def serve(host: str, port: int) -> None:
    """Serve people and phones until a signal comes; afterwards every connection is closed."""
    flow.connect()
    async with database() as db:
        config = uvicorn.Config(
            make_app(db),
            host=host,
            port=port,
            log_level="warning",
            timeout_graceful_shutdown=3,
            ws="none",
            limit_concurrency=settings().max_connections,
        )
        await uvicorn.Server(config).serve()


async def work() -> None:
    """Stamp the ledger, make hand-overs and keep the timetable until a signal comes."""
    flow.connect()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    async with database() as db:
        await Worker(db, flow.afterwards(), flow.TIMETABLE).run(stop)
