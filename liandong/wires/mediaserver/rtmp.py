"""A sender that speaks RTMP: handshake, commands, then pictures, until either side ends it.

Basis     Adobe RTMP 1.0 (2012) §5.2 (handshake), §7.2 (commands). Sound is not passed on.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from liandong.kernel.db import OUT_OF_REACH
from liandong.kernel.errors import LiandongError, Refused
from liandong.means.channels.hub import Channel, Session
from liandong.means.film import amf
from liandong.means.film.chunks import (
    BANDWIDTH,
    COMMAND,
    COMMAND_AMF3,
    OWN_CHUNK,
    VIDEO,
    WINDOW,
    ChunkReader,
    Message,
    Receipts,
    chunked,
    set_chunk_size,
)
from liandong.means.film.flv import read_video
from liandong.means.film.greeting import HALF, echo_of, greeting
from liandong.means.film.refusals import PROTOCOL, Unusable
from liandong.wires.mediaserver.relay import Relay, Sending

log = logging.getLogger(__name__)

HANDSHAKE_SECONDS, IDLE_SECONDS = 5.0, 5.0
WINDOW_BYTES = 2_500_000
PIECE = 64 * 1024
SILENT_CODE = "video.sender_silent"


class Conversation:
    """One connection of a sender."""

    def __init__(self, relay: Relay, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._relay, self._reader, self._writer = relay, reader, writer
        self._chunks = ChunkReader()
        self._receipts = Receipts(WINDOW_BYTES)
        self._sending: Sending | None = None
        self._channel: Channel | None = None
        self._stream_id: UUID | None = None
        self._is_over = False

    async def hold(self) -> None:
        """Afterwards the connection is closed and its stream, if it sent one, has no sender any more."""
        try:
            await self._talk()
        except (Unusable, LiandongError) as error:
            await self._turn_away(error.code)
        except TimeoutError:
            await self._turn_away(SILENT_CODE)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        except OUT_OF_REACH as error:
            log.warning("a sender could not be let in, the database is out of reach: %s", error)
        finally:
            self._leave()
            self._writer.close()
            with suppress(ConnectionError):
                await self._writer.wait_closed()

    async def _talk(self) -> None:
        async with asyncio.timeout(HANDSHAKE_SECONDS):
            await self._shake_hands()
        while not self._is_over:
            data = await asyncio.wait_for(self._reader.read(PIECE), IDLE_SECONDS)
            if not data:
                return
            if (receipt := self._receipts.take(len(data))) is not None:
                await self._send(receipt, lane=2)
            for message in self._chunks.feed(data):
                await self._take(message)

    async def _shake_hands(self) -> None:
        hello = await self._reader.readexactly(1 + HALF)
        echo = echo_of(hello)
        self._writer.write(greeting() + echo)
        await self._writer.drain()
        await self._reader.readexactly(HALF)

    async def _take(self, message: Message) -> None:
        if message.kind == VIDEO:
            self._show(message)
        elif message.kind in (COMMAND, COMMAND_AMF3):
            # the AMF3 form begins with one byte that says nothing
            await self._obey(amf.decode(message.body[message.kind == COMMAND_AMF3 :]), message.stream)

    def _show(self, message: Message) -> None:
        if self._channel is None or self._sending is None:
            raise Unusable(PROTOCOL, "a picture before it was let in")
        tag = read_video(message.body)
        if tag is not None and self._channel.take(tag, message.time_ms):
            self._relay.went_live(self._sending, self._channel)

    async def _obey(self, said: list[object], stream: int) -> None:
        name, number = (*said, None, None)[:2]
        if name == "connect":
            await self._welcome(number)
        elif name == "createStream":
            await self._answer("_result", number, None, 1)
        elif name == "publish":
            await self._publish(str(said[3]) if len(said) > 3 else "", stream)
        elif name in ("deleteStream", "FCUnpublish", "closeStream"):
            self._is_over = True
        elif name in ("releaseStream", "FCPublish", "_checkbw"):
            await self._answer("_result", number, None)

    async def _welcome(self, number: object) -> None:
        await self._send(Message(WINDOW, 0, 0, WINDOW_BYTES.to_bytes(4, "big")), lane=2)
        await self._send(Message(BANDWIDTH, 0, 0, WINDOW_BYTES.to_bytes(4, "big") + b"\2"), lane=2)
        self._writer.write(set_chunk_size(OWN_CHUNK))
        said = {"level": "status", "code": "NetConnection.Connect.Success", "description": "ok", "objectEncoding": 0}
        await self._answer("_result", number, {"fmsVer": "FMS/3,0,1,123", "capabilities": 31}, said)

    async def _publish(self, name: str, stream: int) -> None:
        if self._sending is not None:
            raise Unusable(PROTOCOL, "a second picture on one connection")
        self._stream_id, ticket = _split(name)
        self._sending, self._channel = await self._relay.welcome(Session(self._stream_id, self._cut_off), ticket)
        await self._status("status", "NetStream.Publish.Start", "ok", stream)

    def _cut_off(self, why: str) -> None:
        log.info("sender of %s cut off: %s", self._stream_id, why)
        self._is_over = True
        self._writer.transport.abort()

    async def _turn_away(self, code: str) -> None:
        self._relay.counts.count(code)
        log.info("a sender was turned away: %s", code)
        if self._stream_id is not None and self._sending is not None:
            self._relay.errand(self._relay.doors.had_fault(self._stream_id, code))
        words = Refused(code)
        with suppress(ConnectionError):
            await self._status("error", "NetStream.Publish.BadName", f"{words.title('zh')} / {words.title('en')}", 1)

    def _leave(self) -> None:
        if self._sending is not None and self._channel is not None:
            self._relay.leave(self._sending, self._channel)

    async def _status(self, level: str, code: str, words: str, stream: int) -> None:
        body = amf.encode("onStatus", 0, None, {"level": level, "code": code, "description": words})
        await self._send(Message(COMMAND, 0, stream, body))

    async def _answer(self, *values: object) -> None:
        await self._send(Message(COMMAND, 0, 0, amf.encode(*values)))

    async def _send(self, message: Message, lane: int = 3) -> None:
        self._writer.write(chunked(message, lane))
        async with asyncio.timeout(HANDSHAKE_SECONDS):
            await self._writer.drain()


def _split(name: str) -> tuple[UUID, str]:
    """The stream and the ticket in `<stream>?ticket=<ticket>`."""
    said = urlsplit(name)
    try:
        return UUID(said.path), parse_qs(said.query, max_num_fields=8).get("ticket", [""])[0]
    except ValueError:
        raise Refused("video.ticket_invalid") from None
