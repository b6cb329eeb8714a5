"""Frames of MAVLink 1 and 2, read without a side effect: cut apart, proved, decoded.

Source    MAVLink developer guide: "Packet Serialization", "Message Signing". What the messages mean is the generated
          dialect `ardupilotmega` of pymavlink, which holds `common`. The sample was recorded: `tests/wires/mavlink/README.md`
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, NamedTuple

from pymavlink.dialects.v20 import ardupilotmega as dialect

from liandong.kernel.errors import Invalid, Refused

LARGEST = 16 * 1024
"""Bytes of one datagram; radios and routers send a few frames of at most 280 bytes at once."""
V1, V2 = 0xFE, 0xFD
SIGNED = 0x01
SIGNATURE_BYTES, PROOF_BYTES = 13, 6
SIGNED_SINCE_MS = 1_420_070_400_000
"""Signed times count from 2015-01-01 UTC, in units of 10 µs."""
UNITS_PER_MS = 100
BEHIND_UNITS = 60_000 * UNITS_PER_MS
"""How far behind our clock the first signed time of a link may be, as the guide says."""
TRAILER_BYTES = 2


class Frame(NamedTuple):
    """One frame, whole but not proved yet."""

    raw: bytes
    system_id: int
    component_id: int
    message_id: int
    is_signed: bool


def frames(datagram: bytes) -> Iterator[Frame]:
    """The frames of a datagram one after the other; what is no frame ends it.

    Raises    mavlink.too_large, mavlink.unreadable
    """
    if len(datagram) > LARGEST:
        raise Invalid("mavlink.too_large", most=LARGEST)
    if not datagram:
        raise Invalid("mavlink.unreadable")
    begin = 0
    while begin < len(datagram):
        found = _frame(datagram[begin:])
        yield found
        begin += len(found.raw)


def _frame(rest: bytes) -> Frame:
    magic, is_signed = rest[0], False
    head = 6 if magic == V1 else 10
    if magic not in (V1, V2) or len(rest) < head:
        raise Invalid("mavlink.unreadable")
    length = head + rest[1] + TRAILER_BYTES
    if magic == V2:
        if rest[2] & ~SIGNED:  # a flag that must be understood and is not
            raise Invalid("mavlink.unreadable")
        is_signed = bool(rest[2] & SIGNED)
        length += SIGNATURE_BYTES * is_signed
    if len(rest) < length:
        raise Invalid("mavlink.unreadable")
    if magic == V1:
        return Frame(rest[:length], rest[3], rest[4], rest[5], is_signed)
    return Frame(rest[:length], rest[5], rest[6], int.from_bytes(rest[7:10], "little"), is_signed)


class Seal:
    """What one aircraft's signatures are held against. A frame is heard once: signed times of a link only grow.

    The library's own check notes a time before it has proved it, so one forged frame would shut the aircraft out.
    """

    def __init__(self, key: bytes) -> None:
        self.key = key
        self._newest: dict[tuple[int, int], int] = {}

    def check(self, frame: Frame, now_ms: int) -> None:
        """The frame was signed with the key, and not heard before.

        Raises    mavlink.wrong_signature, mavlink.replayed
        """
        block, signed = frame.raw[-SIGNATURE_BYTES:], frame.raw[:-PROOF_BYTES]
        proof = sha256(self.key + signed).digest()[:PROOF_BYTES]
        if not hmac.compare_digest(proof, block[-PROOF_BYTES:]):
            raise Refused("mavlink.wrong_signature")
        link, moment = (block[0], frame.component_id), int.from_bytes(block[1:7], "little")
        newest = self._newest.get(link, signing_time(now_ms) - BEHIND_UNITS)
        if moment <= newest:
            raise Refused("mavlink.replayed")
        self._newest[link] = moment


def signing_time(now_ms: int) -> int:
    """An instant, ms since 1970, as frames sign it."""
    return (now_ms - SIGNED_SINCE_MS) * UNITS_PER_MS


def decode(frame: Frame) -> Any:
    """The message of a frame whose checksum is right, as the dialect names its fields.

    Raises    mavlink.wrong_checksum, mavlink.unreadable
    """
    kind = dialect.mavlink_map.get(frame.message_id)
    if kind is None:
        raise Invalid("mavlink.unreadable")
    end = len(frame.raw) - SIGNATURE_BYTES * frame.is_signed
    checksum = dialect.x25crc(frame.raw[1 : end - TRAILER_BYTES] + bytes([kind.crc_extra])).crc
    if checksum != int.from_bytes(frame.raw[end - TRAILER_BYTES : end], "little"):
        raise Invalid("mavlink.wrong_checksum")
    try:
        return dialect.MAVLink(None).decode(bytearray(frame.raw))
    except (dialect.MAVError, UnicodeError, ValueError):
        raise Invalid("mavlink.unreadable") from None
