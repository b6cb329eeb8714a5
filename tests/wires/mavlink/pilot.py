"""A small autopilot over the same wire, for what a good one does not do on command: refuse, fall silent, deny."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from pymavlink.dialects.v20 import ardupilotmega as dialect

from liandong.wires.mavlink.frame import decode, frames, signing_time
from tests.wires.mavlink.air import HOME, heartbeat, now_ms, position

BEAT_SECONDS = 0.02


class Autopilot(asyncio.DatagramProtocol):
    """An ArduCopter as the wire shows it, with a fast clock. `faults` are what it does wrong."""

    def __init__(self, system_id: int, key: bytes, faults: frozenset[str]) -> None:
        self.items: list[Any] = []
        self.commands: list[int] = []
        self.is_armed = self.is_flying = self.is_going_home = False
        self._faults, self._count, self._boot_ms, self._at = faults, 0, 0, 0
        self._packer = dialect.MAVLink(None, srcSystem=system_id, srcComponent=1)
        self._packer.signing.secret_key, self._packer.signing.sign_outgoing = key, True
        self._packer.signing.timestamp = signing_time(now_ms())
        self._key = key
        self.transport: asyncio.DatagramTransport

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def say(self, message: Any) -> None:
        self.transport.sendto(message.pack(self._packer))
        self._packer.seq = (self._packer.seq + 1) % 256

    def datagram_received(self, data: bytes, addr: Any) -> None:
        for one in frames(data):
            assert one.is_signed, "who signs is answered with a signature"
            message = decode(one)
            match message.get_type():
                case "MISSION_COUNT" if "deaf" not in self._faults:
                    self.items, self._count = [], message.count
                    self.say(dialect.MAVLink_mission_request_int_message(255, 190, 0, 0))
                case "MISSION_ITEM_INT":
                    self._take(message)
                case "COMMAND_LONG":
                    self._obey(message)

    def _take(self, message: Any) -> None:
        if "picky" in self._faults and message.command == dialect.MAV_CMD_DO_MOUNT_CONTROL:
            self.say(dialect.MAVLink_mission_ack_message(255, 190, dialect.MAV_MISSION_UNSUPPORTED, 0))
            return
        if message.seq == len(self.items):
            self.items.append(message)
        if len(self.items) < self._count:
            self.say(dialect.MAVLink_mission_request_int_message(255, 190, len(self.items), 0))
        else:
            self.say(dialect.MAVLink_mission_ack_message(255, 190, dialect.MAV_MISSION_ACCEPTED, 0))

    def _obey(self, message: Any) -> None:
        self.commands.append(message.command)
        result = dialect.MAV_RESULT_ACCEPTED
        if message.command == dialect.MAV_CMD_COMPONENT_ARM_DISARM:
            if "unarmable" in self._faults:
                result = dialect.MAV_RESULT_DENIED
            else:
                self.is_armed = bool(message.param1)
        elif message.command == dialect.MAV_CMD_MISSION_START:
            if "stubborn" in self._faults:
                result = dialect.MAV_RESULT_FAILED
            else:
                self.is_flying = True
        elif message.command == dialect.MAV_CMD_NAV_RETURN_TO_LAUNCH:
            self.is_going_home = True
        self.say(dialect.MAVLink_command_ack_message(message.command, result))

    async def live(self) -> None:
        """A heartbeat, a position and, in flight, the next item, again and again."""
        while not ("silent" in self._faults and self._at > 3):
            self._boot_ms += 1000
            self.say(heartbeat(armed=self.is_armed, mode=3))
            self.say(position(self._boot_ms, HOME[0] + self._at / 10000))
            if self.is_flying:
                self._step()
            await asyncio.sleep(BEAT_SECONDS)

    def _step(self) -> None:
        self._at += 1
        is_over = self._at >= len(self.items) or self.is_going_home or ("weak" in self._faults and self._at > 4)
        if is_over and not ("slow" in self._faults and not self.is_going_home):
            self.is_armed = self.is_flying = False
            return
        if self._at < len(self.items) - ("slow" in self._faults) * 3:
            self.say(dialect.MAVLink_mission_current_message(self._at))
            self.say(dialect.MAVLink_mission_item_reached_message(self._at))


@asynccontextmanager
async def autopilot(address: tuple[str, int], system_id: int, key: bytes, *faults: str) -> AsyncIterator[Autopilot]:
    """It lives inside, and speaks to this address."""
    found = Autopilot(system_id, key, frozenset(faults))
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: found, remote_addr=address)
    living = asyncio.create_task(found.live())
    try:
        yield found
    finally:
        living.cancel()
        with suppress(asyncio.CancelledError):
            await living
        transport.close()
