"""Fragmented MP4 as browsers take it: one initialisation segment, then one fragment a frame. Video only, times in ms.

Basis     ISO/IEC 14496-12 §8 (boxes), 14496-15 §5.3.4 (avc1)
"""

from __future__ import annotations

import struct

from liandong.means.film.boxes import box, full_box
from liandong.means.film.h264 import Configuration
from liandong.means.film.segments import DINF, HDLR, MATRIX, TIMESCALE


def initialisation(configuration: Configuration) -> bytes:
    """`ftyp` and `moov` for one H.264 track."""
    width, height = configuration.width, configuration.height
    mvhd = full_box(b"mvhd", 0, 0, struct.pack(">IIIIIH10x", 0, 0, TIMESCALE, 0, 0x10000, 0x100), MATRIX, bytes(24),
                    struct.pack(">I", 2))  # fmt: skip
    tkhd = full_box(b"tkhd", 0, 3, struct.pack(">IIIII8xHHHH", 0, 0, 1, 0, 0, 0, 0, 0, 0), MATRIX,
                    struct.pack(">II", width << 16, height << 16))  # fmt: skip
    mdhd = full_box(b"mdhd", 0, 0, struct.pack(">IIIIHH", 0, 0, TIMESCALE, 0, 0x55C4, 0))
    minf = box(b"minf", full_box(b"vmhd", 0, 1, bytes(8)), DINF, _sample_table(configuration))
    trak = box(b"trak", tkhd, box(b"mdia", mdhd, HDLR, minf))
    mvex = box(b"mvex", full_box(b"trex", 0, 0, struct.pack(">IIIII", 1, 1, 0, 0, 0)))
    return box(b"ftyp", b"iso6", bytes(4), b"iso6avc1mp41") + box(b"moov", mvhd, trak, mvex)


def _sample_table(configuration: Configuration) -> bytes:
    size = struct.pack(">HH", configuration.width, configuration.height)
    avc1 = box(b"avc1", bytes(6), struct.pack(">H", 1), bytes(16), size,
               struct.pack(">IIIH32xHh", 0x480000, 0x480000, 0, 1, 24, -1), box(b"avcC", configuration.avcc))  # fmt: skip
    empty = [full_box(kind, 0, 0, bytes(4)) for kind in (b"stts", b"stsc", b"stco")]
    stsz = full_box(b"stsz", 0, 0, bytes(8))
    return box(b"stbl", full_box(b"stsd", 0, 0, struct.pack(">I", 1), avc1), *empty, stsz)
