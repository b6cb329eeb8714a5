"""What the relay tells the video room of one stream, to whoever holds a ticket to ask."""

from __future__ import annotations

import time

import msgspec
from aiohttp import web

from liandong.kernel.errors import LiandongError
from liandong.means.channels.hub import Channel
from liandong.means.video import tickets
from liandong.means.video.looks import SenderSeen, StreamSeen, ViewerSeen
from liandong.wires.mediaserver.answers import refusal
from liandong.wires.mediaserver.relay import Relay, Watching, stream_id_in


async def tell(relay: Relay, request: web.Request) -> web.Response:
    """The stream as the relay sees it now."""
    try:
        stream_id = stream_id_in(request.match_info["stream_id"])
        tickets.check(request.query.get("ticket", ""), str(stream_id), "inspect")
    except LiandongError as error:
        relay.counts.count(error.code)
        return refusal(error)
    watching = [one for one in relay.watching if one.look.stream_id == stream_id]
    seen = StreamSeen(
        sender=_sender(relay.hub.find(stream_id)),
        viewers=[_viewer(one) for one in watching],
        rights_asked_s=round(time.monotonic() - relay.answered_at, 1),
        waiting_bytes=relay.archive.waiting_bytes,
        ingest=await relay.pulls.look(stream_id) if relay.pulls else None,
    )
    return web.Response(body=msgspec.json.encode(seen), content_type="application/json")


def _sender(channel: Channel | None) -> SenderSeen | None:
    if channel is None or channel.session is None:
        return None
    session, shown = channel.session, channel.begin.configuration if channel.begin else None
    still = channel.still.picture if channel.still else None
    return SenderSeen(
        protocol=session.protocol,
        began_at=session.began_at,
        codec=shown.codec if shown else None,
        width=still.width if still else shown.width if shown else None,
        height=still.height if still else shown.height if shown else None,
        kbps=session.meter.kbps,
        fps=session.meter.fps,
        quiet_s=session.meter.quiet_s,
        sends_stills=still is not None,
    )


def _viewer(one: Watching) -> ViewerSeen:
    return ViewerSeen(
        protocol=one.protocol,
        began_at=one.began_at,
        waiting=one.viewer.behind if one.viewer else 0,
        left_out=one.viewer.dropped if one.viewer else 0,
        shown=one.shown,
        dropped=one.dropped,
    )
