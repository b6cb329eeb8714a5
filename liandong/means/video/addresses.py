"""Where pictures are sent to and watched, as whoever asks reaches it.

Where an existing media server takes RTMP in (`means/ingest`), `rtmp_url` and `rtmp_port` are its own; browsers meet the relay always.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from liandong.kernel.settings import settings
from liandong.means.video import looks, tickets
from liandong.means.video.looks import StreamSeen

HOST = re.compile(r"[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]")


@dataclass(frozen=True)
class MediaAddress:
    """One way to send or watch a stream: the protocol's name and the whole address with its ticket."""

    protocol: str
    url: str


class MediaServer(Protocol):
    """A server that takes pictures in and gives them out. `host` is the name under which whoever asks reached us."""

    name: str

    def publish_addresses(self, stream_id: UUID, ticket: str, host: str) -> list[MediaAddress]:
        """Where to send, best first."""

    def play_addresses(self, stream_id: UUID, ticket: str, host: str) -> list[MediaAddress]:
        """Where to watch, best first: the player tries them in this order."""

    async def look(self, stream_id: UUID) -> StreamSeen | None:
        """What it knows of this stream now; None if it does not answer."""

    def origins(self, host: str) -> list[str]:
        """The origins that a page must be allowed to connect to in order to watch."""


class EmbeddedRelay:
    """Our own relay (`liandong media`): RTMP, a phone's WebSocket and WHIP in; fragmented MP4 over a WebSocket, WHEP and HLS out."""

    name = "embedded"

    def publish_addresses(self, stream_id: UUID, ticket: str, host: str) -> list[MediaAddress]:
        """RTMP, as encoders, aircraft and OBS send it; a WebSocket for a phone's browser; WHIP."""
        base = settings().rtmp_url or f"rtmp://{host}:{settings().rtmp_port}/live"
        browser = f"{self._play_base(host)}/publish/{stream_id}?ticket={ticket}"
        whip = f"{_by_http(self._play_base(host))}/whip/{stream_id}?ticket={ticket}"
        rtmp = MediaAddress("rtmp", f"{base}/{stream_id}?ticket={ticket}")
        return [rtmp, MediaAddress("ws-picture", browser), *([MediaAddress("whip", whip)] if _has_webrtc() else [])]

    def play_addresses(self, stream_id: UUID, ticket: str, host: str) -> list[MediaAddress]:
        """A WebSocket that a browser's MediaSource can play; WHEP, which is quicker and needs UDP; HLS for one that has neither."""
        base = self._play_base(host)
        whep = MediaAddress("whep", f"{_by_http(base)}/whep/{stream_id}?ticket={ticket}")
        return [
            MediaAddress("ws-fmp4", f"{base}/play/{stream_id}?ticket={ticket}"),
            *([whep] if _has_webrtc() else []),
            MediaAddress("hls", f"{_by_http(base)}/hls/{stream_id}/index.m3u8?ticket={ticket}"),
        ]

    async def look(self, stream_id: UUID) -> StreamSeen | None:
        """What the relay knows of this stream now; None if it does not answer."""
        base = (settings().media_control_url or f"http://127.0.0.1:{settings().media_port}").rstrip("/")
        ticket, _ = tickets.make(str(stream_id), "inspect", stream_id, seconds=tickets.INSPECT_SECONDS)
        return await looks.ask(f"{base}/streams/{stream_id}?ticket={ticket}")

    def origins(self, host: str) -> list[str]:
        """The relay's own origin, and nothing more."""
        return [self._play_base(host), _by_http(self._play_base(host))]

    def _play_base(self, host: str) -> str:
        return (settings().media_url or f"ws://{host}:{settings().media_port}").rstrip("/")


def _has_webrtc() -> bool:
    return bool(settings().webrtc_program)


def _by_http(address: str) -> str:
    return re.sub("^ws", "http", address)


def media_server() -> MediaServer:
    """The media server of this installation."""
    return EmbeddedRelay()


def host_of(header: str | None) -> str:
    """The host in a Host header without its port; a header that is no host name is this machine."""
    found = HOST.match(header or "")
    return found[0] if found else "127.0.0.1"
