"""What a media server knows of one stream now, as it tells the room that asks."""

from __future__ import annotations

import logging

import aiohttp
import msgspec

log = logging.getLogger(__name__)

ASK_SECONDS = 3.0
LARGEST_ANSWER = 1024 * 1024


class SenderSeen(msgspec.Struct, frozen=True):
    """Who sends: since when (seconds since 1970), by which protocol, what, and how much in the last five seconds.

    `codec` is None until a picture came; `quiet_s` says how long nothing has come, None before the first picture.
    """

    protocol: str
    began_at: float
    codec: str | None
    width: int | None
    height: int | None
    kbps: float
    fps: float
    quiet_s: float | None
    sends_stills: bool


class ViewerSeen(msgspec.Struct, frozen=True):
    """Who watches: since when and by which protocol; how much waits for them and was left out because they do not keep up;
    frames as their browser counts them."""

    protocol: str
    began_at: float
    waiting: int
    left_out: int
    shown: int | None
    dropped: int | None


class IngestSeen(msgspec.Struct, frozen=True):
    """The media server that takes this stream in: whether it answers, has the stream now (`runs`), and we said yes to it
    (`is_let_in`, since so many seconds); `fault` is why it cannot be pulled, in the server's own word."""

    server: str
    is_tried: bool
    answers: bool
    runs: bool
    is_let_in: bool
    since_s: float | None
    fault: str | None


class StreamSeen(msgspec.Struct, frozen=True):
    """One stream. `rights_asked_s` is how long ago the relay last had an answer about rights, of any stream. `ingest` is None
    where the relay takes RTMP in itself."""

    sender: SenderSeen | None
    viewers: list[ViewerSeen]
    rights_asked_s: float
    waiting_bytes: int
    ingest: IngestSeen | None = None


_DECODER = msgspec.json.Decoder(StreamSeen)


async def ask(url: str) -> StreamSeen | None:
    """What the media server at this address knows; None if it cannot be reached or does not make sense."""
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ASK_SECONDS)) as http,
            http.get(url) as answer,
        ):
            if answer.status != 200:
                log.warning("the media server answered %d", answer.status)
                return None
            return _DECODER.decode(await answer.content.read(LARGEST_ANSWER))
    except (aiohttp.ClientError, TimeoutError, msgspec.DecodeError) as error:
        log.warning("the media server does not answer: %s", error)
        return None
