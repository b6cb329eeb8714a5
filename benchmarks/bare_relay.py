"""The limit: an asyncio loop that hands whole events on and does nothing else: `python -m benchmarks.bare_relay PORT`.

Whoever names itself `screen` gets every event that anybody else sends. Nothing is read, checked, kept or put together.
"""

from __future__ import annotations

import asyncio
import sys
from typing import cast

import uvloop

END = b"</event>"
SCREENS: set[asyncio.Transport] = set()


class Conversation(asyncio.Protocol):
    """One connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Nobody is a screen until he says so."""
        self._transport, self._rest, self._has_spoken = cast(asyncio.Transport, transport), b"", False

    def data_received(self, data: bytes) -> None:
        """Whole events go on to every screen."""
        if not self._has_spoken:
            self._has_spoken = True
            if b'username="screen"' in data:
                SCREENS.add(self._transport)
                return
            data = data.partition(b"</auth>")[2]
        whole, end, self._rest = (self._rest + data).rpartition(END)
        if end:
            for screen in SCREENS:
                screen.write(whole + END)

    def connection_lost(self, error: Exception | None) -> None:
        """A screen that has gone gets nothing."""
        SCREENS.discard(self._transport)


async def main(port: int) -> None:
    """Until somebody ends it."""
    server = await asyncio.get_running_loop().create_server(Conversation, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
