"""Many open screens in one process: `python -m benchmarks.screens PORT TOKEN COUNT FILE`.

It says `open` once every screen is connected, reads the number of the last fact to wait for, and leaves in FILE which fact reached which screen when: one record
`<qd` (number of the fact, monotonic clock of this machine in seconds) for each, all screens in a row.
"""

from __future__ import annotations

import asyncio
import re
import struct
import sys
import time
from pathlib import Path

FACT = re.compile(rb"^id: (\d+)$", re.MULTILINE)
PATIENCE_SECONDS = 60
RECORD = struct.Struct("<qd")


async def watch(port: int, token: str, came: list[tuple[int, float]], is_open: asyncio.Event) -> None:
    """Follow the feed until cancelled; `came` fills with facts and their times."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
    writer.write(f"GET /api/feed HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    status = await reader.readline()
    if b" 200 " not in status:
        raise SystemExit(f"no feed: {status!r}")
    await reader.readuntil(b": hello")
    is_open.set()
    rest = b""
    while chunk := await reader.read(2**18):
        at = time.monotonic()
        whole, mark, rest = (rest + chunk).rpartition(b"\n\n")
        came += [(int(seq), at) for seq in FACT.findall(whole + mark)]
    raise SystemExit("the server ended a connection")


async def main(port: int, token: str, count: int, file: Path) -> None:
    """All screens, until each has the last fact."""
    screens: list[list[tuple[int, float]]] = [[] for _ in range(count)]
    opened = [asyncio.Event() for _ in screens]
    watching = [
        asyncio.create_task(watch(port, token, came, is_open)) for came, is_open in zip(screens, opened, strict=True)
    ]
    for is_open in opened:
        await is_open.wait()
    print("open", flush=True)
    last = int(await asyncio.to_thread(sys.stdin.readline))
    ends = time.monotonic() + PATIENCE_SECONDS
    while True:
        if time.monotonic() > ends or all(came and came[-1][0] >= last for came in screens):
            break
        await asyncio.sleep(0.05)
    for task in watching:
        task.cancel()
    with file.open("wb") as out:
        for came in screens:
            out.writelines(RECORD.pack(seq, at) for seq, at in came)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), Path(sys.argv[4])))
