"""Configurations as a real encoder (x264) made them, and frames whose content nobody looks at."""

from __future__ import annotations

from uuid import UUID

from liandong.means.film.flv import Holds, VideoTag

STREAM_ID = UUID("01900000-0000-7000-8000-000000000001")
AVCC_360P = bytes.fromhex("0142c01effe100196742c01eda0280bfe5c044000003000400000300c83c58ba8001000468ce0fc8")
AVCC_1080P = bytes.fromhex(
    "01640028ffe1001b67640028acd940780227e5c044000003000400000300c83c60c65801000668ebe3cb22c0fdf8f800"
)
IDR, SLICE = 0x65, 0x41


def configuration_tag(avcc: bytes = AVCC_360P) -> VideoTag:
    """What a sender sends first."""
    return VideoTag(Holds.configuration, True, 0, avcc)


def frame_tag(*, is_key: bool, size: int = 40) -> VideoTag:
    """A frame of one NAL unit."""
    unit = bytes([IDR if is_key else SLICE]) + bytes(size)
    return VideoTag(Holds.frame, is_key, 0, len(unit).to_bytes(4, "big") + unit)
