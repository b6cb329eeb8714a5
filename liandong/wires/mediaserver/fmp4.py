"""Fragmented MP4 as browsers take it: one initialisation segment, then one fragment a frame. Video only, times in ms.

Basis     ISO/IEC 14496-12 §8 (boxes), 14496-15 §5.3.4 (avc1)
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from liandong.wires.mediaserver.h264 import Configuration

TIMESCALE = 1000
MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
KEY_FLAGS, OTHER_FLAGS = 0x02000000, 0x01010000
TRUN_FLAGS = 0x000F01
"""Data offset; and of each sample its duration, size, flags and composition offset."""


@dataclass(frozen=True)
class Sample:
    """One frame: decoded at `at_ms`, lasting `duration_ms`, shown `offset_ms` later than it is decoded."""

    at_ms: int
    duration_ms: int
    offset_ms: int
    is_key: bool
    data: bytes


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + kind + body


def _full(kind: bytes, version: int, flags: int, *parts: bytes) -> bytes:
    return _box(kind, struct.pack(">I", version << 24 | flags), *parts)


def initialisation(configuration: Configuration) -> bytes:
    """`ftyp` and `moov` for one H.264 track."""
    width, height = configuration.width, configuration.height
    mvhd = _full(b"mvhd", 0, 0, struct.pack(">IIIIIH10x", 0, 0, TIMESCALE, 0, 0x10000, 0x100), MATRIX, bytes(24),
                 struct.pack(">I", 2))  # fmt: skip
    tkhd = _full(b"tkhd", 0, 3, struct.pack(">IIIII8xHHHH", 0, 0, 1, 0, 0, 0, 0, 0, 0), MATRIX,
                 struct.pack(">II", width << 16, height << 16))  # fmt: skip
    mdhd = _full(b"mdhd", 0, 0, struct.pack(">IIIIHH", 0, 0, TIMESCALE, 0, 0x55C4, 0))
    hdlr = _full(b"hdlr", 0, 0, bytes(4), b"vide", bytes(12), b"video\0")
    dinf = _box(b"dinf", _full(b"dref", 0, 0, struct.pack(">I", 1), _full(b"url ", 0, 1)))
    minf = _box(b"minf", _full(b"vmhd", 0, 1, bytes(8)), dinf, _sample_table(configuration))
    trak = _box(b"trak", tkhd, _box(b"mdia", mdhd, hdlr, minf))
    mvex = _box(b"mvex", _full(b"trex", 0, 0, struct.pack(">IIIII", 1, 1, 0, 0, 0)))
    return _box(b"ftyp", b"iso6", bytes(4), b"iso6avc1mp41") + _box(b"moov", mvhd, trak, mvex)


def _sample_table(configuration: Configuration) -> bytes:
    size = struct.pack(">HH", configuration.width, configuration.height)
    avc1 = _box(b"avc1", bytes(6), struct.pack(">H", 1), bytes(16), size,
                struct.pack(">IIIH32xHh", 0x480000, 0x480000, 0, 1, 24, -1), _box(b"avcC", configuration.avcc))  # fmt: skip
    empty = [_full(kind, 0, 0, bytes(4)) for kind in (b"stts", b"stsc", b"stco")]
    stsz = _full(b"stsz", 0, 0, bytes(8))
    return _box(b"stbl", _full(b"stsd", 0, 0, struct.pack(">I", 1), avc1), *empty, stsz)


def fragment(number: int, sample: Sample) -> bytes:
    """`moof` and `mdat` with one frame; `number` counts the fragments of a stream."""
    flags = KEY_FLAGS if sample.is_key else OTHER_FLAGS
    mfhd = _full(b"mfhd", 0, 0, struct.pack(">I", number & 0xFFFFFFFF))
    tfhd = _full(b"tfhd", 0, 0x020000, struct.pack(">I", 1))
    tfdt = _full(b"tfdt", 1, 0, struct.pack(">Q", sample.at_ms))
    one = struct.pack(">IIIi", sample.duration_ms, len(sample.data), flags, sample.offset_ms)
    # the frame begins right behind moof and the header of mdat; trun itself is 36 bytes long
    offset = 8 + len(mfhd) + 8 + len(tfhd) + len(tfdt) + 36 + 8
    trun = _full(b"trun", 1, TRUN_FLAGS, struct.pack(">Ii", 1, offset), one)
    return _box(b"moof", mfhd, _box(b"traf", tfhd, tfdt, trun)) + _box(b"mdat", sample.data)
