"""What becomes of a datagram: positions for the tracks room, what an aircraft says of itself remembered, the rest counted."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from pymavlink.dialects.v20 import ardupilotmega as dialect

from liandong.kernel.errors import Invalid, LiandongError, Refused
from liandong.means.tracks.points import Point
from liandong.wires.mavlink import frame
from liandong.wires.mavlink.craft import Address, Craft
from liandong.wires.mavlink.frame import Frame
from liandong.wires.mavlink.gimbal import held
from liandong.work.drones.autopilots import LinkedAircraft

Network = IPv4Network | IPv6Network
OF_A_FLIGHT = frozenset({
    dialect.MAVLINK_MSG_ID_MISSION_REQUEST, dialect.MAVLINK_MSG_ID_MISSION_REQUEST_INT,
    dialect.MAVLINK_MSG_ID_MISSION_ACK, dialect.MAVLINK_MSG_ID_COMMAND_ACK, dialect.MAVLINK_MSG_ID_MISSION_CURRENT,
    dialect.MAVLINK_MSG_ID_MISSION_ITEM_REACHED, dialect.MAVLINK_MSG_ID_HEARTBEAT,
})  # fmt: skip
LISTENED_TO = OF_A_FLIGHT | {
    dialect.MAVLINK_MSG_ID_GLOBAL_POSITION_INT, dialect.MAVLINK_MSG_ID_SYS_STATUS,
    dialect.MAVLINK_MSG_ID_GIMBAL_DEVICE_ATTITUDE_STATUS,
}  # fmt: skip
AUTOPILOT = dialect.MAV_COMP_ID_AUTOPILOT1


class Desk:
    """Takes the datagrams of one port. `clock` gives ms since 1970; `unsigned_from` are networks that need not sign."""

    def __init__(
        self, unsigned_from: Iterable[Network], clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    ) -> None:
        self.crafts: dict[int, Craft] = {}
        self.unknown: dict[int, int] = {}
        self.taken, self.refused, self.left = Counter[str](), Counter[str](), 0
        self.heard = 0
        self.now_ms = clock
        self._unsigned_from = list(unsigned_from)

    def know(self, linked: Mapping[int, LinkedAircraft]) -> None:
        """These aircraft are on record, and no others; one with another number or key begins anew."""
        for system_id in [one for one, craft in self.crafts.items() if linked.get(one) != craft.known]:
            del self.crafts[system_id]
        for system_id, known in linked.items():
            if system_id not in self.crafts:
                self.crafts[system_id] = Craft(known)
            self.unknown.pop(system_id, None)

    def take(self, datagram: bytes, sender: Address) -> list[Point]:
        """The positions in it; a frame that is not taken is counted by its reason and harms nothing else."""
        points: list[Point] = []
        self.heard += 1
        try:
            for one in frame.frames(datagram):
                try:
                    self._deal(one, sender, points)
                except LiandongError as error:
                    self.refused[error.code] += 1
        except LiandongError as error:
            self.refused[error.code] += 1
        return points

    def _deal(self, one: Frame, sender: Address, points: list[Point]) -> None:
        if one.message_id not in LISTENED_TO or (one.component_id != AUTOPILOT and one.system_id in self.crafts):
            self.left += 1
            return
        now_ms = self.now_ms()
        message = frame.decode(one)
        craft = self.crafts.get(one.system_id)
        if craft is None:
            self.unknown[one.system_id] = now_ms
            raise Refused("mavlink.aircraft_unknown", system_id=one.system_id)
        if one.is_signed:
            craft.seal.check(one, now_ms)
        elif not self._may_be_unsigned(sender):
            raise Refused("mavlink.unsigned")
        craft.speaks_from(sender, is_signed=one.is_signed, now_ms=now_ms)
        self.taken[message.get_type()] += 1
        point = _remember(craft, message, now_ms)
        if point is not None:
            points.append(point)
        if craft.inbox is not None and one.message_id in OF_A_FLIGHT and not craft.inbox.full():
            craft.inbox.put_nowait(message)

    def _may_be_unsigned(self, sender: Address) -> bool:
        try:
            address = ip_address(sender[0].partition("%")[0])
        except ValueError:
            return False
        return any(address in network for network in self._unsigned_from)


def _remember(craft: Craft, message: Any, now_ms: int) -> Point | None:
    match message.get_msgId():
        case dialect.MAVLINK_MSG_ID_HEARTBEAT:
            craft.heartbeat(message)
        case dialect.MAVLINK_MSG_ID_SYS_STATUS:
            craft.battery_percent = None if message.battery_remaining < 0 else message.battery_remaining
        case dialect.MAVLINK_MSG_ID_GIMBAL_DEVICE_ATTITUDE_STATUS:
            craft.camera = held(message, now_ms)
        case dialect.MAVLINK_MSG_ID_GLOBAL_POSITION_INT:
            return craft.position(message, now_ms)
    return None


def read_networks(said: str) -> list[Network]:
    """Networks written one after the other with commas.

    Raises    mavlink.network_unreadable
    """
    try:
        return [ip_network(one.strip()) for one in said.split(",") if one.strip()]
    except ValueError as error:
        raise Invalid("mavlink.network_unreadable", said=said) from error
