"""The relay as a process: one port for senders, one for browsers, until a signal comes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from aiohttp import web

from liandong.kernel.db import Database
from liandong.kernel.settings import settings
from liandong.means.film.peers import Peers
from liandong.means.ingest.choice import ingest_server
from liandong.wires.mediaserver import hls, play, webrtc
from liandong.wires.mediaserver.doors import Doors
from liandong.wires.mediaserver.hooks import Hooks
from liandong.wires.mediaserver.pulls import Pulls
from liandong.wires.mediaserver.relay import Relay
from liandong.wires.mediaserver.rtmp import Conversation
from liandong.wires.mediaserver.whep import Whep
from liandong.wires.mediaserver.whip import Whip

log = logging.getLogger(__name__)


class Senders:
    """The connections of senders, as many as are allowed."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._held: set[asyncio.Task[None]] = set()

    async def welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Talk to one sender, or close at once when there are too many."""
        if len(self._held) >= settings().max_publishers:
            self._relay.counts.count("video.relay_full")
            writer.close()
            return
        task = asyncio.create_task(Conversation(self._relay, reader, writer).hold())
        self._held.add(task)
        task.add_done_callback(self._held.discard)

    async def end(self) -> None:
        """Nobody is talked to any more."""
        for task in list(self._held):
            task.cancel()
        await asyncio.gather(*self._held, return_exceptions=True)


@asynccontextmanager
async def running(db: Database, host: str, media_port: int, rtmp_port: int) -> AsyncIterator[Relay]:
    """The relay runs inside; afterwards every connection is closed, every look and stream is ended on record, and what
    was recorded is in the store."""
    relay, peers = Relay(Doors(db)), Peers(webrtc.command(settings()))
    await relay.doors.started()
    senders = Senders(relay)
    app = web.Application(client_max_size=1024)
    app[play.RELAY] = relay
    app[hls.LOOKS] = hls.HlsLooks(relay)
    app[webrtc.WHIP], app[webrtc.WHEP] = Whip(relay, peers), Whep(relay, peers)
    app.add_routes([*play.routes(), *hls.routes(), *webrtc.routes()])
    if (server := ingest_server()) is not None:
        relay.pulls = Pulls(relay, server)
        app.add_routes(Hooks(relay, relay.pulls).routes())
    # where another server takes RTMP in, nobody knocks here
    rtmp = await asyncio.start_server(senders.welcome, host, rtmp_port) if server is None else None
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
    await runner.setup()
    rounds, filing = asyncio.create_task(relay.rounds()), asyncio.create_task(relay.archive.run())
    try:
        await web.TCPSite(runner, host, media_port).start()
        yield relay
    finally:
        await _ended(rounds)
        if rtmp is not None:
            rtmp.close()
        await relay.finish()
        await senders.end()
        await peers.finish()
        await runner.cleanup()
        await relay.archive.settle()
        await _ended(filing)
        await relay.settle()
        await relay.doors.started()


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def serve(db: Database, stop: asyncio.Event) -> None:
    """Relay until told to stop."""
    chosen = settings()
    async with running(db, chosen.media_host, chosen.media_port, chosen.rtmp_port):
        taken_in_by = f"rtmp {chosen.rtmp_port}" if chosen.media_server == "embedded" else chosen.media_server
        log.info("relay: %s, browsers %d", taken_in_by, chosen.media_port)
        await stop.wait()
