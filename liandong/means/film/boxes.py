"""MP4 boxes: made, and taken apart again.

Basis     ISO/IEC 14496-12 §4.2 (Object structure)
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

HEADER = 8


class BrokenFilm(ValueError):
    """Bytes that are not the film they should be."""


def box(kind: bytes, *parts: bytes) -> bytes:
    """A box of this kind with these contents."""
    body = b"".join(parts)
    return struct.pack(">I", HEADER + len(body)) + kind + body


def full_box(kind: bytes, version: int, flags: int, *parts: bytes) -> bytes:
    """A box with version and flags."""
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


def boxes(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Kind, first and last byte of the contents of each box, in order.

    Raises    BrokenFilm
    """
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size < HEADER or at + size > len(data):
            raise BrokenFilm(f"a box at {at} is cut off")
        yield data[at + 4 : at + HEADER], at + HEADER, at + size
        at += size


def inside(data: bytes, *kinds: bytes, skipped: int = 0) -> bytes:
    """The contents of the box that lies at this path, without its first `skipped` bytes.

    Raises    BrokenFilm
    """
    for kind in kinds:
        data = next((data[first:last] for found, first, last in boxes(data) if found == kind), b"")
        if not data:
            raise BrokenFilm(f"there is no {kind.decode('latin-1')}")
    return data[skipped:]
