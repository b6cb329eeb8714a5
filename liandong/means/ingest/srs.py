"""SRS, which also takes in SRT, WHIP and GB/T 28181. Written by its documents; never run by this project.

Basis     its documents: HTTP Callback (on_publish, on_unpublish, on_play), HTTP API (streams, clients). WHEP viewers of an RTMP
          stream were reported not to be asked about (ossrs/srs #4255): leave its doors for viewers closed.
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
    stream_named,
    text,
    ticket_in,
)

ACTS: dict[str, Act] = {"on_publish": "publish", "on_play": "play", "on_unpublish": "left"}


class _Publish(msgspec.Struct):
    active: bool = False
    cid: str = ""


class _Stream(msgspec.Struct):
    name: str = ""
    app: str = ""
    publish: _Publish = msgspec.field(default_factory=_Publish)


class _Streams(msgspec.Struct):
    code: int
    streams: list[_Stream] = msgspec.field(default_factory=list)


class SRS:
    """SRS as a server that takes pictures in."""

    name, title = "srs", "SRS"
    is_tried = asks_again = False

    def read_hook(self, what: str, fields: Mapping[str, Any]) -> Asked:
        """What is asked: `action` says it, `param` is the query that was dialled."""
        stream = stream_named(fields)
        act = ACTS.get(text(fields, "action"), "other")
        return Asked(act, stream, ticket_in(text(fields, "param")), text(fields, "client_id"))

    def answer(self, *, is_allowed: bool) -> HookAnswer:
        """A code in JSON, and the status for good measure."""
        return HookAnswer(200, {"code": 0}) if is_allowed else HookAnswer(403, {"code": 1})

    async def running(self) -> set[str] | None:
        """The streams that somebody sends."""
        found = await self._streams()
        return None if found is None else {one.name for one in found}

    async def stop(self, stream: str) -> bool:
        """The client that sends it is kicked out."""
        sends = next((one for one in await self._streams() or [] if one.name == stream), None)
        if sends is None:
            return False
        return await ask(f"{api_address()}/api/v1/clients/{sends.publish.cid}", method="DELETE") is not None

    def configuration(self) -> str:
        """A configuration of its own, for an SRS that takes RTMP in and nothing else."""
        hooks = "\n".join(f"    {what} {hook_address(what)};" for what in ACTS)
        return f"""\
listen {settings().rtmp_port};
daemon off;
http_api {{ enabled on; listen {api_listens_at()}; }}
vhost __defaultVhost__ {{
  http_hooks {{
    enabled on;
{hooks}
  }}
}}
"""

    async def _streams(self) -> list[_Stream] | None:
        said = await ask_for(_Streams, f"{api_address()}/api/v1/streams/", params={"count": "1000"})
        if said is None or said.code != 0:
            return None
        return [one for one in said.streams if one.app == APP and one.publish.active]
