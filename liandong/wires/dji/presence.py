"""Which docks and remote controls are there, and which aircraft each of them may speak for."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from liandong.kernel.errors import Refused
from liandong.wires.dji.frame import Progress

SILENT_MS = 60_000
"""A gateway that says nothing for so long is gone: the protocol has no last will, a dock speaks every two seconds."""
MOST_GATEWAYS = 1_000


@dataclass
class Gateway:
    """A dock or remote control that is there. Times are ms since 1970 by our own clock."""

    serial_no: str
    since_ms: int
    heard_ms: int
    aircraft: set[str] = field(default_factory=set)
    progress: Progress | None = None
    alarms: list[str] = field(default_factory=list)
    cameras: list[str] = field(default_factory=list)
    is_sending: bool = False


class Presence:
    """The gateways that were heard of, the one that was silent longest first."""

    def __init__(self) -> None:
        self._gateways: OrderedDict[str, Gateway] = OrderedDict()

    def online(self, now_ms: int) -> list[Gateway]:
        """The gateways that are there now."""
        return [one for one in self._gateways.values() if now_ms - one.heard_ms <= SILENT_MS]

    def is_online(self, serial_no: str, now_ms: int) -> bool:
        """Whether this is a gateway that is there now."""
        known = self._gateways.get(serial_no)
        return known is not None and now_ms - known.heard_ms <= SILENT_MS

    def heard(self, serial_no: str, now_ms: int) -> Gateway:
        """A gateway has spoken. One that was silent too long begins anew, and speaks for nobody until it says so."""
        known = self._gateways.get(serial_no)
        if known is None or now_ms - known.heard_ms > SILENT_MS:
            known = self._gateways[serial_no] = Gateway(serial_no, now_ms, now_ms)
        known.heard_ms = now_ms
        self._gateways.move_to_end(serial_no)
        if len(self._gateways) > MOST_GATEWAYS:
            self._gateways.popitem(last=False)
        return known

    def connected(self, serial_no: str, aircraft: tuple[str, ...], now_ms: int) -> None:
        """These aircraft, and no others, are with the gateway now.

        Raises    dji.not_own_device: one of them is with another gateway that is there; then nothing changes
        """
        for one in aircraft:
            if self.holder(one, now_ms) not in (None, serial_no):
                raise Refused("dji.not_own_device")
        self.heard(serial_no, now_ms).aircraft = set(aircraft)

    def speaks_for(self, gateway: str | None, aircraft: str, now_ms: int) -> None:
        """The gateway may report for the aircraft. What nobody there holds becomes the gateway's: after a start of ours
        docks go on reporting and do not say again what is with them.

        Raises    dji.not_own_device
        """
        holder = self.holder(aircraft, now_ms)
        if holder is not None and gateway in (None, holder):
            self.heard(holder, now_ms)
        elif holder is None and gateway not in (None, aircraft):
            assert gateway is not None
            self.heard(gateway, now_ms).aircraft.add(aircraft)
        else:
            raise Refused("dji.not_own_device")

    def holder(self, aircraft: str, now_ms: int) -> str | None:
        """The gateway that is there now and speaks for this aircraft."""
        return next((one.serial_no for one in self.online(now_ms) if aircraft in one.aircraft), None)
