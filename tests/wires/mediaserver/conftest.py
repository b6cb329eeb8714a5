"""A relay that runs, a stream to send, and a real encoder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from liandong.kernel.db import Database
from liandong.kernel.settings import settings
from liandong.wires.mediaserver.relay import Relay
from liandong.wires.mediaserver.server import running
from tests.conftest import As
from tests.ports import free_ports
from tests.seat import Body, Seat
from tests.wires.mediaserver.encoder import Encoder
from tests.world import World


@pytest.fixture
def ports(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, int]]:
    """Free ports for browsers and for senders, in the settings."""
    media, rtmp = free_ports(2)
    monkeypatch.setenv("LIANDONG_MEDIA_PORT", str(media))
    monkeypatch.setenv("LIANDONG_RTMP_PORT", str(rtmp))
    settings.cache_clear()
    yield media, rtmp
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
