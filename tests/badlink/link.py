"""A bad link between a phone and the server: a TCP proxy that is slow, late, loses segments and is cut now and then.

The model, and what it leaves out:

- One radio. All connections share one line in each direction of `bits_per_s`; a segment (1460 bytes) begins when the
  one before it is through.
- Every segment arrives `latency_s / 2` after it has left, so that a ping takes `latency_s`; a new connection costs one
  round trip before its first byte.
- A segment is lost with probability `loss`, and so is each time it is sent again. It takes the line anew each time, and
  it and everything of its connection behind it wait for the retransmission time-out (a round trip and 0.2 s, doubled
  each time), as TCP delivers in order.
- One lost segment in a hundred (`cut`) ends its connection: both ends see it reset, and what was in flight is gone.
- At most `window` bytes of a connection and direction are in flight.

Left out: congestion control. A sender that takes every loss for congestion (Reno) would reach about 80 kbit/s at these
figures, whatever the line bears; one that does not (BBR), and a radio whose losses are mended below TCP, come close to
this model. TLS is left out too. `scale` lets the same weather pass faster: every time is divided by it.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

SEGMENT = 1460
FIRST_TIMEOUT_S = 0.2


@dataclass(frozen=True)
class Weather:
    """How bad it is; see above."""

    bits_per_s: float = 200_000
    latency_s: float = 0.8
    loss: float = 0.05
    cut: float = 0.01
    window: int = 64 * 1024


@dataclass
class Tally:
    """What happened on the line. `carried` bytes took it (each byte once, however often TCP sent it again)."""

    carried_up: int = 0
    delivered_up: int = 0
    segments: int = 0
    lost: int = 0
    cuts: int = 0
    connections: int = 0


class CutError(Exception):
    """The connection is gone."""


@dataclass
class Line:
    """One direction of the radio. `free_at` is when its next segment may begin."""

    link: BadLink
    free_at: float = 0.0

    def carry(self, size: int) -> float:
        """When a segment that leaves now arrives.

        Raises    CutError
        """
        now, weather, link = asyncio.get_running_loop().time(), self.link.weather, self.link
        if not link.is_bad:
            return now
        link.tally.segments += 1
        on_the_line = size * 8 / weather.bits_per_s / link.scale
        self.free_at = max(now, self.free_at) + on_the_line
        arrives_at = self.free_at + weather.latency_s / 2 / link.scale
        timeout = (weather.latency_s + FIRST_TIMEOUT_S) / link.scale
        while link.chance.random() < weather.loss:
            link.tally.lost += 1
            if link.chance.random() < weather.cut:
                raise CutError
            self.free_at += on_the_line
            arrives_at += timeout
            timeout *= 2
        return arrives_at


@dataclass
class BadLink:
    """The proxy in front of a server at `target`. While `is_bad` is false it only passes on."""

    target: int
    weather: Weather = field(default_factory=Weather)
    scale: float = 1.0
    seed: int = 1
    is_bad: bool = False
    tally: Tally = field(default_factory=Tally)
    port: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311  repeatable weather, not a secret
        self.up, self.down = Line(self), Line(self)

    @property
    def address(self) -> str:
        """Where the phone finds the server."""
        return f"http://127.0.0.1:{self.port}"

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the phone, until either end or the line has enough."""
        self.tally.connections += 1
        writers = [writer]
        try:
            if self.is_bad:
                await asyncio.sleep(self.weather.latency_s / self.scale)
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
            writers.append(back)
            async with asyncio.TaskGroup() as both:
                both.create_task(Pipe(self, self.up, reader, back).run())
                both.create_task(Pipe(self, self.down, there, writer).run())
        except* CutError:
            self.tally.cuts += 1
        except* (ConnectionError, OSError):
            pass  # one of the two ends is gone; the other one hears of it below
        finally:
            for one in writers:
                one.transport.abort()


@dataclass
class Pipe:
    """One direction of one connection: segments leave one after the other and arrive in that order."""

    link: BadLink
    line: Line
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    in_flight: int = 0
    room: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Until the sender has said all."""
        coming: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        async with asyncio.TaskGroup() as both:
            both.create_task(self._leave(coming))
            both.create_task(self._arrive(coming))

    async def _leave(self, coming: asyncio.Queue[tuple[float, bytes]]) -> None:
        last = 0.0
        while True:
            while self.in_flight >= self.link.weather.window:
                self.room.clear()
                await self.room.wait()
            content = await self.reader.read(SEGMENT)
            if self.line is self.link.up:
                self.link.tally.carried_up += len(content)
            self.in_flight += len(content)
            last = max(last, self.line.carry(len(content)))
            coming.put_nowait((last, content))
            if not content:
                return

    async def _arrive(self, coming: asyncio.Queue[tuple[float, bytes]]) -> None:
        loop = asyncio.get_running_loop()
        while True:
            arrives_at, content = await coming.get()
            await asyncio.sleep(max(0.0, arrives_at - loop.time()))
            if not content:
                with suppress(OSError):
                    self.writer.write_eof()
                return
            self.writer.write(content)
            await self.writer.drain()
            if self.line is self.link.up:
                self.link.tally.delivered_up += len(content)
            back = self.link.weather.latency_s / 2 / self.link.scale if self.link.is_bad else 0.0
            loop.call_later(back, self._acknowledge, len(content))

    def _acknowledge(self, size: int) -> None:
        self.in_flight -= size
        self.room.set()


@asynccontextmanager
async def open_link(link: BadLink) -> AsyncIterator[BadLink]:
    """The link, open to the phone; afterwards no connection over it is left."""
    running: set[asyncio.Task[None]] = set()

    async def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        try:
            await link.accept(reader, writer)
        finally:
            running.discard(task)

    server = await asyncio.start_server(accepted, "127.0.0.1", 0, limit=16 * 1024)
    link.port = int(server.sockets[0].getsockname()[1])
    try:
        yield link
    finally:
        server.close()
        for task in list(running):
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await server.wait_closed()
