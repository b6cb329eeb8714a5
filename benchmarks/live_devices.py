"""Many devices in one process: `python -m benchmarks.live_devices WIRE PORT PACE SECONDS < keys`.

WIRE   cot: one TCP connection a device, one event a position; phone: HTTP, ten positions a request in msgpack, over
       as many kept-alive connections as a proxy in front holds (CONNECTIONS at most)
PACE   1: one position a second a device (a phone's ten come together, every ten seconds); 0: as fast as it is taken
Each line of standard input is a device: its key, and for phones its task. It says `ready`, reads a line, sends, and
ends with one JSON object: positions sent, positions taken (phones), clients that the server shut out, and answers that
were not 200.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime

import msgspec
import uvloop

BATCH = 10
PATIENCE_SECONDS = 2
CONNECTIONS = 500
CHUNK_EVENTS = 20
LON, LAT = 117.0, 36.65
LONG_AGO_MS = 3_600_000
"""As fast as it goes, positions are of an hour ago and a millisecond apart: two of one instant would be one."""


class Device:
    """A device: where it is moves a little each time, and each time is another."""

    def __init__(self, number: int, words: list[str], pace: int) -> None:
        self.number, self.key, self.task = number, words[0], words[1] if len(words) > 1 else ""
        self._lon, self._lat = LON + number % 100 * 1e-3, LAT + number // 100 * 1e-3
        self._pace, self._at_ms = pace, round(time.time() * 1000) - LONG_AGO_MS

    def next(self) -> tuple[float, float, datetime]:
        """Where it is, and when."""
        self._at_ms = round(time.time() * 1000) if self._pace else self._at_ms + 1
        self._lon += 1e-6
        return self._lon, self._lat, datetime.fromtimestamp(self._at_ms / 1000, UTC)

    def batch(self) -> bytes:
        """Ten positions; at pace, of the last ten seconds, the newest of now."""
        lon, lat, at = self.next()
        if self._pace:
            seconds = at.timestamp()
            times = [datetime.fromtimestamp(seconds - back, UTC) for back in range(BATCH - 1, -1, -1)]
        else:
            times = [at, *(self.next()[2] for _ in range(BATCH - 1))]
        fixes = [{"lon": lon, "lat": lat, "accuracy_m": 9.0, "happened_at": one} for one in times]
        return msgspec.msgpack.encode({"task_id": self.task, "fixes": fixes})

    def event(self) -> bytes:
        """One position as a TAK client says it."""
        lon, lat, at = self.next()
        stamp = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return (
            f'<event version="2.0" uid="BENCH-{self.number}" type="a-f-G-E-V-C" time="{stamp}" start="{stamp}"'
            f' stale="{stamp}" how="m-g"><point lat="{lat:.7f}" lon="{lon:.7f}" hae="31.0" ce="9.0" le="9999999.0"/>'
            f'<detail><contact callsign="bench{self.number}"/><track course="90.0" speed="5.0"/></detail></event>'
        ).encode()


class Load:
    """What has been sent."""

    def __init__(self, port: int, pace: int, seconds: float) -> None:
        self.port, self.pace, self.seconds = port, pace, seconds
        self.ends = 0.0
        self.counts: Counter[str] = Counter()

    def is_over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self.ends

    async def begin(self, go: asyncio.Event) -> None:
        """Wait for the start."""
        await go.wait()
        self.ends = self.ends or time.monotonic() + self.seconds


async def _discard(reader: asyncio.StreamReader) -> None:
    with suppress(ConnectionError):
        while await reader.read(2**18):
            pass


async def speak_cot(load: Load, device: Device, open_: asyncio.Semaphore, go: asyncio.Event) -> None:
    """One TAK client."""
    reader, writer = await asyncio.open_connection("127.0.0.1", load.port, limit=2**18)
    writer.write(f'<auth><cot username="bench" password="{device.key}"/></auth>'.encode())
    hearing = asyncio.create_task(_discard(reader))
    open_.release()
    await load.begin(go)
    if load.pace:
        await asyncio.sleep(device.number % 997 / 997)
    try:
        await _send(load, device, writer)
    except (ConnectionError, RuntimeError):  # uvloop says RuntimeError of a line that is closed
        load.counts["shut_out"] += 1
    hearing.cancel()
    writer.transport.abort()


async def _send(load: Load, device: Device, writer: asyncio.StreamWriter) -> None:
    while not load.is_over():
        many = 1 if load.pace else CHUNK_EVENTS
        writer.write(b"".join(device.event() for _ in range(many)))
        load.counts["sent"] += many
        await writer.drain()
        if load.pace:
            await asyncio.sleep(1)


async def speak_http(load: Load, devices: list[Device], open_: asyncio.Semaphore, go: asyncio.Event) -> None:
    """One connection that carries these phones; each has been heard once before the start."""
    reader, writer = await asyncio.open_connection("127.0.0.1", load.port)
    for device in devices:
        await _post(load, reader, writer, device)
    load.counts.clear()
    open_.release()
    await load.begin(go)
    began = load.ends - load.seconds
    turn = 0
    while not load.is_over():
        for place, device in enumerate(devices):
            if load.pace:  # each phone has its own instant within its ten seconds
                share = (place + device.number % CONNECTIONS / CONNECTIONS) / len(devices)
                await asyncio.sleep(began + BATCH * (turn + share) - time.monotonic())
            if load.is_over():
                break
            await _post(load, reader, writer, device)
        turn += 1
    writer.close()


async def _post(load: Load, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, device: Device) -> None:
    body = device.batch()
    writer.write(
        f"POST /api/positions HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {device.key}\r\n"
        f"Content-Type: application/msgpack\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
    )
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
    answer = await reader.readexactly(length)
    load.counts["sent"] += BATCH
    if b" 200 " in head[:20]:
        load.counts["taken"] += json.loads(answer)["kept"]
    else:
        load.counts[f"answer {head[9:12].decode()} {answer[:200]!r}"] += 1


async def main(wire: str, port: int, pace: int, seconds: float) -> None:
    """All devices, for so long."""
    devices = [Device(number, line.split(), pace) for number, line in enumerate(sys.stdin.readline().split(","))]
    load, go, open_ = Load(port, pace, seconds), asyncio.Event(), asyncio.Semaphore(0)
    if wire == "cot":
        works = [speak_cot(load, device, open_, go) for device in devices]
    else:
        lines = min(CONNECTIONS, len(devices))
        works = [speak_http(load, devices[number::lines], open_, go) for number in range(lines)]
    running = [asyncio.create_task(work) for work in works]
    for _ in running:
        await open_.acquire()
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    go.set()
    _, stuck = await asyncio.wait(running, timeout=seconds + PATIENCE_SECONDS)
    for work in stuck:  # a server that takes nothing more would hold them for ever
        work.cancel()
    await asyncio.gather(*(work for work in running if work not in stuck))
    print(json.dumps(load.counts), flush=True)


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])))
