"""An encoder as the demo needs one: it sends a film that is there already, over and over, by RTMP in real time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from liandong.means.film import amf
from liandong.means.film.chunks import COMMAND, OWN_CHUNK, VIDEO, ChunkReader, Message, chunked, set_chunk_size
from liandong.means.film.greeting import HALF, greeting

FLV_HEADER, TAG_HEADER, TAG_END = 13, 11, 4
ANSWER_SECONDS = 10.0


@dataclass(frozen=True)
class Tag:
    """A video tag of an FLV file: its moment in the film and its body, which is an RTMP message as it stands."""

    time_ms: int
    body: bytes


def read_film(file: Path) -> list[Tag]:
    """The video tags of an FLV file, in order."""
    return list(_tags(file.read_bytes()))


def _tags(data: bytes) -> Iterator[Tag]:
    at = FLV_HEADER
    while at + TAG_HEADER <= len(data):
        size = int.from_bytes(data[at + 1 : at + 4], "big")
        time_ms = int.from_bytes(data[at + 4 : at + 7], "big") | data[at + 7] << 24
        if data[at] == VIDEO:
            yield Tag(time_ms, data[at + TAG_HEADER : at + TAG_HEADER + size])
        at += TAG_HEADER + size + TAG_END


async def send_film(address: str, film: list[Tag]) -> None:
    """Send the film over and over until cancelled.

    Raises    ConnectionError: the relay turned it away or has gone
    """
    async with connected(address) as writer:
        loop, begun = asyncio.get_running_loop(), asyncio.get_running_loop().time()
        length_ms = film[-1].time_ms + film[-1].time_ms // (len(film) - 1)
        lap = 0
        while True:
            for tag in film:
                time_ms = lap * length_ms + tag.time_ms
                await asyncio.sleep(begun + time_ms / 1000 - loop.time())
                writer.write(chunked(Message(VIDEO, time_ms, 1, tag.body), lane_id=6))
                await writer.drain()
            lap += 1


@asynccontextmanager
async def connected(address: str) -> AsyncIterator[asyncio.StreamWriter]:
    """A connection on which pictures may be sent."""
    said = urlsplit(address)
    reader, writer = await asyncio.open_connection(said.hostname, said.port)
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await _ask_to_send(reader, writer, said.path.removeprefix("/live/") + "?" + said.query)
        yield writer
    except (TimeoutError, asyncio.IncompleteReadError) as error:
        raise ConnectionError("the relay does not answer") from error
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def _ask_to_send(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, name: str) -> None:
    writer.write(greeting())
    answer = await reader.readexactly(1 + 2 * HALF)
    writer.write(answer[1 : 1 + HALF] + set_chunk_size(OWN_CHUNK))
    for values in (
        ("connect", 1, {"app": "live", "type": "nonprivate", "flashVer": "FMLE/3.0"}),
        ("createStream", 2, None),
        ("publish", 3, None, name, "live"),
    ):
        writer.write(chunked(Message(COMMAND, 0, 0, amf.encode(*values))))
    chunks = ChunkReader()
    while data := await reader.read(OWN_CHUNK):
        for message in chunks.feed(data):
            told = amf.decode(message.body) if message.kind == COMMAND else []
            if told[:1] == ["onStatus"]:
                if told[3]["level"] != "status":
                    raise ConnectionError(told[3]["description"])
                return
    raise ConnectionError("the relay has closed the connection")
