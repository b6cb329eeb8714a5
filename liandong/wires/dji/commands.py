"""What docks are asked to do, and their replies: each is matched by its numbers, or waited for in vain."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple
from uuid import uuid4

from liandong.kernel.errors import Refused, catalogue
from liandong.wires.dji import frame
from liandong.wires.dji.frame import Message

REPLY_SECONDS = 10.0
"""How long a dock may think; it answers at once, before it does what it was asked."""
Send = Callable[[str, dict[str, Any]], Awaitable[None]]


class _Asked(NamedTuple):
    gateway: str
    bid: str
    reply: asyncio.Future[int]


class Commands:
    """The commands that wait for their replies. `send` publishes a body on a topic; without one nothing is sent."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self.send: Send | None = None
        self._now_ms = clock
        self._waiting: dict[str, _Asked] = {}

    async def ask(self, gateway: str, method: str, data: dict[str, Any]) -> None:
        """The dock has said yes to this command.

        Raises    dji.no_reply, dji.dock_offline, dji.device_refused, dji.device_<number>
        """
        tid, bid = str(uuid4()), str(uuid4())
        asked = _Asked(gateway, bid, asyncio.get_running_loop().create_future())
        self._waiting[tid] = asked
        try:
            await self._say(gateway, method, data, tid, bid)
            async with asyncio.timeout(REPLY_SECONDS):
                number = await asked.reply
        except TimeoutError:
            raise Refused("dji.no_reply") from None
        finally:
            del self._waiting[tid]
        if number != 0:
            raise said_no(number)

    async def tell(self, gateway: str, method: str, data: dict[str, Any]) -> None:
        """The command is on its way; nobody waits for the reply, which is counted as one that nobody asked for.

        Raises    dji.dock_offline
        """
        await self._say(gateway, method, data, str(uuid4()), str(uuid4()))

    def take(self, message: Message) -> None:
        """A reply reaches whoever waits for it.

        Raises    dji.unreadable, dji.reply_unasked
        """
        asked = self._waiting.get(message.tid)
        if asked is None or asked.gateway != message.serial_no or message.bid not in ("", asked.bid):
            raise Refused("dji.reply_unasked")
        number = frame.result(message)
        if not asked.reply.done():
            asked.reply.set_result(number)

    async def _say(self, gateway: str, method: str, data: dict[str, Any], tid: str, bid: str) -> None:
        if self.send is None:
            raise Refused("dji.dock_offline")
        body = {"tid": tid, "bid": bid, "timestamp": self._now_ms(), "method": method, "data": data}
        await self.send(f"thing/product/{gateway}/services", body)


def said_no(number: int) -> Refused:
    """What a device's number means, in words where the rulebook has them."""
    if f"dji.device_{number}" in catalogue():
        return Refused(f"dji.device_{number}", number=number)
    return Refused("dji.device_refused", number=number)
