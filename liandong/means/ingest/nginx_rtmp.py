"""nginx with its RTMP module (Debian: libnginx-mod-rtmp), which asks before and every few seconds while somebody sends or plays.

Basis     the module's own documents and source, 1.2.2: notify, control, stat. Run by the project's tests.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from liandong.kernel.errors import Invalid
from liandong.kernel.settings import settings
from liandong.means.film.refusals import PROTOCOL
from liandong.means.ingest.server import (
    APP,
    Act,
    Asked,
    HookAnswer,
    api_address,
    api_listens_at,
    ask,
    hook_address,
    text,
)

ACTS: dict[str, Act] = {
    "publish": "publish",
    "play": "play",
    "update_publish": "goes_on",
    "update_play": "plays_on",
    "publish_done": "left",
}
KNOWN = {*ACTS, "play_done", "done", "update", "connect", "disconnect", "record_done"}
STREAM = re.compile(rb"<stream>\s*<name>([^<]*)</name>(.*?)</stream>", re.DOTALL)
SENDS = b"<publishing/>"
ASKS_SECONDS = 5


class NginxRtmp:
    """nginx-rtmp as a server that takes pictures in."""

    name, title = "nginx_rtmp", "nginx-rtmp"
    is_tried = asks_again = True

    def read_hook(self, what: str, fields: Mapping[str, Any]) -> Asked:
        """What is asked: `call` says it, and the words of the address that was dialled stand beside it."""
        call = text(fields, "call")
        if call not in KNOWN:
            raise Invalid(PROTOCOL)
        return Asked(ACTS.get(call, "other"), text(fields, "name"), text(fields, "ticket"), text(fields, "clientid"))

    def answer(self, *, is_allowed: bool) -> HookAnswer:
        """Only the status counts."""
        return HookAnswer(200 if is_allowed else 403)

    async def running(self) -> set[str] | None:
        """The streams with somebody who sends, out of `stat`."""
        said = await ask(f"{api_address()}/stat")
        if said is None or b"<rtmp>" not in said:
            return None
        return {name.decode("utf-8", "replace") for name, about in STREAM.findall(said) if SENDS in about}

    async def stop(self, stream: str) -> bool:
        """Whoever sends it is dropped."""
        words = {"app": APP, "name": stream}
        return await ask(f"{api_address()}/control/drop/publisher", params=words) is not None

    def configuration(self) -> str:
        """An nginx.conf of its own, for an nginx that does this and nothing else; one worker, who knows all streams."""
        hook = hook_address("ask")
        asks = "\n".join(f"      on_{call} {hook};" for call in ("publish", "play", "update", "publish_done"))
        return f"""\
load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
worker_processes 1;
events {{ worker_connections 1024; }}
rtmp {{
  server {{
    listen {settings().rtmp_port};
    chunk_size 4096;
    application {APP} {{
      live on;
      record off;
      drop_idle_publisher 10s;
{asks}
      notify_update_timeout {ASKS_SECONDS}s;
    }}
  }}
}}
http {{
  access_log off;
  server {{
    listen {api_listens_at()};
    location /stat {{ rtmp_stat all; }}
    location /control {{ rtmp_control all; }}
  }}
}}
"""
