"""What speaks to one aircraft: messages packed, signed if it signs, and sent to where it was last heard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pymavlink.dialects.v20 import ardupilotmega as dialect

from liandong.kernel.errors import Refused
from liandong.wires.mavlink.craft import Address, Craft
from liandong.wires.mavlink.frame import signing_time

OUR_SYSTEM, OUR_COMPONENT = 255, dialect.MAV_COMP_ID_MISSIONPLANNER


class Link:
    """One aircraft's. `send_to` sends bytes to an address; `clock` gives ms since 1970."""

    def __init__(self, craft: Craft, send_to: Callable[[bytes, Address], None], clock: Callable[[], int]) -> None:
        self.craft, self.now_ms = craft, clock
        self._send_to = send_to
        self._packer = dialect.MAVLink(None, srcSystem=OUR_SYSTEM, srcComponent=OUR_COMPONENT)
        self._packer.signing.secret_key = craft.known.signing_key

    def say(self, message: Any) -> None:
        """The message is on its way.

        Raises    mavlink.not_there
        """
        craft, packer = self.craft, self._packer
        if craft.sender is None or not craft.is_there(self.now_ms()):
            raise Refused("mavlink.not_there", title=craft.known.title)
        packer.signing.sign_outgoing = craft.is_signing
        packer.signing.timestamp = max(packer.signing.timestamp, signing_time(self.now_ms()))
        raw = message.pack(packer)
        packer.seq = (packer.seq + 1) % 256
        self._send_to(raw, craft.sender)
