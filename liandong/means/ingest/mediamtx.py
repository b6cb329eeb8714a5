"""MediaMTX, which also takes in RTSP, SRT and WHIP. Written by its documents; never run by this project.

Basis     its documents on authentication by HTTP (authHTTPAddress) and on the control API v3 (paths/list, paths/get, kick).
          It has no hook by HTTP for a sender that left: the relay notices when its pull ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from liandong.kernel.settings import settings
from liandong.means.ingest.server import (
    APP,
    Act,
    Asked,
    HookAnswer,
    api_address,
    api_listens_at,
    ask,
    ask_for,
    hook_address,
    stream_of,
    text,
    ticket_in,
)

ACTS: dict[str, Act] = {"publish": "publish", "read": "play"}
KICKED_AT = {
    "rtmpConn": "rtmpconns",
    "rtmpsConn": "rtmpsconns",
    "rtspSession": "rtspsessions",
    "rtspsSession": "rtspssessions",
    "srtConn": "srtconns",
    "webRTCSession": "webrtcsessions",
}


class _Source(msgspec.Struct):
    type: str
    id: str = ""


class _Path(msgspec.Struct):
    name: str
    source: _Source | None = None


class _Paths(msgspec.Struct):
    items: list[_Path] = msgspec.field(default_factory=list)


class MediaMTX:
    """MediaMTX as a server that takes pictures in."""

    name, title = "mediamtx", "MediaMTX"
    is_tried = asks_again = False

    def read_hook(self, what: str, fields: Mapping[str, Any]) -> Asked:
        """What is asked: `action` says it, `query` is what was dialled with."""
        act = ACTS.get(text(fields, "action"), "other")
        return Asked(act, stream_of(text(fields, "path")), ticket_in(text(fields, "query")))

    def answer(self, *, is_allowed: bool) -> HookAnswer:
        """Only the status counts."""
        return HookAnswer(200 if is_allowed else 401)

    async def running(self) -> set[str] | None:
        """The paths that have a source."""
        said = await ask_for(_Paths, f"{api_address()}/v3/paths/list", params={"itemsPerPage": "1000"})
        if said is None:
            return None
        return {stream_of(one.name) for one in said.items if one.source is not None} - {""}

    async def stop(self, stream: str) -> bool:
        """Whoever is the source of the path is kicked out."""
        path = await ask_for(_Path, f"{api_address()}/v3/paths/get/{APP}/{stream}")
        if path is None or path.source is None or (at := KICKED_AT.get(path.source.type)) is None:
            return False
        return await ask(f"{api_address()}/v3/{at}/kick/{path.source.id}", method="POST") is not None

    def configuration(self) -> str:
        """Lines of its mediamtx.yml."""
        return f"""\
authMethod: http
authHTTPAddress: {hook_address("auth")}
authHTTPExclude:
  - action: api
api: yes
apiAddress: {api_listens_at()}
rtmp: yes
rtmpAddress: :{settings().rtmp_port}
hls: no
paths:
  "~^{APP}/[0-9a-f-]{{36}}$":
    record: no
"""
