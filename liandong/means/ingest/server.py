"""What is asked of a media server that takes pictures in: one narrow interface, the same for each of them.

A server asks us by a hook before somebody sends or plays, and once a sender has gone; the relay pulls what was let in,
so that tickets, looks, recordings and clips are the same whoever takes the pictures in. What a server lets in without asking
is pulled by nobody and seen by nobody.
"""

from __future__ import annotations

import base64
import hmac
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar
from urllib.parse import parse_qs

import aiohttp
import msgspec

from liandong.kernel.errors import Invalid
from liandong.kernel.secrets import derive
from liandong.kernel.settings import settings
from liandong.means.film.refusals import PROTOCOL

log = logging.getLogger(__name__)

APP = "live"
"""The part of a server's addresses below which every stream lies."""
ASK_SECONDS = 3.0
LARGEST_ANSWER = 4 * 1024 * 1024
Answer = TypeVar("Answer")
Act = Literal["publish", "play", "goes_on", "plays_on", "left", "other"]


@dataclass(frozen=True)
class Asked:
    """What a hook says. publish, play: may this begin? · goes_on, plays_on: may it go on? · left: the sender has gone ·
    other: nothing that we must know. `client` is the server's own number of the connection; only it can leave."""

    act: Act
    stream: str = ""
    ticket: str = ""
    client: str = ""


@dataclass(frozen=True)
class HookAnswer:
    """What a server takes for yes or no: a status, and JSON."""

    status: int
    body: Any = None


class IngestServer(Protocol):
    """A media server that takes pictures in. `is_tried`: the project's tests run it; others are written by their documents."""

    name: str
    title: str
    is_tried: bool
    asks_again: bool
    """Whether it asks by itself, every few seconds, if a sender may go on."""

    def read_hook(self, what: str, fields: Mapping[str, Any]) -> Asked:
        """What is asked. `what` is the last part of the hook's address; a field that is missing is nobody's stream.

        Raises    video.protocol_broken
        """

    def answer(self, *, is_allowed: bool) -> HookAnswer:
        """Yes or no as this server takes it."""

    async def running(self) -> set[str] | None:
        """The streams that somebody sends to it now; None if it does not answer or makes no sense."""

    async def stop(self, stream: str) -> bool:
        """Whoever sends this stream to it is cut off. Whether it took the order."""

    def configuration(self) -> str:
        """What belongs into the server's own configuration, with the addresses of our hooks. Holds a secret."""


def hook_address(what: str) -> str:
    """Where the media server asks us."""
    base = (settings().media_control_url or f"http://127.0.0.1:{settings().media_port}").rstrip("/")
    return f"{base}/hooks/{hook_secret()}/{what}"


def api_address() -> str:
    """Where we ask the media server."""
    return settings().media_server_api.rstrip("/")


def api_listens_at() -> str:
    """The same as a host and port, as it stands in a server's own configuration."""
    return api_address().removeprefix("http://")


def hook_secret() -> str:
    """The part of the hooks' address that only the media server knows."""
    return base64.urlsafe_b64encode(derive("media hooks")).rstrip(b"=").decode()


def is_hook_secret(said: str) -> bool:
    """Whether whoever calls knows it."""
    return hmac.compare_digest(said.encode(), hook_secret().encode())


def stream_of(path: str) -> str:
    """The stream in `live/<stream>`; nobody's for a path elsewhere."""
    app, _, stream = path.strip("/").partition("/")
    return stream if app == APP else ""


def stream_named(fields: Mapping[str, Any]) -> str:
    """The stream of a hook that names application and stream apart; nobody's for another application.

    Raises    video.protocol_broken
    """
    return text(fields, "stream") if text(fields, "app") == APP else ""


def ticket_in(query: str) -> str:
    """The ticket in an address's query, with or without its question mark."""
    try:
        return parse_qs(query.removeprefix("?"), max_num_fields=16).get("ticket", [""])[0]
    except ValueError:
        return ""


def text(fields: Mapping[str, Any], name: str) -> str:
    """A field that must be text, empty where it is missing.

    Raises    video.protocol_broken
    """
    said = fields.get(name, "")
    if not isinstance(said, str):
        raise Invalid(PROTOCOL)
    return said


async def ask(url: str, *, method: str = "GET", **words: Any) -> bytes | None:
    """What the server's own interface answers; None if it does not, or with an error."""
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ASK_SECONDS)) as http,
            http.request(method, url, **words) as answer,
        ):
            if answer.status >= 300:
                log.warning("the media server answered %d", answer.status)
                return None
            said = await answer.content.read(LARGEST_ANSWER)
            while len(said) < LARGEST_ANSWER and (more := await answer.content.read(LARGEST_ANSWER - len(said))):
                said += more
            return said
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        log.warning("the media server does not answer: %s", type(error).__name__)  # its words may hold our secret
        return None


async def ask_for(kind: type[Answer], url: str, *, method: str = "GET", **words: Any) -> Answer | None:
    """The same, read as JSON of this shape; None also if it makes no sense."""
    said = await ask(url, method=method, **words)
    try:
        return None if said is None else msgspec.json.decode(said, type=kind)
    except msgspec.DecodeError:
        log.warning("the media server's answer makes no sense")
        return None
