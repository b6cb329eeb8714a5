"""A simulated dock with one aircraft: says over a real broker what a dock says, and waits for what it is answered."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import aiomqtt

from liandong.demo.dock.broker import Broker

Body = dict[str, Any]


class Dock:
    """A dock that is connected."""

    def __init__(self, client: aiomqtt.Client, serial_no: str, aircraft: str) -> None:
        self.client, self.serial_no, self.aircraft = client, serial_no, aircraft

    async def say(self, topic: str, body: object) -> None:
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        await self.client.publish(topic, payload, qos=1)

    async def ask(self, word: str, method: str, data: Body) -> Body:
        """Say it and wait for the answer to it; answers to others are passed over."""
        tid = str(uuid4())
        root = "sys" if word == "status" else "thing"
        envelope = {"tid": tid, "bid": tid, "timestamp": _now_ms(), "method": method, "need_reply": 1, "data": data}
        await self.say(f"{root}/product/{self.serial_no}/{word}", envelope)
        async with asyncio.timeout(20):
            async for message in self.client.messages:
                assert isinstance(message.payload, bytes)
                answer: Body = json.loads(message.payload)
                if answer["tid"] == tid:
                    assert answer["method"] == method
                    return dict(answer["data"])
        raise AssertionError("the connection was closed")

    async def connect_aircraft(self) -> Body:
        device = {"sn": self.aircraft, "domain": "0", "type": 91, "sub_type": 0, "index": "A"}
        return await self.ask("status", "update_topo", {"domain": "3", "type": 2, "sub_devices": [device]})

    async def report(self, data: Body, *, aircraft: str | None = None, at_ms: int | None = None) -> None:
        """A report of the aircraft, or of another that is none of its own."""
        serial_no = aircraft or self.aircraft
        stamp = _now_ms() if at_ms is None else at_ms
        body = {"tid": "t", "bid": "b", "timestamp": stamp, "gateway": self.serial_no, "data": data}
        await self.say(f"thing/product/{serial_no}/osd", body)


@asynccontextmanager
async def dock(at: Broker, serial_no: str, aircraft: str) -> AsyncIterator[Dock]:
    """Connected inside, with its own account."""
    client = aiomqtt.Client(
        "127.0.0.1", at.port, username=serial_no, password=at.passwords[serial_no], identifier=serial_no
    )
    async with client:
        words = ("status_reply", "events_reply", "requests_reply")
        for word in words:
            root = "sys" if word == "status_reply" else "thing"
            await client.subscribe(f"{root}/product/{serial_no}/{word}", qos=1)
        yield Dock(client, serial_no, aircraft)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
