"""A viewer by WebRTC: the quickest way, for whoever steers or talks to somebody on site. Frames go out as they came in."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass
from typing import Any

import msgspec

from liandong.kernel.errors import Refused
from liandong.means.channels.hub import Begin, Gone, Still, Viewer
from liandong.means.film.h264 import UNIT_LENGTH, Configuration, joined, parameter_sets, units_in
from liandong.means.film.peers import Film, Peer, Peers
from liandong.means.film.segments import read_fragment
from liandong.wires.mediaserver.relay import Relay, Watching, stream_id_in

RTP_PER_MS = 90
CONNECT_SECONDS = 20.0
"""A browser that has its answer connects within a second, or its network does not let it."""


class Heard(msgspec.Struct):
    """What a browser says of itself: frames shown and dropped since it began."""

    shown: int | None = None
    dropped: int | None = None


@dataclass(eq=False)
class WhepLook:
    """One look by WHEP."""

    watching: Watching
    peer: Peer
    showing: asyncio.Task[None] | None = None
    shows: str = "gone"
    last_ms: int = 0


class Whep:
    """Everybody who watches by WHEP."""

    def __init__(self, relay: Relay, peers: Peers) -> None:
        self._relay, self._peers = relay, peers
        self._looks: dict[str, WhepLook] = {}

    async def begin(self, stream_id_text: str, ticket: str, offer: str) -> tuple[str, str]:
        """The key of a new look and the answer to its offer; pictures follow when the connection is there.

        Raises    video.ticket_invalid, video.ticket_expired, video.ticket_used, video.relay_full, video.offer_broken,
                  video.codec_unknown, video.webrtc_away
        """
        self._relay.require_room_to_watch()
        stream_id, key, peer = stream_id_in(stream_id_text), secrets.token_urlsafe(16), self._peers.new()
        admitted = await self._relay.doors.admit_viewer(stream_id, ticket)
        watching = Watching(admitted, lambda: self.end(key), self._relay.hub.channel(stream_id), protocol="whep")
        look = self._looks[key] = WhepLook(watching, peer)
        peer.on_connected = lambda: self._show_to(look, key)
        peer.on_closed = lambda _: self.end(key)
        self._relay.watching.add(watching)
        try:
            answer = await self._peers.welcome(peer, "watch", offer)
        except BaseException:
            self.end(key)
            raise
        asyncio.get_running_loop().call_later(CONNECT_SECONDS, self._end_unconnected, look, key)
        return key, answer

    def tell(self, key: str, said: Heard) -> dict[str, Any]:
        """The relay's clock (ms since 1970), what to add to a film's time to have a moment of it, and what the stream shows.

        Raises    video.ticket_invalid
        """
        if (look := self._looks.get(key)) is None:
            raise Refused("video.ticket_invalid")
        look.watching.shown, look.watching.dropped = said.shown, said.dropped
        zero_ms = look.watching.channel.timeline.zero_ms
        return {"at_ms": time.time() * 1000, "zero_ms": zero_ms, "shows": look.shows}

    def end(self, key: str) -> None:
        """This look is over, and it is on record."""
        if (look := self._looks.pop(key, None)) is None:
            return
        relay, watching = self._relay, look.watching
        watching.is_gone = True
        relay.watching.discard(watching)
        if look.showing is not None:
            look.showing.cancel()
        if watching.viewer is not None:
            relay.hub.leave(watching.channel, watching.viewer)
        relay.hub.tidy(watching.channel)
        relay.errand(self._peers.close(look.peer))
        relay.errand(relay.doors.left(watching.look))

    def _end_unconnected(self, look: WhepLook, key: str) -> None:
        if look.showing is None:
            self.end(key)

    def _show_to(self, look: WhepLook, key: str) -> None:
        channel = look.watching.channel = self._relay.hub.channel(
            look.watching.look.stream_id
        )  # another may be there by now
        look.peer.on_key = channel.ask_key
        viewer = look.watching.viewer = channel.join()
        look.showing = asyncio.create_task(self._show(look, viewer))
        look.showing.add_done_callback(lambda _: self.end(key))

    async def _show(self, look: WhepLook, viewer: Viewer) -> None:
        configuration: Configuration | None = None
        while True:
            item = await viewer.take()
            if isinstance(item, Begin):
                configuration = item.configuration
            elif isinstance(item, (Gone, Still)):
                look.shows = "gone" if isinstance(item, Gone) else "stills"
            elif configuration is not None:
                look.shows = "film"
                film = _film(item, configuration, look, viewer)
                if film is None:
                    self._relay.counts.count("video.not_by_webrtc")
                    return
                await self._peers.show(look.peer, film)


def _film(fragment: bytes, configuration: Configuration, look: WhepLook, viewer: Viewer) -> Film | None:
    """The frame as a decoder can take it that was told nothing before; None if it has no place in WebRTC.

    What a new viewer begins with is of the last seconds and goes out at once: dated a millisecond apart, or the browser
    would show it at its pace and stay that far behind.
    """
    sample = read_fragment(fragment)
    if sample.offset_ms != 0:
        return None
    look.last_ms = max(look.last_ms + 1, look.watching.channel.newest_ms - viewer.behind)
    is_ours = configuration.length_size == UNIT_LENGTH
    units = sample.data if is_ours else joined(units_in(sample.data, configuration.length_size))
    told = joined(parameter_sets(configuration)) if sample.is_key else b""
    return Film(look.last_ms * RTP_PER_MS, sample.is_key, told + units)
