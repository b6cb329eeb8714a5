"""A line between browsers and the relay that can be made thin in one direction, or cut."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress

PIECE = 4096
SMALL_BUFFER = 16 * 1024
"""What a line of its own holds on the way; without it the machine's buffers would swallow a minute of film."""


class ThinLink:
    """Listens on `port` and passes everything on to `to_port`; upwards at most `up_bytes_s` a second, if it is set."""

    def __init__(self, port: int, to_port: int) -> None:
        self.port, self._to_port = port, to_port
        self.up_bytes_s: float | None = None
        self._server: asyncio.Server | None = None
        self._held: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Afterwards it passes on."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
        listener.bind(("127.0.0.1", self.port))
        self._server = await asyncio.start_server(self._pass_on, sock=listener, limit=SMALL_BUFFER)

    async def close(self) -> None:
        """Afterwards nobody gets through, and every line is cut."""
        if self._server is not None:
            self._server.close()
        await self.cut()

    async def cut(self) -> None:
        """Every line is cut as by a lost signal; new ones get through."""
        for task in list(self._held):
            task.cancel()
        await asyncio.gather(*self._held, return_exceptions=True)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._held.add(task)
        task.add_done_callback(self._held.discard)
        away: asyncio.StreamWriter | None = None
        try:
            back, away = await asyncio.open_connection("127.0.0.1", self._to_port)
            async with asyncio.TaskGroup() as both:
                both.create_task(self._copy(reader, away, is_up=True))
                both.create_task(self._copy(back, writer, is_up=False))
        except* (OSError, EOFError, asyncio.CancelledError):
            pass  # one end has gone: so does the other
        finally:
            for end in (writer, away):
                if end is not None:
                    end.transport.abort()

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_up: bool) -> None:
        while data := await reader.read(PIECE):
            if is_up and self.up_bytes_s is not None:
                await asyncio.sleep(len(data) / self.up_bytes_s)  # this is the link: what passes takes its time
            writer.write(data)
            with suppress(ConnectionError):
                await writer.drain()
        raise EOFError
