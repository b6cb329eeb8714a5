"""The telemetry bus: what one server process tells the others, at once and without a promise.

Without a setting there is none, and the database's own notices carry what is kept there anyway. With `bus_url` an
existing NATS does, which takes that work from the database.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

from nats.aio.client import Client
from nats.aio.msg import Msg

log = logging.getLogger(__name__)

SUBJECT = "liandong.positions"
AGAIN_SECONDS = 1
LARGEST = 512 * 1024


class Bus(Protocol):
    """A line between server processes. What is lost on it is made good by the next that is told."""

    async def tell(self, message: bytes) -> None:
        """The others are told, if they can be reached."""

    async def run(self) -> None:
        """Connected, and connected again, until cancelled."""


class NatsBus:
    """A line over NATS (Apache-2.0): one subject, at most once."""

    def __init__(self, url: str, hear: Callable[[bytes], None]) -> None:
        self._url, self._hear = url, hear
        self._client: Client | None = None

    async def tell(self, message: bytes) -> None:
        """The others are told, if the bus can be reached; a message beyond what it carries is for the next tick."""
        client = self._client
        if client is not None and client.is_connected and len(message) <= LARGEST:
            await client.publish(SUBJECT, message)

    async def run(self) -> None:
        """Connected, and connected again, until cancelled."""
        client = Client()
        try:
            await client.connect(
                self._url, name="liandong", max_reconnect_attempts=-1, reconnect_time_wait=AGAIN_SECONDS,
                allow_reconnect=True, error_cb=_told, disconnected_cb=_gone,
            )  # fmt: skip
            self._client = client
            await client.subscribe(SUBJECT, cb=self._take)
            await asyncio.Event().wait()
        finally:
            self._client = None
            await client.close()

    async def _take(self, message: Msg) -> None:
        self._hear(message.data)


async def _told(error: Exception) -> None:
    log.warning("bus: %s", error)


async def _gone() -> None:
    log.warning("bus: connection lost, trying again")


def bus_from(url: str | None, hear: Callable[[bytes], None]) -> Bus | None:
    """The line that a setting names, or None. What the others tell is handed to `hear`."""
    return NatsBus(url, hear) if url else None
