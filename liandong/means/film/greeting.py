"""How two sides of RTMP begin, whichever of them one is: a version and a half that the other side gives back.

Basis     Adobe RTMP 1.0 (2012) §5.2 (handshake)
"""

from __future__ import annotations

import os

from liandong.means.film.refusals import PROTOCOL, Unusable

VERSION, HALF = 3, 1536
"""The one version, and the bytes of each half of a handshake."""


def greeting() -> bytes:
    """The version and a half of our own."""
    return bytes([VERSION]) + bytes(8) + os.urandom(HALF - 8)


def echo_of(said: bytes) -> bytes:
    """What the other side's greeting is answered with: its half, given back.

    Raises    video.protocol_broken: it speaks another version
    """
    if said[0] != VERSION:
        raise Unusable(PROTOCOL, f"RTMP version {said[0]}")
    return said[1 : 1 + HALF]
