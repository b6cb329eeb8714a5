"""The link between phone and servers: it carries bytes, and breaks where it is told to.

A fault waits for the next request that changes something (POST, PUT, PATCH); reading is left alone. The link knows
nothing of what it carries, so it breaks an upload in pieces as well as one in a single request.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

PIECE = 16 * 1024
CHANGES = (b"POST ", b"PUT ", b"PATCH ")
RESET = struct.pack("ii", 1, 0)


class Break(StrEnum):
    """Where a connection breaks."""

    asking = "asking"  # in the middle of the request
    answered = "answered"  # the server has done it and answered; the phone never hears
    answering = "answering"  # in the middle of the answer
    silence = "silence"  # nothing moves for a while, then it breaks


@dataclass
class Fault:
    """The next change after `skips` others breaks after `octets` of it, or of its answer; `silence_s` before that."""

    where: Break
    skips: int
    octets: int
    silence_s: float = 0.0


@dataclass
class Link:
    """One address for phones, in front of any number of servers; `is_up` says whether anything gets through."""

    servers: Callable[[], Sequence[int]]
    port: int = 0
    faults: deque[Fault] = field(default_factory=deque)
    broken: Counter[Break] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)
    carried: int = 0
    _server: asyncio.Server | None = None
    _turn: int = 0
    _open: set[asyncio.Task[None]] = field(default_factory=set)

    async def open(self) -> None:
        """Afterwards phones can connect."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port, limit=PIECE)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Afterwards nobody is connected."""
        assert self._server is not None
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _accept(self, phone: asyncio.StreamReader, to_phone: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await self._carry(phone, to_phone)
        except asyncio.CancelledError:
            pass  # the link is being closed
        finally:
            self._open.discard(task)
            _reset(to_phone)

    async def _carry(self, phone: asyncio.StreamReader, to_phone: asyncio.StreamWriter) -> None:
        connected = await self._connect()
        if connected is None:
            return
        server, to_server = connected
        wire = Wire(self, phone, to_phone, server, to_server)
        ways = [asyncio.create_task(wire.up()), asyncio.create_task(wire.down())]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            _reset(to_server)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        ports = list(self.servers())
        self._turn += 1
        for number in range(len(ports)):
            with suppress(OSError):
                return await asyncio.open_connection(
                    "127.0.0.1", ports[(self._turn + number) % len(ports)], limit=PIECE
                )
        return None

    def fault_for(self, start: bytes) -> Fault | None:
        """The fault that strikes this change, taken off the list."""
        self.changes[start.split(b" ", 1)[0].decode()] += 1
        if not self.faults:
            return None
        if self.faults[0].skips > 0:
            self.faults[0].skips -= 1
            return None
        return self.faults.popleft()


@dataclass
class Wire:
    """One connection, in both directions, until one of them ends or breaks."""

    link: Link
    phone: asyncio.StreamReader
    to_phone: asyncio.StreamWriter
    server: asyncio.StreamReader
    to_server: asyncio.StreamWriter
    fault: Fault | None = None
    asked: int = 0
    is_broken: bool = False

    async def up(self) -> None:
        """What the phone says reaches the server; ends when the phone goes or the link breaks."""
        while piece := await _read(self.phone):
            self.link.carried += len(piece)
            if self.fault is None and piece.startswith(CHANGES):
                self.fault, self.asked = self.link.fault_for(piece), 0
            if self.fault is not None and self.fault.where in (Break.asking, Break.silence):
                left = self.fault.octets - self.asked
                if len(piece) >= left:
                    await _write(self.to_server, piece[:left])
                    await self._break()
                    return
                self.asked += len(piece)
            if not await _write(self.to_server, piece):
                return

    async def down(self) -> None:
        """What the server says reaches the phone; ends when the server goes or the link breaks."""
        while piece := await _read(self.server):
            if self.fault is not None:
                if self.fault.where is Break.answering:
                    await _write(self.to_phone, piece[: max(1, min(self.fault.octets, len(piece) - 1))])
                await self._break()
                return
            self.link.carried += len(piece)
            if not await _write(self.to_phone, piece):
                return

    async def _break(self) -> None:
        assert self.fault is not None
        if self.is_broken:
            return
        self.is_broken = True
        self.link.broken[self.fault.where] += 1
        if self.fault.silence_s:
            await asyncio.sleep(self.fault.silence_s)  # a silent link is what is tested


async def _read(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read(PIECE)
    except OSError:
        return b""


async def _write(writer: asyncio.StreamWriter, piece: bytes) -> bool:
    writer.write(piece)
    try:
        await writer.drain()
    except OSError:
        return False
    return True


def _reset(writer: asyncio.StreamWriter) -> None:
    """Nobody at the other end is told that anything ended in order."""
    held = writer.get_extra_info("socket")
    if held is not None:
        with suppress(OSError):
            held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    writer.transport.abort()
