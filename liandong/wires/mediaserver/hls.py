"""A viewer without a MediaSource: HLS over HTTP, some seconds late. A ticket opens a look with an address of its own.

    /hls/{stream}/index.m3u8?ticket=…    →    {look}/live.m3u8    →    {look}/film1.mp4, {look}/7.m4s

A look that nobody asks anything of for a while has ended; it is on record and asked again like any other.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass, field

from aiohttp import web

from liandong.kernel.errors import LiandongError, Refused
from liandong.means.channels.hub import Channel
from liandong.means.channels.shelf import Shelf
from liandong.wires.mediaserver.answers import FROM_ANYWHERE, refusal
from liandong.wires.mediaserver.doors import Look
from liandong.wires.mediaserver.relay import Relay, Watching, stream_id_in

LEFT_SECONDS = 15.0
FIRST_SECONDS = 12.0
"""How long the first playlist waits for a whole stretch: senders give a key frame every two seconds or so."""
PLAYLIST, FILM = "application/vnd.apple.mpegurl", "video/mp4"


@dataclass(eq=False)
class HlsLook:
    """One look by HLS."""

    key: str
    channel: Channel
    shelf: Shelf
    watching: Watching
    asked_at: float = field(default_factory=time.monotonic)


class HlsLooks:
    """Everybody who watches by HLS; a channel has one shelf for all of them."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._looks: dict[str, HlsLook] = {}
        self._by_ticket: dict[str, str] = {}

    async def begin(self, stream_id_text: str, ticket: str) -> HlsLook:
        """The look that this ticket opens; players ask for the first playlist more than once.

        Raises    video.ticket_invalid, video.ticket_expired, video.ticket_used, video.nobody_sends, video.relay_full
        """
        known = self._looks.get(self._by_ticket.get(ticket, ""))
        if known is not None and str(known.channel.stream_id) == stream_id_text:
            return known
        stream_id = stream_id_in(stream_id_text)
        self._relay.require_room_to_watch()
        look = await self._relay.doors.admit_viewer(stream_id, ticket)
        channel = self._relay.hub.channel(stream_id)
        if channel.begin is None:
            self._relay.errand(self._relay.doors.left(look))
            self._relay.hub.tidy(channel)
            raise Refused("video.nobody_sends")
        return self._hold(look, channel, ticket)

    def _hold(self, look: Look, channel: Channel, ticket: str) -> HlsLook:
        shelf = next((one for one in channel.viewers if isinstance(one, Shelf)), None)
        if shelf is None:
            shelf = Shelf(channel.timeline)
            channel.admit(shelf)
        watching = Watching(look, lambda: None, channel=channel, protocol="hls")
        made = HlsLook(secrets.token_urlsafe(16), channel, shelf, watching)
        watching.end = lambda: self._end(made, ticket)
        self._looks[made.key], self._by_ticket[ticket] = made, made.key
        self._relay.watching.add(watching)
        self._look_after(made, ticket)
        return made

    def find(self, key: str) -> HlsLook:
        """The look with this key; it goes on.

        Raises    video.ticket_invalid
        """
        if (found := self._looks.get(key)) is None:
            raise Refused("video.ticket_invalid")
        found.asked_at = time.monotonic()
        return found

    def _look_after(self, look: HlsLook, ticket: str) -> None:
        if look.watching.is_gone:
            return
        left = look.asked_at + LEFT_SECONDS - time.monotonic()
        if left <= 0:
            self._end(look, ticket)
        else:
            asyncio.get_running_loop().call_later(left + 0.1, self._look_after, look, ticket)

    def _end(self, look: HlsLook, ticket: str) -> None:
        if look.watching.is_gone:
            return
        look.watching.is_gone = True
        self._looks.pop(look.key, None)
        self._by_ticket.pop(ticket, None)
        self._relay.watching.discard(look.watching)
        if not any(other.shelf is look.shelf for other in self._looks.values()):
            self._relay.hub.leave(look.channel, look.shelf)
        self._relay.errand(self._relay.doors.left(look.watching.look))


LOOKS = web.AppKey("hls", HlsLooks)


def routes() -> list[web.RouteDef]:
    """The doors for players of HLS."""
    return [
        web.get("/hls/{stream_id}/index.m3u8", index),
        web.get("/hls/{stream_id}/{look}/live.m3u8", live),
        web.get("/hls/{stream_id}/{look}/{part}", part),
    ]


async def index(request: web.Request) -> web.Response:
    """The first playlist, which only says where the other is: it is asked for with the ticket, and the other again and again."""
    try:
        look = await request.app[LOOKS].begin(request.match_info["stream_id"], request.query.get("ticket", ""))
    except LiandongError as error:
        return refusal(error, FROM_ANYWHERE)
    begin = look.channel.begin
    shown = f',CODECS="{begin.configuration.codec}"' if begin else ""
    text = f"#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-STREAM-INF:BANDWIDTH=3000000{shown}\n{look.key}/live.m3u8\n"
    return web.Response(text=text, content_type=PLAYLIST, headers=FROM_ANYWHERE)


async def live(request: web.Request) -> web.Response:
    """What may be fetched now; the first time it waits until there is something."""
    try:
        shelf = request.app[LOOKS].find(request.match_info["look"]).shelf
        async with asyncio.timeout(FIRST_SECONDS):
            await shelf.ready.wait()
    except LiandongError as error:
        return refusal(error, FROM_ANYWHERE)
    except TimeoutError:
        return refusal(Refused("video.nobody_sends"), FROM_ANYWHERE)
    return web.Response(text=shelf.playlist(), content_type=PLAYLIST, headers=FROM_ANYWHERE)


async def part(request: web.Request) -> web.Response:
    """One piece of film."""
    try:
        data = request.app[LOOKS].find(request.match_info["look"]).shelf.part(request.match_info["part"])
    except LiandongError as error:
        return refusal(error, FROM_ANYWHERE)
    if data is None:
        return web.Response(status=404, headers=FROM_ANYWHERE)
    return web.Response(body=data, content_type=FILM, headers=FROM_ANYWHERE)
