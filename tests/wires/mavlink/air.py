"""Our side listening on a real port, and what an aircraft sends to it."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from pymavlink.dialects.v20 import ardupilotmega as dialect

from liandong.kernel.db import Database
from liandong.wires.mavlink import server
from liandong.wires.mavlink.desk import Desk, read_networks
from liandong.wires.mavlink.flight import Patience
from liandong.wires.mavlink.frame import signing_time
from liandong.wires.mavlink.server import Listener
from tests.ports import free_port

HERE = Path(__file__).parent
ANYONE_HERE = "127.0.0.0/8"
REGISTERED = {
    "title": "示例无人机", "model": "示例型号", "registration_no": "UAS-示例", "swath_per_height": 1.4, "speed_m_s": 10,
    "usable_min": 20,
}  # fmt: skip
HOME = (116.9001, 36.6512)


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@asynccontextmanager
async def listening(
    db: Database, *, unsigned_from: str = "", clock: Callable[[], int] = now_ms, patience: Patience | None = None
) -> AsyncIterator[tuple[Listener, tuple[str, int], int]]:
    """The listener, where it listens, and where it tells how it is."""
    address, health = ("127.0.0.1", free_port(socket.SOCK_DGRAM)), free_port()
    async with server.running(db, address, Desk(read_networks(unsigned_from), clock), health, patience) as found:
        yield found, address, health


class Sender:
    """A socket of an aircraft. `key`: what it signs with; none: it does not."""

    def __init__(self, listener: Listener, address: tuple[str, int], system_id: int, key: bytes | None = None) -> None:
        self._listener, self._socket = listener, socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.connect(address)
        self.packer = dialect.MAVLink(None, srcSystem=system_id, srcComponent=1)
        if key is not None:
            self.packer.signing.secret_key, self.packer.signing.sign_outgoing = key, True
            self.packer.signing.timestamp = signing_time(now_ms())

    def pack(self, message: Any) -> bytes:
        raw = bytes(message.pack(self.packer))
        self.packer.seq = (self.packer.seq + 1) % 256
        return raw

    async def send(self, raw: bytes) -> None:
        """It is on the wire, and has been heard."""
        heard = self._listener.desk.heard
        self._socket.send(raw)
        await until(lambda: self._listener.desk.heard > heard)

    async def say(self, message: Any) -> None:
        await self.send(self.pack(message))

    def close(self) -> None:
        self._socket.close()


def heartbeat(*, armed: bool = False, mode: int = 0) -> Any:
    base = dialect.MAV_MODE_FLAG_CUSTOM_MODE_ENABLED | (dialect.MAV_MODE_FLAG_SAFETY_ARMED if armed else 0)
    kind, autopilot = dialect.MAV_TYPE_QUADROTOR, dialect.MAV_AUTOPILOT_ARDUPILOTMEGA
    return dialect.MAVLink_heartbeat_message(kind, autopilot, base, mode, dialect.MAV_STATE_ACTIVE, 3)


def position(boot_ms: int, lon: float = HOME[0], lat: float = HOME[1], *, height_m: float = 60.0) -> Any:
    return dialect.MAVLink_global_position_int_message(
        boot_ms,
        round(lat * 1e7),
        round(lon * 1e7),
        round((100 + height_m) * 1000),
        round(height_m * 1000),
        300,
        400,
        0,
        9000,
    )


async def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    """Waits for what nobody tells: the other end of a socket."""
    async with asyncio.timeout(seconds):
        while True:
            if holds():
                return
            await asyncio.sleep(0.001)


def recorded() -> Iterator[tuple[int, bytes]]:
    """The frames of the recorded flight, each with the instant in ms at which it was received."""
    body, at = (HERE / "patrol.tlog").read_bytes(), 0
    while at < len(body):
        (received_us,) = struct.unpack_from(">Q", body, at)
        at += 8
        length = body[at + 1] + (12 if body[at] == 0xFD else 8)
        yield received_us // 1000, body[at : at + length]
        at += length
