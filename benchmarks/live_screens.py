"""Many screens in one process: `python -m benchmarks.live_screens WIRE PORT COUNT < key`.

WIRE   page: the command screen's WebSocket; cot: a TAK client
It says `ready` once every screen is open, then answers each line of standard input with one JSON object about the time
since the line before: entries told (positions, all screens), frames, and the ages of a sample of them in milliseconds.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import sys
import time
from datetime import datetime
from typing import cast

import uvloop

from liandong.means.tracks.points import ENTRY, HEADER

HEADER_BYTES, ENTRY_BYTES, AT_OFFSET = HEADER.size, ENTRY.size, 20
SAMPLED_OF_A_FRAME = 5
STAMP = re.compile(rb' time="([^"]+)"')


class Tally:
    """What has come since it was last asked."""

    def __init__(self) -> None:
        self.entries, self.frames, self.ages = 0, 0, list[float]()
        self.since_ms = time.time() * 1000

    def told(self) -> dict[str, object]:
        """All of it, and it begins anew."""
        found = {"entries": self.entries, "frames": self.frames, "ages": self.ages}
        self.entries, self.frames, self.ages = 0, 0, []
        self.since_ms = time.time() * 1000
        return found

    def date(self, at_ms: float) -> None:
        """A position of this instant has come. One from before is the last known of a carrier: its age says nothing."""
        if at_ms >= self.since_ms:
            self.ages.append(time.time() * 1000 - at_ms)


class Page(asyncio.Protocol):
    """A command screen: binary frames over a WebSocket (RFC 6455), whose heads are all it reads of most."""

    def __init__(self, tally: Tally, key: str) -> None:
        self._tally, self._key = tally, key
        self._buffer, self._is_open = bytearray(), False
        self.opened = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the line."""
        nonce = base64.b64encode(os.urandom(16)).decode()
        cast(asyncio.Transport, transport).write(
            f"GET /api/positions/live HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {nonce}\r\nSec-WebSocket-Version: 13\r\nAuthorization: Bearer {self._key}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        """Whole frames are counted."""
        self._buffer += data
        if not self._is_open:
            head, end, rest = bytes(self._buffer).partition(b"\r\n\r\n")
            if not end:
                return
            assert b" 101 " in head, head
            self._buffer, self._is_open = bytearray(rest), True
            self.opened.set_result(None)
        while self._take():
            pass

    def _take(self) -> bool:
        if len(self._buffer) < 2:
            return False
        size, begin = self._buffer[1] & 127, 2
        if size == 126:
            size, begin = int.from_bytes(self._buffer[2:4], "big"), 4
        elif size == 127:
            size, begin = int.from_bytes(self._buffer[2:10], "big"), 10
        if len(self._buffer) < begin + size:
            return False
        if self._buffer[0] & 15 == 2:
            self._count(begin + HEADER_BYTES, (size - HEADER_BYTES) // ENTRY_BYTES)
        del self._buffer[: begin + size]
        return True

    def _count(self, begin: int, entries: int) -> None:
        self._tally.entries += entries
        self._tally.frames += 1
        for place in range(0, entries, max(1, entries // SAMPLED_OF_A_FRAME)):
            at = begin + place * ENTRY_BYTES + AT_OFFSET
            self._tally.date(int.from_bytes(self._buffer[at : at + 8], "little"))


class TakClient(asyncio.Protocol):
    """A TAK client: one event after the other."""

    def __init__(self, tally: Tally, key: str) -> None:
        self._tally, self._key, self._rest = tally, key, b""
        self.opened = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say who it is."""
        cast(asyncio.Transport, transport).write(
            f'<auth><cot username="screen" password="{self._key}"/></auth>'.encode()
        )
        self.opened.set_result(None)

    def data_received(self, data: bytes) -> None:
        """Events are counted, the last of each piece is dated."""
        whole, _, self._rest = (self._rest + data).rpartition(b"</event>")
        if not whole:
            return
        self._tally.entries += whole.count(b"</event>") + 1
        self._tally.frames += 1
        found = STAMP.search(whole, whole.rfind(b"<event"))
        if found:
            self._tally.date(datetime.fromisoformat(found[1].decode()).timestamp() * 1000)


async def main(wire: str, port: int, count: int) -> None:
    """All screens, until standard input ends."""
    key, tally = sys.stdin.readline().strip(), Tally()
    loop, kind = asyncio.get_running_loop(), Page if wire == "page" else TakClient
    for _ in range(count):
        _, screen = await loop.create_connection(lambda: kind(tally, key), "127.0.0.1", port)
        await screen.opened
    print("ready", flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps(tally.told()), flush=True)


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
