"""What the relay's doors for browsers answer where they must say no, and what lets pages of another origin read it."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from liandong.kernel.errors import LiandongError

FROM_ANYWHERE = {"access-control-allow-origin": "*", "cache-control": "no-store"}
"""The page comes from the server, the picture from here; an address opens only with what a ticket made."""
NOTHING: Mapping[str, str] = {}


def refusal(error: LiandongError, headers: Mapping[str, str] = NOTHING) -> web.Response:
    """The error as every part of the house tells it."""
    kind = "application/problem+json"
    return web.json_response(error.body(), status=error.status, content_type=kind, headers=headers)
