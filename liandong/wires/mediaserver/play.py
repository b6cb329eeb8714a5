"""A viewer at the WebSocket: first what the picture is, then its initialisation segment, then a fragment a frame.

    text    {"say": "begin", "codec", "width", "height"} · {"say": "clock", "zero_ms"} · {"say": "gone"} · {"say": "pong", ...} ·
            {"say": "still", "taken_ms", "width", "height"}
    binary  a JPEG after every "still"; else MP4: the initialisation segment after every "begin", and fragments

`zero_ms` added to a picture's own time (ms) is the moment, by the relay's clock, when it reached the relay. A viewer
asks {"ping": n, "shown": frames, "dropped": frames} to learn that clock, and so knows how old the picture on its screen is.
"""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import suppress

from aiohttp import WSCloseCode, WSMsgType, web

from liandong.kernel.errors import LiandongError
from liandong.means.channels.hub import Begin, Channel, Gone, Item, Still, Viewer
from liandong.wires.mediaserver.answers import refusal
from liandong.wires.mediaserver.publish import publish
from liandong.wires.mediaserver.relay import Relay, Watching, stream_id_in
from liandong.wires.mediaserver.told import tell

CLOCK_SECONDS = 2.0
HEARTBEAT_SECONDS = 10.0
LARGEST_QUESTION = 1024
MOST_FRAMES = 1 << 48
REVOKED = 4403
RELAY = web.AppKey("relay", Relay)


def routes() -> list[web.RouteDef]:
    """The doors of the relay for browsers."""
    return [
        web.get("/play/{stream_id}", play),
        web.get("/publish/{stream_id}", send),
        web.get("/streams/{stream_id}", told_of),
        web.get("/health", health),
    ]


async def told_of(request: web.Request) -> web.Response:
    """What the relay knows of one stream, for the video room."""
    return await tell(request.app[RELAY], request)


async def send(request: web.Request) -> web.StreamResponse:
    """A phone that sends."""
    return await publish(request.app[RELAY], request)


async def health(request: web.Request) -> web.Response:
    """Counts only: streams that are sent, looks that go on, segments that were recorded, lost or wait for the store, and
    what was turned away since the start."""
    relay = request.app[RELAY]
    said = {
        "live": relay.hub.live,
        "viewers": relay.hub.viewers,
        "recorded": relay.archive.kept,
        "not_recorded": dict(relay.archive.lost.refused),
        "waiting_bytes": relay.archive.waiting_bytes,
        "refused": dict(relay.counts.refused),
    }
    return web.json_response(said)


async def play(request: web.Request) -> web.StreamResponse:
    """One look at one stream, from the ticket to the end. It is on record before the first picture is sent."""
    relay = request.app[RELAY]
    try:
        relay.require_room_to_watch()
        stream_id = stream_id_in(request.match_info["stream_id"])
        look = await relay.doors.admit_viewer(stream_id, request.query.get("ticket", ""))
    except LiandongError as error:
        relay.counts.count(error.code)
        return refusal(error)
    socket = web.WebSocketResponse(compress=False, heartbeat=HEARTBEAT_SECONDS, max_msg_size=LARGEST_QUESTION)
    try:
        await socket.prepare(request)
        await _watch(relay, socket, Watching(look, lambda: None, channel=relay.hub.channel(stream_id)))
    finally:
        relay.errand(relay.doors.left(look))
    return socket


async def _watch(relay: Relay, socket: web.WebSocketResponse, watching: Watching) -> None:
    channel = watching.channel
    watching.viewer = viewer = channel.join()
    showing = asyncio.create_task(_show(socket, channel, viewer))

    def end() -> None:
        watching.is_gone = True
        showing.cancel()

    watching.end = end
    relay.watching.add(watching)
    # a handler that only sends never learns that the viewer left
    listening = asyncio.create_task(_listen(socket, watching))
    try:
        await asyncio.wait({showing, listening}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        watching.is_gone = True
        relay.watching.discard(watching)
        relay.hub.leave(channel, viewer)
        was_ended = showing.cancelled() or showing.cancelling() > 0
        for task in (showing, listening):
            task.cancel()
            with suppress(asyncio.CancelledError, ConnectionError, RuntimeError):
                await task
        if was_ended:
            await socket.close(code=REVOKED, message=b"the right to watch has ended")
        else:
            await socket.close(code=WSCloseCode.GOING_AWAY)


async def _listen(socket: web.WebSocketResponse, watching: Watching) -> None:
    async for message in socket:
        if message.type is not WSMsgType.TEXT:
            continue
        with suppress(ValueError):
            asked = json.loads(message.data)
            if isinstance(asked, dict) and isinstance(asked.get("ping"), (int, float)):
                await socket.send_json({"say": "pong", "ping": asked["ping"], "at_ms": time.time() * 1000})
                watching.shown, watching.dropped = _count(asked.get("shown")), _count(asked.get("dropped"))


def _count(said: object) -> int | None:
    return said if isinstance(said, int) and 0 <= said < MOST_FRAMES else None


async def _show(socket: web.WebSocketResponse, channel: Channel, viewer: Viewer) -> None:
    told_at = 0.0
    while True:
        item = await viewer.take()
        await _send(socket, item)
        if isinstance(item, bytes) and time.monotonic() - told_at >= CLOCK_SECONDS:
            told_at = time.monotonic()
            await socket.send_json({"say": "clock", "zero_ms": channel.timeline.zero_ms})


async def _send(socket: web.WebSocketResponse, item: Item) -> None:
    if isinstance(item, Still):
        shown_still = item.picture
        size = {"width": shown_still.width, "height": shown_still.height}
        await socket.send_json({"say": "still", "taken_ms": item.taken_ms, **size})
        await socket.send_bytes(shown_still.jpeg)
    elif isinstance(item, Gone):
        await socket.send_json({"say": "gone"})
    elif isinstance(item, Begin):
        shown = item.configuration
        await socket.send_json({"say": "begin", "codec": shown.codec, "width": shown.width, "height": shown.height})
        await socket.send_bytes(item.segment)
    else:
        await socket.send_bytes(item)
