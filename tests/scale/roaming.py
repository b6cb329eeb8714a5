"""Phones and screens that turn to the other server when the one they talk to is gone."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from itertools import count, cycle
from typing import Any

import httpx

from tests.scale.machines import Machine
from tests.world import Person


class Roaming(httpx.AsyncBaseTransport):
    """Each request goes to the next server; one that gets no answer is sent again to another. Deeds are safe to resend."""

    def __init__(self, machines: Sequence[Machine], first: int = 0) -> None:
        self.machines, self.turns = machines, count(first)
        self.line = httpx.AsyncHTTPTransport()
        self.lost = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer of the first server that gives one."""
        turn = next(self.turns)
        *before, last = [self.machines[(turn + step) % len(self.machines)] for step in range(len(self.machines))]
        for machine in before:
            try:
                return await self._ask(machine, request)
            except httpx.TransportError:
                self.lost += 1
        return await self._ask(last, request)

    async def _ask(self, machine: Machine, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(host="127.0.0.1", port=machine.port)
        answer = await self.line.handle_async_request(request)
        await answer.aread()
        return answer

    async def aclose(self) -> None:
        """Afterwards no connection is open."""
        await self.line.aclose()


class Screen:
    """A screen that follows the facts from the first one on; a lost connection is resumed at another server."""

    def __init__(self, machines: Sequence[Machine], person: Person, first: int) -> None:
        self.machines, self.person, self.first = machines, person, first
        self.facts: list[dict[str, Any]] = []
        self.connections = 0

    @property
    def last(self) -> int:
        """The number of the last fact that came."""
        return int(self.facts[-1]["seq"]) if self.facts else 0

    async def follow(self) -> None:
        """Follow until cancelled."""
        order = cycle([*self.machines[self.first :], *self.machines[: self.first]])
        async with httpx.AsyncClient(timeout=None) as http:  # noqa: S113  a feed is silent for as long as nothing happens
            while True:
                try:
                    await self._listen(http, next(order))
                except httpx.TransportError:
                    await asyncio.sleep(0)  # the next one in turn

    async def _listen(self, http: httpx.AsyncClient, machine: Machine) -> None:
        headers = {"authorization": f"Bearer {self.person.token}", "last-event-id": str(self.last)}
        async with http.stream("GET", f"{machine.address}/api/feed", headers=headers) as answer:
            answer.raise_for_status()
            self.connections += 1
            event = ""
            async for line in answer.aiter_lines():
                name, _, said = line.partition(": ")
                if name == "event":
                    event = said
                elif name == "data" and event == "fact":
                    self.facts.append(json.loads(said))
