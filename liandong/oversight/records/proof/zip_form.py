"""The bytes around the content of a record's archive, written from its entries alone (APPNOTE.TXT 6.3.10, §4.3).

Nothing here depends on the machine or the hour: version 1.0, no flags, stored, 1980-01-01, no extra fields, no comment.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

LOCAL = struct.Struct("<4s5H3L2H")
CENTRAL = struct.Struct("<4s6H3L5H2L")
END = struct.Struct("<4s4H2LH")
LOCAL_MARK, CENTRAL_MARK, END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
MADE_BY, NEEDS, FLAGS, STORED, TIME, DATE = 0x0314, 10, 0, 0, 0, 0x0021
RIGHTS = 0o100644 << 16


@dataclass(frozen=True)
class Placed:
    """An entry and where it begins: name, CRC-32, size in bytes, offset of its header."""

    name: str
    crc: int
    size: int
    offset: int


def crc32(content: bytes | memoryview) -> int:
    """The CRC-32 of an entry's content, as ZIP has it."""
    return zlib.crc32(content)


def local_header(entry: Placed) -> bytes:
    """What stands before an entry's content."""
    name = entry.name.encode("latin-1")
    sizes = (entry.crc, entry.size, entry.size, len(name), 0)
    return LOCAL.pack(LOCAL_MARK, NEEDS, FLAGS, STORED, TIME, DATE, *sizes) + name


def central_header(entry: Placed) -> bytes:
    """The line of an entry in the archive's directory."""
    name = entry.name.encode("latin-1")
    sizes = (entry.crc, entry.size, entry.size, len(name), 0, 0, 0, 0, RIGHTS, entry.offset)
    return CENTRAL.pack(CENTRAL_MARK, MADE_BY, NEEDS, FLAGS, STORED, TIME, DATE, *sizes) + name


def end_record(count: int, size: int, offset: int) -> bytes:
    """The last 22 bytes: how many entries, and where the directory is."""
    return END.pack(END_MARK, 0, 0, count & 0xFFFF, count & 0xFFFF, size, offset, 0)
