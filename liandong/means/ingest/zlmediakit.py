"""ZLMediaKit, which also takes in GB/T 28181, RTSP, SRT and WHIP. Written by its documents; never run by this project.

Basis     its wiki: MediaServer支持的HTTP HOOK API (on_publish, on_play) and HTTP API (getMediaList,
          close_streams). Its on_stream_changed names no connection, so it cannot tell who left: the pull ends by itself. By them it asks nobody about whoever comes from 127.0.0.1: a proxy on its own machine opens it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from liandong.kernel.settings import settings
from liandong.means.ingest.server import (
    APP,
    Asked,
    HookAnswer,
    api_address,
    ask_for,
    hook_address,
    stream_named,
    text,
    ticket_in,
)


class _Media(msgspec.Struct):
    app: str = ""
    stream: str = ""


class _List(msgspec.Struct):
    code: int
    data: list[_Media] = msgspec.field(default_factory=list)


class ZLMediaKit:
    """ZLMediaKit as a server that takes pictures in."""

    name, title = "zlmediakit", "ZLMediaKit"
    is_tried = asks_again = False

    def read_hook(self, what: str, fields: Mapping[str, Any]) -> Asked:
        """What is asked: the hook's own address says it, `params` holds the query that was dialled."""
        stream = stream_named(fields)
        if what in ("on_publish", "on_play"):
            return Asked("publish" if what == "on_publish" else "play", stream, ticket_in(text(fields, "params")))
        return Asked("other", stream)

    def answer(self, *, is_allowed: bool) -> HookAnswer:
        """A code in JSON; nothing is recorded or packed there, that is the relay's."""
        if is_allowed:
            return HookAnswer(200, {"code": 0, "msg": "success", "enable_hls": False, "enable_mp4": False})
        return HookAnswer(200, {"code": -1, "msg": "refused"})

    async def running(self) -> set[str] | None:
        """The streams that can be pulled by RTMP, out of `getMediaList`."""
        words = {"secret": settings().media_server_secret, "schema": "rtmp", "app": APP}
        said = await ask_for(_List, f"{api_address()}/index/api/getMediaList", params=words)
        return None if said is None or said.code != 0 else {one.stream for one in said.data if one.app == APP}

    async def stop(self, stream: str) -> bool:
        """The stream is closed whoever plays it."""
        words = {"secret": settings().media_server_secret, "app": APP, "stream": stream, "force": "1"}
        said = await ask_for(_List, f"{api_address()}/index/api/close_streams", params=words)
        return said is not None and said.code == 0

    def configuration(self) -> str:
        """Lines of its config.ini."""
        hooks = "\n".join(f"{what}={hook_address(what)}" for what in ("on_publish", "on_play"))
        return f"""\
[rtmp]
port={settings().rtmp_port}

[protocol]
enable_hls=0
enable_mp4=0

[hook]
enable=1
timeoutSec=10
{hooks}
"""
