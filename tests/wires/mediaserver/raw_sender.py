"""A sender made of bytes, for what no real encoder sends."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit

from liandong.means.film import amf
from liandong.means.film.chunks import COMMAND, OWN_CHUNK, VIDEO, ChunkReader, Message, chunked, set_chunk_size


def talk(name: str) -> bytes:
    """Everything that a sender says before its first picture."""
    said = [
        amf.encode("connect", 1, {"app": "live", "tcUrl": "rtmp://x/live"}),
        amf.encode("createStream", 2, None),
        amf.encode("publish", 3, None, name, "live"),
    ]
    hello = bytes([3]) + bytes(1536) + bytes(1536)
    return hello + set_chunk_size(OWN_CHUNK) + b"".join(chunked(Message(COMMAND, 0, 0, body)) for body in said)


def picture(body: bytes, time_ms: int = 0) -> bytes:
    """One video message."""
    return chunked(Message(VIDEO, time_ms, 1, body), lane_id=6)


async def send_bytes(port: int, data: bytes) -> bytes:
    """What the relay says to these bytes until it closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(data)
        await writer.drain()
        writer.write_eof()
        return await asyncio.wait_for(reader.read(), 10)
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def send_until_cut_off(address: str, body: bytes) -> None:
    """Sends this video message over and over until the connection is closed."""
    said = urlsplit(address)
    reader, writer = await asyncio.open_connection("127.0.0.1", said.port)
    writer.write(talk(f"{said.path.removeprefix('/live/')}?{said.query}"))
    try:
        async with asyncio.timeout(20):
            for moment in range(10_000):
                writer.write(picture(body, moment * 40))
                await writer.drain()
                with suppress(TimeoutError):
                    if not await asyncio.wait_for(reader.read(65536), 0.04):  # at a camera's pace
                        return
    except ConnectionError:
        pass
    finally:
        writer.close()


async def send_raw(address: str, *bodies: bytes) -> str:
    """The words with which the relay turns away whoever sends these video messages."""
    said = urlsplit(address)
    assert said.port is not None
    name = f"{said.path.removeprefix('/live/')}?{said.query}"
    answer = await send_bytes(said.port, talk(name) + b"".join(map(picture, bodies)))
    words = ""
    for message in ChunkReader().feed(answer[1 + 2 * 1536 :]):
        if message.kind == COMMAND and (told := amf.decode(message.body))[0] == "onStatus":
            words = told[3]["description"]
    return words
