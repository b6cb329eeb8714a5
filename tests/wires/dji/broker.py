"""A real MQTT broker (the door of NATS) where each device has its account and may speak only on topics of its own."""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.ports import free_ports

SERVER = "liandong"


@dataclass(frozen=True)
class Broker:
    """Where it listens, and the password of each account."""

    port: int
    passwords: Mapping[str, str]

    def url(self, account: str = SERVER) -> str:
        return f"mqtt://{account}:{self.passwords[account]}@127.0.0.1:{self.port}"


def _permissions(gateway: str, aircraft: tuple[str, ...]) -> dict[str, list[str]]:
    """What NATS writes with a dot, MQTT writes with a slash."""
    said = [f"sys.product.{gateway}.status", f"thing.product.{gateway}.*"]
    heard = [f"sys.product.{gateway}.status_reply", f"thing.product.{gateway}.*"]
    return {"publish": [*said, *(f"thing.product.{one}.osd" for one in aircraft)], "subscribe": [*heard, "$MQTT.>"]}


@asynccontextmanager
async def broker(folder: Path, gateways: Mapping[str, tuple[str, ...]]) -> AsyncIterator[Broker]:
    """Listening inside. `gateways`: the serial number of each, with those of its aircraft."""
    port, clients = free_ports(2)
    found = Broker(port, {name: secrets.token_hex(8) for name in (SERVER, *gateways)})
    users: list[object] = [{"user": SERVER, "password": found.passwords[SERVER]}]
    for gateway, aircraft in gateways.items():
        permissions = _permissions(gateway, aircraft)
        users.append({"user": gateway, "password": found.passwords[gateway], "permissions": permissions})
    config = {
        "server_name": "sample",
        "host": "127.0.0.1",
        "port": clients,
        "jetstream": {"store_dir": str(folder / "broker")},
        "mqtt": {"host": "127.0.0.1", "port": port},
        "authorization": {"users": users},
    }
    file = folder / "broker.conf"
    file.write_text(json.dumps(config))
    program = Path(sys.executable).with_name("nats-server")
    server = await asyncio.create_subprocess_exec(program, "-c", file, stderr=asyncio.subprocess.DEVNULL)
    try:
        await _until_open(port, server)
        yield found
    finally:
        server.terminate()
        await server.wait()


async def _until_open(port: int, server: asyncio.subprocess.Process) -> None:
    while server.returncode is None:
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            return writer.close()
        await asyncio.sleep(0.05)  # it tells nobody when its door is open
    raise AssertionError("the broker did not start")
