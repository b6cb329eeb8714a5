"""Which media server this installation stands on."""

from __future__ import annotations

from liandong.kernel.settings import settings
from liandong.means.ingest.mediamtx import MediaMTX
from liandong.means.ingest.nginx_rtmp import NginxRtmp
from liandong.means.ingest.server import IngestServer
from liandong.means.ingest.srs import SRS
from liandong.means.ingest.zlmediakit import ZLMediaKit

SERVERS: dict[str, type[IngestServer]] = {one.name: one for one in (NginxRtmp, ZLMediaKit, MediaMTX, SRS)}


def ingest_server() -> IngestServer | None:
    """The media server that takes pictures in; None where the relay does it itself."""
    kind = SERVERS.get(settings().media_server)
    return kind() if kind else None


def pulled_at() -> str:
    """Where the relay pulls from it, without the stream."""
    return (settings().media_server_rtmp or f"rtmp://127.0.0.1:{settings().rtmp_port}/live").rstrip("/")
