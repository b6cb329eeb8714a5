"""A phone's browser at the WebSocket: it sends pictures (`packets`) and hears how they arrive.

text to the phone    {"say": "go"} · {"say": "have", "time_ms", "viewers"} twice a second · {"say": "key"}: send a key frame ·
                     {"say": "pong", "ping", "at_ms"} · {"say": "refused", "code", "zh", "en"} · {"say": "ended", "why"}
text from the phone  {"ping": n}
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from contextlib import suppress
from typing import Any
from uuid import UUID

from aiohttp import WSCloseCode, WSMessage, WSMsgType, web

from liandong.kernel.db import OUT_OF_REACH
from liandong.kernel.errors import LiandongError, Refused
from liandong.means.channels.hub import Channel, Session, Still
from liandong.means.film.packets import LARGEST_PACKET, SUBPROTOCOL, StillPicture, read_packet
from liandong.means.film.refusals import PICTURE, Unusable
from liandong.means.film.timeline import monotonic_ms
from liandong.wires.mediaserver.answers import refusal
from liandong.wires.mediaserver.relay import Relay, Sending, stream_id_in

log = logging.getLogger(__name__)

SILENT_SECONDS = 10.0
"""On a thin link a still takes a while; a phone that says nothing for longer has gone."""
HAVE_SECONDS = 0.5
LONGEST_AGE_MS = 120_000
LARGEST_QUESTION = 1024
GOODBYE_SECONDS = 2.0
"""What a phone that was replaced still has on a thin link is not waited for."""
REFUSED, ENDED = 4403, 4404
SILENT_CODE = "video.sender_silent"


class Phone:
    """One phone from its ticket to the end."""

    def __init__(self, relay: Relay, socket: web.WebSocketResponse, stream_id: UUID) -> None:
        self._relay, self._socket = relay, socket
        self._session = Session(stream_id, self._cut_off, self._ask_key, protocol="ws-picture")
        self._receiving: asyncio.Task[None] | None = None
        self._ended_because: str | None = None
        self._newest_ms: int | None = None
        self._least_ms: int | None = None

    async def hold(self, ticket: str) -> None:
        """Afterwards the phone is gone and its stream, if it sent one, has no sender any more."""
        try:
            sending, channel = await self._relay.welcome(self._session, ticket)
        except LiandongError as error:
            await self._refuse(error.code)
            return
        except OUT_OF_REACH as error:
            log.warning("a phone could not be let in, the database is out of reach: %s", error)
            await self._socket.close(code=WSCloseCode.TRY_AGAIN_LATER)
            return
        telling: asyncio.Task[None] | None = None
        try:
            await self._socket.send_json({"say": "go"})
            telling = asyncio.create_task(self._tell(channel))
            self._receiving = asyncio.create_task(self._receive(sending, channel))
            if self._ended_because is not None:
                self._receiving.cancel()
            await self._until_received()
        except (ConnectionError, RuntimeError):
            pass  # it left while it was spoken to
        finally:
            self._relay.leave(sending, channel)
            if telling is not None:
                await _ended(telling)

    async def _until_received(self) -> None:
        assert self._receiving is not None
        try:
            await asyncio.wait({self._receiving})
            self._receiving.result()
        except asyncio.CancelledError:
            if not self._receiving.cancelled():
                await _ended(self._receiving)
                raise
            await self._socket.send_json({"say": "ended", "why": self._ended_because})
            await self._socket.close(code=ENDED)
        except Unusable as error:
            self._relay.errand(self._relay.doors.had_fault(self._session.stream_id, error.code))
            await self._refuse(error.code)
        except TimeoutError:
            await self._refuse(SILENT_CODE)

    async def _receive(self, sending: Sending, channel: Channel) -> None:
        while True:
            message = await self._socket.receive(SILENT_SECONDS)
            if message.type is WSMsgType.BINARY:
                self._take(message.data, sending, channel)
            elif message.type is WSMsgType.TEXT:
                await self._answer(message)
            else:
                self._count_oversize(message)
                return

    def _take(self, data: bytes, sending: Sending, channel: Channel) -> None:
        packet = read_packet(data)
        self._newest_ms = packet.time_ms
        late_ms = monotonic_ms() - packet.time_ms
        self._least_ms = late_ms if self._least_ms is None else min(self._least_ms, late_ms)
        if isinstance(packet.picture, StillPicture):
            age_ms = min(late_ms - self._least_ms, LONGEST_AGE_MS)
            is_first = channel.take_still(Still(packet.picture, time.time() * 1000 - age_ms))
            self._relay.errand(self._say(self._have(channel)))  # how long a still took tells the phone how its link is
        else:
            is_first = channel.take(packet.picture, packet.time_ms)
        if is_first:
            self._relay.went_live(sending, channel)

    async def _answer(self, message: WSMessage) -> None:
        with suppress(ValueError):
            asked = json.loads(message.data) if len(message.data) <= LARGEST_QUESTION else None
            if isinstance(asked, dict) and isinstance(asked.get("ping"), (int, float)):
                await self._socket.send_json({"say": "pong", "ping": asked["ping"], "at_ms": time.time() * 1000})

    def _count_oversize(self, message: WSMessage) -> None:
        if message.type is WSMsgType.ERROR or self._socket.close_code == WSCloseCode.MESSAGE_TOO_BIG:
            self._relay.counts.count(PICTURE)

    async def _tell(self, channel: Channel) -> None:
        while True:
            await asyncio.sleep(HAVE_SECONDS)
            await self._say(self._have(channel))

    def _have(self, channel: Channel) -> dict[str, Any]:
        return {"say": "have", "time_ms": self._newest_ms, "viewers": len(channel.viewers)}

    def _ask_key(self) -> None:
        self._relay.errand(self._say({"say": "key"}))

    def _cut_off(self, why: str) -> None:
        log.info("phone of %s cut off: %s", self._session.stream_id, why)
        self._ended_because = why
        if self._receiving is not None:
            self._receiving.cancel()

    async def _refuse(self, code: str) -> None:
        self._relay.counts.count(code)
        log.info("a phone was turned away: %s", code)
        words = Refused(code)
        await self._say({"say": "refused", "code": code, "zh": words.title("zh"), "en": words.title("en")})
        with suppress(ConnectionError, RuntimeError):
            await self._socket.close(code=REFUSED)

    async def _say(self, words: dict[str, Any]) -> None:
        with suppress(ConnectionError, RuntimeError):
            await self._socket.send_json(words)


async def publish(relay: Relay, request: web.Request) -> web.StreamResponse:
    """One phone that sends one stream. What is wrong with its ticket it hears over the socket: a browser hears nothing else."""
    try:
        relay.require_room_to_send()
        stream_id = stream_id_in(request.match_info["stream_id"])
    except Refused as error:
        relay.counts.count(error.code)
        return refusal(error)
    socket = web.WebSocketResponse(
        timeout=GOODBYE_SECONDS,
        protocols=(SUBPROTOCOL,),
        compress=False,
        heartbeat=SILENT_SECONDS,
        max_msg_size=LARGEST_PACKET,
    )
    await socket.prepare(request)
    await Phone(relay, socket, stream_id).hold(request.query.get("ticket", ""))
    return socket


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError, ConnectionError, RuntimeError):
        await task
