"""The door for the media server's own questions: who may send, who may play, who has gone.

    POST /hooks/{secret}/{what}   a form or JSON, as the server's documents say; the answer as it takes it

Whoever does not know the secret is refused and counted, and told nothing. The database away means no.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from aiohttp import web

from liandong.kernel.db import OUT_OF_REACH
from liandong.kernel.errors import Invalid, LiandongError, Refused
from liandong.means.film.refusals import PROTOCOL
from liandong.means.ingest.server import Asked, HookAnswer, is_hook_secret
from liandong.wires.mediaserver.answers import refusal
from liandong.wires.mediaserver.pulls import Pulls
from liandong.wires.mediaserver.relay import Relay

log = logging.getLogger(__name__)

LARGEST_QUESTION = 16 * 1024
MOST_FIELDS = 64


class Hooks:
    """The door, in front of what is pulled."""

    def __init__(self, relay: Relay, pulls: Pulls) -> None:
        self._relay, self._pulls = relay, pulls

    def routes(self) -> list[web.RouteDef]:
        """Where the media server asks."""
        return [web.post("/hooks/{secret}/{what}", self.answer)]

    async def answer(self, request: web.Request) -> web.Response:
        """Yes or no, as the media server takes it; a stranger's or a senseless question is refused."""
        try:
            if not is_hook_secret(request.match_info["secret"]):
                raise Refused("video.hook_stranger")
            asked = self._pulls.server.read_hook(request.match_info["what"], await _fields(request))
        except LiandongError as error:
            self._relay.counts.count(error.code)
            return refusal(error)
        return _response(self._pulls.server.answer(is_allowed=await self._is_allowed(asked)))

    async def _is_allowed(self, asked: Asked) -> bool:
        try:
            await self._do(asked)
        except LiandongError as error:
            self._relay.counts.count(error.code)
            log.info("the media server was told no (%s): %s", asked.act, error.code)
            return False
        except OUT_OF_REACH as error:
            log.warning("the media server could not be answered, the database is out of reach: %s", error)
            return False
        return True

    async def _do(self, asked: Asked) -> None:
        if asked.act == "publish":
            await self._pulls.publish(asked.stream, asked.ticket, asked.client)
        elif asked.act == "goes_on":
            await self._pulls.goes_on(asked.stream, asked.ticket, asked.client)
        elif asked.act == "play":
            self._pulls.play(asked.stream, asked.ticket)
        elif asked.act == "plays_on":
            self._pulls.plays_on(asked.stream)
        elif asked.act == "left":
            self._pulls.left(asked.stream, asked.client)


async def _fields(request: web.Request) -> Mapping[str, Any]:
    try:
        body = await request.clone(client_max_size=LARGEST_QUESTION).read()
        if request.content_type == "application/x-www-form-urlencoded":
            said: Any = dict(parse_qsl(body.decode(), max_num_fields=MOST_FIELDS))
        else:
            said = msgspec.json.decode(body)
    except (ValueError, msgspec.DecodeError, web.HTTPRequestEntityTooLarge) as error:
        raise Invalid(PROTOCOL) from error
    if not isinstance(said, dict):
        raise Invalid(PROTOCOL)
    return said


def _response(answer: HookAnswer) -> web.Response:
    return web.json_response(answer.body, status=answer.status)
