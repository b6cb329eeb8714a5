"""Around every request: an id, a limit on the body, and the headers that make a browser careful."""

from __future__ import annotations

from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from liandong.api.base_map import allowed_origins
from liandong.kernel.errors import Invalid
from liandong.kernel.ids import new_id
from liandong.kernel.settings import settings
from liandong.means.video.addresses import host_of, media_server

FILE_PATHS = ("/api/evidence/files/", "/api/problems/", "/api/streams/", "/api/imports/")
"""Paths below which files travel; they have a limit of their own."""
COUNTED_BY_ROUTE = ("/api/evidence/uploads", "/dock-media")
"""Bytes go from here to the store as they come, and never more than was announced."""

CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:;"
    " media-src 'self' blob: {media}; font-src 'self' data:; connect-src 'self' {media}{tiles}; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
SECURITY_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(self), geolocation=(self), microphone=(self)",
}


class Shield:
    """Middleware that numbers, limits and guards each request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, guarded."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = str(new_id())
        scope.setdefault("state", {})["request_id"] = request_id

        async def guarded_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = {**SECURITY_HEADERS, "content-security-policy": _policy(scope), "x-request-id": request_id}
                if scope["path"].startswith("/api/"):
                    headers.setdefault("cache-control", "no-store")
                message["headers"] = _added(message["headers"], headers)
            await send(message)

        await self.app(scope, _limited(scope, receive), guarded_send)


def _policy(scope: Scope) -> str:
    """A page may connect to us, to the media server and, with a key, to the public map's tiles; to nobody else."""
    host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), None)
    media = " ".join(media_server().origins(host_of(host)))
    return CONTENT_POLICY.format(media=media, tiles="".join(f" {origin}" for origin in allowed_origins()))


def _added(present: Any, more: dict[str, str]) -> list[tuple[bytes, bytes]]:
    known = {name.lower() for name, _ in present}
    return [*present, *((n.encode(), v.encode()) for n, v in more.items() if n.encode() not in known)]


def _limited(scope: Scope, receive: Receive) -> Receive:
    if scope["path"].startswith(COUNTED_BY_ROUTE):
        return receive
    carries_file = scope["path"].startswith(FILE_PATHS)
    most = settings().max_file_bytes + 1_000_000 if carries_file else settings().max_body_bytes
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        if message["type"] == "http.request":
            taken += len(message.get("body", b""))
            if taken > most:
                raise Invalid("kernel.body_too_large", most=most)
        return message

    return limited
