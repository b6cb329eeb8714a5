"""A viewer without a MediaSource: HLS over HTTP. A ticket opens a look with an address of its own.

    /hls/{stream}/index.m3u8?ticket=…    →    {look}/live.m3u8    →    {look}/film1.mp4, {look}/7.m4s, {look}/8.0.m4s

A player that knows low latency asks for the playlist that will name the next part (`?_HLS_msn=8&_HLS_part=1`), or for that part
itself, and is answered when it is there. So many may wait, so long, and no more. A look that nobody asks anything of for a while
has ended; it is on record and asked again like any other.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from aiohttp import web

from liandong.kernel.errors import Invalid, LiandongError, Refused
from liandong.means.channels.hub import Channel
from liandong.means.channels.shelf import FURTHEST, Shelf
from liandong.means.film.refusals import PROTOCOL
from liandong.wires.mediaserver.answers import FROM_ANYWHERE, refusal
from liandong.wires.mediaserver.doors import Look
from liandong.wires.mediaserver.play import RELAY
from liandong.wires.mediaserver.relay import Relay, Watching, stream_id_in

LEFT_SECONDS = 15.0
FIRST_SECONDS = 12.0
"""How long the first playlist waits for a whole stretch: senders give a key frame every two seconds or so."""
WAIT_SECONDS = 6.0
"""How long a playlist or part that is not there yet is waited for: three times the shortest target, by the standard."""
MOST_WAITING = 4
"""Requests of one look that wait at once: a playlist, a part, and those of a player that began anew."""
LARGEST_NUMBER = 9
"""Digits of a number in an address."""
PLAYLIST, FILM = "application/vnd.apple.mpegurl", "video/mp4"


@dataclass(eq=False)
class HlsLook:
    """One look by HLS."""

    key: str
    channel: Channel
    shelf: Shelf
    watching: Watching
    asked_at: float = field(default_factory=time.monotonic)
    waiting: int = 0

    async def until(self, is_there: Callable[[], bool]) -> bool:
        """Whether what somebody waits for has come, soon enough.

        Raises    video.relay_full: too many of this look wait already
        """
        if is_there():
            return True
        if self.waiting >= MOST_WAITING:
            raise Refused("video.relay_full")
        self.waiting += 1
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                while not is_there():
                    await self.shelf.grown()
                    if self.watching.is_gone:
                        return False
        except TimeoutError:
            return False
        finally:
            self.waiting -= 1
        self.asked_at = time.monotonic()
        return True


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
    """What may be fetched now; the first time it waits until there is something, and then for what it is asked to wait for."""
    try:
        look = request.app[LOOKS].find(request.match_info["look"])
        async with asyncio.timeout(FIRST_SECONDS):
            await look.shelf.ready.wait()
        if (wanted := _wanted(request.query, look.shelf)) is not None and not await look.until(
            lambda: look.shelf.has(*wanted)
        ):
            return web.Response(status=503, headers=FROM_ANYWHERE)
    except LiandongError as error:
        request.app[RELAY].counts.count(error.code)
        return refusal(error, FROM_ANYWHERE)
    except TimeoutError:
        return refusal(Refused("video.nobody_sends"), FROM_ANYWHERE)
    return web.Response(text=look.shelf.playlist(), content_type=PLAYLIST, headers=FROM_ANYWHERE)


def _wanted(query: Mapping[str, str], shelf: Shelf) -> tuple[int, int | None] | None:
    """Stretch and part that the playlist must name before it is sent; None for a player that does not wait.

    Raises    video.protocol_broken: no numbers, or of what is far from coming
    """
    said, part = query.get("_HLS_msn"), query.get("_HLS_part")
    if said is None and part is None:
        return None
    numbers = [one for one in (said, part) if one is not None]
    if said is None or not all(one.isascii() and one.isdigit() and len(one) <= LARGEST_NUMBER for one in numbers):
        raise Invalid(PROTOCOL)
    if int(said) > shelf.newest[0] + FURTHEST:
        raise Invalid(PROTOCOL)
    return int(said), None if part is None else int(part)


async def part(request: web.Request) -> web.Response:
    """One piece of film; the next part is waited for."""
    name = request.match_info["part"]
    try:
        look = request.app[LOOKS].find(request.match_info["look"])
        if look.shelf.is_hinted(name) and not await look.until(lambda: not look.shelf.is_hinted(name)):
            return web.Response(status=404, headers=FROM_ANYWHERE)
    except LiandongError as error:
        request.app[RELAY].counts.count(error.code)
        return refusal(error, FROM_ANYWHERE)
    data = look.shelf.part(name)
    if data is None:
        return web.Response(status=404, headers=FROM_ANYWHERE)
    return web.Response(body=data, content_type=FILM, headers=FROM_ANYWHERE)
