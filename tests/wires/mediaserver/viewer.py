"""Somebody who watches without a browser: everything that comes over the socket, as it comes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from tests.seat import Body, Seat


async def play_address(seat: Seat, stream: Body) -> str:
    """Where this person may watch the stream now."""
    ticket = await seat.post(f"/streams/{stream['id']}/view_ticket")
    url: str = ticket["addresses"][0]["url"]
    return url.replace("//test:", "//127.0.0.1:")


class Eye:
    """One look."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def next(self, seconds: float = 10) -> Any:
        """The next message: a dict for text, bytes for pictures, the close code when the look was ended."""
        message = await asyncio.wait_for(self.socket.receive(), seconds)
        if message.type is aiohttp.WSMsgType.TEXT:
            return message.json()
        return message.data if message.type is aiohttp.WSMsgType.BINARY else self.socket.close_code

    async def until(self, say: str) -> dict[str, Any]:
        """The next message that says this; what comes before it is passed over."""
        while True:
            found = await self.next()
            if isinstance(found, dict) and found["say"] == say:
                return found
            assert not isinstance(found, int | None), f"the look ended ({found}) before it said {say}"

    async def pictures(self, count: int) -> list[bytes]:
        """So many binary messages."""
        found: list[bytes] = []
        while len(found) < count:
            one = await self.next()
            assert not isinstance(one, int | None), f"the look ended ({one})"
            if isinstance(one, bytes):
                found.append(one)
        return found

    async def end_code(self) -> int | None:
        """With which code the relay ended the look."""
        while True:
            found = await self.next(15)
            if isinstance(found, int) or found is None:
                return found


@asynccontextmanager
async def watching(address: str) -> AsyncIterator[Eye]:
    """A look, ended afterwards."""
    async with aiohttp.ClientSession() as http, http.ws_connect(address) as socket:
        yield Eye(socket)


async def answer_at(address: str) -> tuple[int, str]:
    """The status and the code with which the door answers whoever may not pass."""
    async with aiohttp.ClientSession() as http, http.get(address.replace("ws://", "http://")) as answer:
        return answer.status, (await answer.json())["code"]
