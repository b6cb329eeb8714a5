"""Put together: each process of the system. What only one of them needs is loaded by that one."""

from __future__ import annotations

import asyncio
import signal

import uvicorn

from liandong import flow
from liandong.api.app import make_app
from liandong.kernel.jobs import Worker
from liandong.kernel.settings import settings
from liandong.runtime import database

KEPT_ALIVE_SECONDS = 75
"""Longer than proxies keep a connection to us (nginx: 60 s): one that is closed here while they send is an error there."""


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
            timeout_keep_alive=KEPT_ALIVE_SECONDS,
            ws="websockets-sansio",
            ws_max_size=4096,
            ws_per_message_deflate=False,
            limit_concurrency=settings().max_connections,
        )
        await uvicorn.Server(config).serve()


async def work() -> None:
    """Stamp the ledger, make hand-overs and keep the timetable until a signal comes."""
    flow.connect()
    stop = _stopped_by_signal()
    async with database() as db:
        await Worker(db, flow.afterwards(), flow.TIMETABLE).run(stop)


async def relay() -> None:
    """Take live pictures in and give them out until a signal comes."""
    from liandong.wires.mediaserver import server as mediaserver

    flow.connect()
    stop = _stopped_by_signal()
    async with database() as db:
        await mediaserver.serve(db, stop)


async def cot() -> None:
    """Talk to TAK clients until a signal comes."""
    from liandong.wires.cot import server as cot_door

    flow.connect()
    stop = _stopped_by_signal()
    async with database() as db:
        await cot_door.serve(db, stop)


async def dock() -> None:
    """Listen to docks and remote controls until a signal comes."""
    from liandong.wires.dji import server as dji

    flow.connect()
    stop = _stopped_by_signal()
    async with database() as db:
        await dji.serve(db, stop)


async def mavlink() -> None:
    """Listen to aircraft that speak MAVLink until a signal comes."""
    from liandong.wires.mavlink import server as mavlink_door

    flow.connect()
    stop = _stopped_by_signal()
    async with database() as db:
        await mavlink_door.serve(db, stop)


def _stopped_by_signal() -> asyncio.Event:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    return stop
