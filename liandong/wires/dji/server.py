"""The listener of docks as a process: one connection to the broker, kept and made again, until a signal comes."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import unquote, urlsplit

import aiomqtt
import msgspec

from liandong.kernel.db import Database
from liandong.kernel.errors import Invalid, Refused
from liandong.kernel.health import telling_health, until_stopped
from liandong.kernel.settings import settings
from liandong.means.tracks.backlog import Backlog
from liandong.means.tracks.telemetry import Telemetry
from liandong.wires.dji.desk import Desk

log = logging.getLogger(__name__)

TOPICS = tuple(
    f"{root}/product/+/{word}"
    for root, word in (
        ("sys", "status"),
        *(("thing", w) for w in ("osd", "events", "requests", "state", "services_reply")),
    )
)
AGAIN_SECONDS = 1.0
MOST_UNREAD = 10_000
"""Messages of the broker that wait to be read."""
BROKER_SECONDS = 5.0
"""A broker that signs for nothing for so long is gone; while an answer waits for that, nothing else is heard."""
PLAIN_PORT, TLS_PORT = 1883, 8883


class Listener:
    """One connection to the broker. `listening` is set while all topics are subscribed to."""

    def __init__(self, db: Database, url: str | None) -> None:
        self.desk, self.listening = Desk(db), asyncio.Event()
        self._telemetry = Telemetry(db)
        self._backlog = Backlog(self._telemetry, self.desk.refused)
        self._url = _checked(url)
        self.work: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Listen, answer and keep until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._telemetry.run())
            group.create_task(self._backlog.run())
            group.create_task(self.desk.flights.run())
            group.create_task(self._stay_connected())

    async def _stay_connected(self) -> None:
        while True:
            try:
                await self._listen()
            except (aiomqtt.MqttError, OSError) as error:
                log.warning("broker: %s; trying again", error)
            finally:
                self.listening.clear()
                self.desk.commands.send = None
            await asyncio.sleep(AGAIN_SECONDS)

    async def _listen(self) -> None:
        async with _client(self._url) as client:
            await client.subscribe([(topic, 1) for topic in TOPICS])
            self.desk.commands.send = lambda topic, body: _command(client, topic, body)
            self.listening.set()
            async for message in client.messages:
                payload = message.payload
                await self._take(client, message.topic.value, payload if isinstance(payload, bytes) else b"")

    async def _take(self, client: aiomqtt.Client, topic: str, payload: bytes) -> None:
        outcome = await self.desk.take(topic, payload)
        if outcome.point is not None:
            self._backlog.add(outcome.point)
        if outcome.answer is not None:
            await _publish(client, outcome.answer.topic, outcome.answer.body)

    def tell_health(self) -> dict[str, Any]:
        """How it is: who is there, what was taken, what was refused and why, and which serial numbers nobody knows."""
        online = self.desk.presence.online(self.desk.now_ms())
        return {
            "listening": self.listening.is_set(),
            "online": [{**vars(one), "aircraft": sorted(one.aircraft)} for one in online],
            "taken": dict(self.desk.taken),
            "refused": dict(self.desk.refused),
            "unknown_aircraft": dict(self.desk.unknown),
        }


@asynccontextmanager
async def running(db: Database, url: str | None, port: int) -> AsyncIterator[Listener]:
    """The listener runs inside; how it is, is told at `/health` to this machine only: serial numbers are nobody's business.

    Raises    dji.no_broker
    """
    listener = Listener(db, url)
    async with telling_health(port, listener.tell_health):
        work = listener.work = asyncio.create_task(listener.run())
        try:
            yield listener
        finally:
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work


async def serve(db: Database, stop: asyncio.Event) -> None:
    """Listen until told to stop.

    Raises    dji.no_broker
    """
    async with running(db, settings().mqtt_url, settings().dock_port) as listener:
        await until_stopped(stop, listener.work)


async def _command(client: aiomqtt.Client, topic: str, body: dict[str, Any]) -> None:
    try:
        await _publish(client, topic, body)
    except aiomqtt.MqttError:
        raise Refused("dji.dock_offline") from None


async def _publish(client: aiomqtt.Client, topic: str, body: dict[str, Any]) -> None:
    await client.publish(topic, msgspec.json.encode(body), qos=1)


def _checked(url: str | None) -> str:
    parts = urlsplit(url or "")
    if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname:
        raise Invalid("dji.no_broker")
    return url or ""


def _client(url: str) -> aiomqtt.Client:
    """A connection by this address. A clean one: what was said while nobody listened is old, docks say it again."""
    parts = urlsplit(url)
    is_safe = parts.scheme == "mqtts"
    return aiomqtt.Client(
        parts.hostname or "",
        parts.port or (TLS_PORT if is_safe else PLAIN_PORT),
        username=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
        identifier="liandong-dock",
        timeout=BROKER_SECONDS,
        tls_context=ssl.create_default_context() if is_safe else None,
        max_queued_incoming_messages=MOST_UNREAD,
    )
