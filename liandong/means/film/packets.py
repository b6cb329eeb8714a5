"""What a phone's browser sends over its WebSocket: one picture a message. docs/phone-pictures.md is its description.

byte 0      what it is: 1 configuration (avcC) · 2 key frame · 3 frame · 4 still (JPEG)
bytes 1-3   nought
bytes 4-7   when it was taken: milliseconds of the sender's own clock, big endian
from 8 on   the bytes themselves; a frame is length-prefixed NAL units as ISO/IEC 14496-15 has them, never reordered
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from liandong.means.film.flv import Holds, VideoTag
from liandong.means.film.refusals import PICTURE, PROTOCOL, Unusable

SUBPROTOCOL = "liandong.picture.1"
CONFIGURATION, KEY_FRAME, FRAME, STILL = 1, 2, 3, 4
HEADER = struct.Struct(">B3sI")
LARGEST_PACKET = 4 * 1024 * 1024
LARGEST_STILL = 512 * 1024
JPEG_BEGINS, JPEG_ENDS = b"\xff\xd8", b"\xff\xd9"
SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""The JPEG markers that say how large the picture is."""
SIZE = struct.Struct(">xHH")
LONGEST_SIDE = 8192


@dataclass(frozen=True)
class StillPicture:
    """A picture by itself and its size in pixels."""

    jpeg: bytes
    width: int
    height: int


@dataclass(frozen=True)
class Packet:
    """One message: what it holds, and its sender's clock when it was taken."""

    time_ms: int
    picture: VideoTag | StillPicture


def read_packet(data: bytes) -> Packet:
    """What a message holds.

    Raises    Unusable
    """
    if len(data) <= HEADER.size:
        raise Unusable(PROTOCOL, f"a packet of {len(data)} bytes")
    kind, spare, time_ms = HEADER.unpack_from(data)
    if spare != bytes(3) or len(data) > LARGEST_PACKET:
        raise Unusable(PROTOCOL, "a packet that this relay does not know")
    body = data[HEADER.size :]
    if kind == CONFIGURATION:
        return Packet(time_ms, VideoTag(Holds.configuration, True, 0, body))
    if kind in (KEY_FRAME, FRAME):
        return Packet(time_ms, VideoTag(Holds.frame, kind == KEY_FRAME, 0, body))
    if kind == STILL:
        return Packet(time_ms, read_still(body))
    raise Unusable(PROTOCOL, f"a packet of kind {kind}")


def read_still(jpeg: bytes) -> StillPicture:
    """A JPEG whose headers are whole; its picture is not decoded.

    Raises    Unusable
    Basis     ITU-T T.81 §B.1, §B.2 (markers, frame header)
    """
    if len(jpeg) > LARGEST_STILL:
        raise Unusable(PICTURE, f"a still of {len(jpeg)} bytes")
    if not jpeg.startswith(JPEG_BEGINS) or not jpeg.endswith(JPEG_ENDS):
        raise Unusable(PICTURE, "a still that is no JPEG")
    at = len(JPEG_BEGINS)
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF:
        marker, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if marker in SIZES and at + 4 + SIZE.size <= len(jpeg):
            height, width = SIZE.unpack_from(jpeg, at + 4)
            if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE):
                raise Unusable(PICTURE, f"a still of {width}x{height}")
            return StillPicture(jpeg, width, height)
        if length < 2:
            break
        at += 2 + length
    raise Unusable(PICTURE, "a still whose headers are broken")
