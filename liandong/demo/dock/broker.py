"""A real MQTT broker (the door of NATS) where each device has its account and may speak only on topics of its own."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from liandong.kernel.errors import Broken

SERVER = "liandong"
ANY_PORT = -1
"""Nobody speaks NATS's own language here; its door for that opens on whatever port is free."""


@dataclass
class Broker:
    """Where it listens, and the password of each account."""

    port: int
    passwords: Mapping[str, str]
    running: Running | None = None

    def url(self, account: str = SERVER) -> str:
        """The address with which this account connects."""
        return f"mqtt://{account}:{self.passwords[account]}@127.0.0.1:{self.port}"


def _permissions(gateway: str, aircraft: tuple[str, ...]) -> dict[str, list[str]]:
    """What NATS writes with a dot, MQTT writes with a slash."""
    said = [f"sys.product.{gateway}.status", f"thing.product.{gateway}.*"]
    heard = [f"sys.product.{gateway}.status_reply", f"thing.product.{gateway}.*"]
    return {"publish": [*said, *(f"thing.product.{one}.osd" for one in aircraft)], "subscribe": [*heard, "$MQTT.>"]}


@asynccontextmanager
async def broker(folder: Path, port: int, gateways: Mapping[str, tuple[str, ...]]) -> AsyncIterator[Broker]:
    """Listening inside on this port of this machine. `gateways`: the serial number of each, with those of its aircraft.

    Raises    demo.no_broker: it does not run here
    """
    found = Broker(port, {name: secrets.token_hex(8) for name in (SERVER, *gateways)})
    users: list[object] = [{"user": SERVER, "password": found.passwords[SERVER]}]
    for gateway, aircraft in gateways.items():
        permissions = _permissions(gateway, aircraft)
        users.append({"user": gateway, "password": found.passwords[gateway], "permissions": permissions})
    config = {
        "server_name": "sample",
        "host": "127.0.0.1",
        "port": ANY_PORT,
        "jetstream": {"store_dir": str(folder / "broker")},
        "mqtt": {"host": "127.0.0.1", "port": port},
        "authorization": {"users": users},
    }
    running = found.running = Running(_written(folder, config), port)
    await running.start()
    try:
        yield found
    finally:
        await running.stop()


def _written(folder: Path, config: object) -> Path:
    """The passwords are nobody else's to read."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "broker.conf"
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(config, out)
    return file


@dataclass
class Running:
    """The broker's process, which may be stopped and started again."""

    config: Path
    port: int
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Its door is open.

        Raises    demo.no_broker
        """
        program = Path(sys.executable).with_name("nats-server")
        quiet = asyncio.subprocess.DEVNULL
        try:
            # a session of its own: Ctrl-C ends it in its turn, after those who speak through it
            self.process = await asyncio.create_subprocess_exec(
                program, "-c", self.config, stdout=quiet, stderr=quiet, start_new_session=True
            )
            await _until_open(self.port, self.process)
        except OSError as error:
            raise Broken("demo.no_broker", why=str(error)) from error

    async def stop(self) -> None:
        """It has ended."""
        if self.process is not None and self.process.returncode is None:
            self.process.terminate()
            await self.process.wait()


async def _until_open(port: int, server: asyncio.subprocess.Process) -> None:
    while server.returncode is None:
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            return writer.close()
        await asyncio.sleep(0.05)  # it tells nobody when its door is open
    raise Broken("demo.no_broker", why=f"{server.returncode}")
