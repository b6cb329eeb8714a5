"""A relay that runs, a stream to send, and a real encoder."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Iterator

import pytest

from liandong.kernel.db import Database
from liandong.kernel.settings import settings
from liandong.wires.mediaserver.relay import Relay
from liandong.wires.mediaserver.server import running
from tests.conftest import As
from tests.seat import Body, Seat
from tests.wires.mediaserver.encoder import Encoder
from tests.world import World


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
def ports(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, int]]:
    """Free ports for browsers and for senders, in the settings."""
    chosen = free_port(), free_port()
    monkeypatch.setenv("LIANDONG_MEDIA_PORT", str(chosen[0]))
    monkeypatch.setenv("LIANDONG_RTMP_PORT", str(chosen[1]))
    settings.cache_clear()
    yield chosen
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
async def relay(db: Database, world: World, ports: tuple[int, int]) -> AsyncIterator[Relay]:
    """The relay."""
    async with running(db, "127.0.0.1", *ports) as found:
        yield found


@pytest.fixture
def desk(as_: As, world: World) -> Seat:
    """The dispatcher of the east."""
    return as_(world.east.dispatcher)


@pytest.fixture
async def stream(desk: Seat, relay: Relay) -> Body:
    """A registered stream of the east."""
    found: Body = await desk.post("/streams", {"kind": "drone", "title": "示例无人机"})
    return found


@pytest.fixture
async def address(desk: Seat, stream: Body, ports: tuple[int, int]) -> str:
    """Where that stream may be sent."""
    ticket = await desk.post(f"/streams/{stream['id']}/publish_ticket")
    url: str = ticket["addresses"][0]["url"]
    return url.replace("//test:", "//127.0.0.1:")


@pytest.fixture
async def encoder() -> AsyncIterator[Encoder]:
    """A real encoder, ended afterwards."""
    made = Encoder()
    yield made
    await made.stop()
