"""The body of an RTMP video message: an FLV video tag.

Basis     Adobe FLV 10.1 §E.4.3 (VideoTagHeader); Enhanced RTMP (Veovera, 2023) for the four-letter codecs; codec 12 is
          what Chinese devices send for H.265, which no standard holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from liandong.means.film.refusals import H265, PICTURE, UNKNOWN_CODEC, Unusable

AVC, HEVC_BY_CUSTOM = 7, 12
ENHANCED = 0x80
KEY_FRAME = 1
HEADER = 5


class Holds(Enum):
    """What a video tag holds."""

    configuration = 0
    frame = 1
    end = 2


@dataclass(frozen=True)
class VideoTag:
    """An H.264 tag: its configuration (avcC), or one frame as length-prefixed NAL units shown `offset_ms` after its time."""

    holds: Holds
    is_key: bool
    offset_ms: int
    data: bytes


def read_video(body: bytes) -> VideoTag | None:
    """What a video message holds; None for one that holds no picture.

    Raises    Unusable: H.265 or another codec, or a tag that is cut off
    """
    if not body:
        return None
    if body[0] & ENHANCED:
        four = body[1:5]
        raise Unusable(H265 if four in (b"hvc1", b"hev1") else UNKNOWN_CODEC, f"enhanced codec {four!r}")
    frame, codec = body[0] >> 4, body[0] & 0x0F
    if codec != AVC:
        raise Unusable(H265 if codec == HEVC_BY_CUSTOM else UNKNOWN_CODEC, f"codec {codec}")
    if len(body) < HEADER:
        raise Unusable(PICTURE, "a video tag is cut off")
    if body[1] > Holds.end.value:
        raise Unusable(PICTURE, f"a video tag of kind {body[1]}")
    offset = int.from_bytes(body[2:5], "big", signed=True)
    return VideoTag(Holds(body[1]), frame == KEY_FRAME, offset, body[HEADER:])
