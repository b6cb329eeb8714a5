"""A stream pulled from a media server by RTMP, as any player would: handshake, play, then its messages as they come.

Basis     Adobe RTMP 1.0 (2012) §5.2 (handshake), §7.2.2.1 (play)
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

from liandong.means.film import amf
from liandong.means.film.chunks import (
    COMMAND,
    COMMAND_AMF3,
    OWN_CHUNK,
    WINDOW,
    ChunkReader,
    Message,
    Receipts,
    chunked,
    set_chunk_size,
)
from liandong.means.film.greeting import HALF, echo_of, greeting

CONNECT_SECONDS, IDLE_SECONDS = 5.0, 5.0
UNTOLD_WINDOW = 2_500_000
"""Bytes after which a server that named no window hears what has come."""
PIECE = 64 * 1024
USER_CONTROL, PING, PONG = 4, b"\0\6", b"\0\7"
RTMP_PORT = 1935
CONNECTING, CREATING = 1, 2
STARTED = "NetStream.Play.Start"
ENDED = frozenset({"NetStream.Play.UnpublishNotify", "NetStream.Play.Stop", "NetStream.Play.Complete"})


class PullRefused(Exception):
    """The server does not give this stream, or no more. `why` is its own word."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Pull:
    """One stream that comes in."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, name: str) -> None:
        self._reader, self._writer, self._name = reader, writer, name
        self._chunks = ChunkReader()
        self._receipts = Receipts(UNTOLD_WINDOW)
        self.is_started = False

    async def shake_hands(self, app: str, address: str) -> None:
        """Both sides know each other, and the server has been asked for the stream's application."""
        self._writer.write(greeting())
        hello = await self._reader.readexactly(1 + HALF)
        self._writer.write(echo_of(hello) + set_chunk_size(OWN_CHUNK))
        await self._reader.readexactly(HALF)
        said = {"app": app, "flashVer": "LNX 9,0,124,2", "tcUrl": address, "fpad": False, "capabilities": 15.0}
        await self._say(0, "connect", CONNECTING, {**said, "audioCodecs": 4071.0, "videoCodecs": 252.0})

    async def messages(self) -> AsyncIterator[Message]:
        """Everything but what the two sides settle among themselves, until the server ends.

        Raises    PullRefused, Unusable, TimeoutError: nothing comes any more
        """
        while data := await asyncio.wait_for(self._reader.read(PIECE), IDLE_SECONDS):
            if (receipt := self._receipts.take(len(data))) is not None:
                await self._send(receipt, lane=2)
            for message in self._chunks.feed(data):
                if message.kind in (COMMAND, COMMAND_AMF3):
                    await self._hear(amf.decode(message.body[message.kind == COMMAND_AMF3 :]))
                elif message.kind == WINDOW:
                    self._receipts.window = max(1, int.from_bytes(message.body[:4], "big"))
                elif message.kind == USER_CONTROL:
                    await self._pong(message.body)
                else:
                    yield message
        if not self.is_started:
            raise PullRefused("closed")

    async def _hear(self, said: list[object]) -> None:
        name, number, _, about = (*said, None, None, None, None)[:4]
        if name == "_result" and number == CONNECTING:
            await self._say(0, "createStream", CREATING, None)
        elif name == "_result" and number == CREATING and isinstance(about, float):
            await self._say(int(about), "play", 0, None, self._name)
        elif name in ("_error", "close"):
            raise PullRefused(str(name))
        elif name == "onStatus" and isinstance(about, dict):
            code = str(about.get("code", ""))
            if about.get("level") == "error" or code in ENDED:
                raise PullRefused(code)
            self.is_started = self.is_started or code == STARTED

    async def _pong(self, body: bytes) -> None:
        if body[:2] == PING:
            await self._send(Message(USER_CONTROL, 0, 0, PONG + body[2:6]), lane=2)

    async def _say(self, stream: int, *values: object) -> None:
        await self._send(Message(COMMAND, 0, stream, amf.encode(*values)))

    async def _send(self, message: Message, lane: int = 3) -> None:
        self._writer.write(chunked(message, lane))
        async with asyncio.timeout(IDLE_SECONDS):
            await self._writer.drain()


@asynccontextmanager
async def pulled(address: str, stream: str, ticket: str) -> AsyncIterator[Pull]:
    """This stream is asked for at `rtmp://host:port/app`; afterwards the connection is closed.

    Raises    PullRefused, Unusable, OSError, TimeoutError
    """
    said = urlsplit(address)
    async with asyncio.timeout(CONNECT_SECONDS):
        reader, writer = await asyncio.open_connection(said.hostname, said.port or RTMP_PORT)
    try:
        pull = Pull(reader, writer, f"{stream}?ticket={ticket}")
        async with asyncio.timeout(CONNECT_SECONDS):
            await pull.shake_hands(said.path.strip("/"), address)
        yield pull
    except asyncio.IncompleteReadError:
        raise PullRefused("closed") from None
    finally:
        writer.close()
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(CONNECT_SECONDS):
                await writer.wait_closed()
