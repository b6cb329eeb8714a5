"""A recorded segment and what is made of several: one MP4 whose frames are those of the segments, byte by byte.

A segment is an initialisation part, then one fragment with all its frames, its time beginning at nought: it plays by
itself. A clip is a plain MP4, not a fragmented one, because every player that a case file may meet opens it.

Basis     ISO/IEC 14496-12 §8 (boxes)
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from liandong.means.film.boxes import HEADER, BrokenFilm, box, full_box, inside

TIMESCALE = 1000
MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
KEY_FLAGS, OTHER_FLAGS = 0x02000000, 0x01010000
TRUN_FLAGS = 0x000F01
"""Data offset; and of each sample its duration, size, flags and composition offset."""
SAMPLE = struct.Struct(">IIIi")
LONGEST_OFFSET = 0xFFFFFFFF
"""The last byte that a plain table of chunks can name: clips are smaller than 4 GiB."""


@dataclass(frozen=True)
class Sample:
    """One frame: decoded at `at_ms`, lasting `duration_ms`, shown `offset_ms` later than it is decoded."""

    at_ms: int
    duration_ms: int
    offset_ms: int
    is_key: bool
    data: bytes


@dataclass(frozen=True)
class Timing:
    """What a table of frames says of one: milliseconds and bytes."""

    duration_ms: int
    size: int
    is_key: bool
    offset_ms: int


@dataclass(frozen=True)
class Track:
    """What a segment says of its frames: what a decoder is told first, the picture's size in pixels, and the table."""

    description: bytes
    width: int
    height: int
    frames: tuple[Timing, ...]

    @property
    def size(self) -> int:
        """Bytes of all frames."""
        return sum(frame.size for frame in self.frames)

    @property
    def duration_ms(self) -> int:
        """How long it lasts."""
        return sum(frame.duration_ms for frame in self.frames)


def fragment(number: int, at_ms: int, samples: Sequence[Sample]) -> bytes:
    """`moof` and `mdat` with these frames, the first of which is decoded at `at_ms`."""
    mfhd = full_box(b"mfhd", 0, 0, struct.pack(">I", number & 0xFFFFFFFF))
    tfhd = full_box(b"tfhd", 0, 0x020000, struct.pack(">I", 1))
    tfdt = full_box(b"tfdt", 1, 0, struct.pack(">Q", at_ms))
    rows = b"".join(
        SAMPLE.pack(one.duration_ms, len(one.data), KEY_FLAGS if one.is_key else OTHER_FLAGS, one.offset_ms)
        for one in samples
    )
    # the frames begin right behind moof and the header of mdat; trun without its rows is 20 bytes long
    offset = HEADER + len(mfhd) + HEADER + len(tfhd) + len(tfdt) + 20 + len(rows) + HEADER
    trun = full_box(b"trun", 1, TRUN_FLAGS, struct.pack(">Ii", len(samples), offset), rows)
    return box(b"moof", mfhd, box(b"traf", tfhd, tfdt, trun)) + box(b"mdat", *(one.data for one in samples))


def decode_time(data: bytes) -> int:
    """When the first frame of a fragment is decoded, in ms of the stream's timeline.

    Raises    BrokenFilm
    """
    return int.from_bytes(inside(data, b"moof", b"traf", b"tfdt", skipped=4), "big")


def fragment_times(data: bytes) -> tuple[int, int]:
    """When the one frame in a fragment is decoded, and how long it lasts, in ms.

    Raises    BrokenFilm
    """
    (timing,) = _rows(inside(data, b"moof", b"traf", b"trun", skipped=4))
    return decode_time(data), timing.duration_ms


def read_fragment(data: bytes) -> Sample:
    """The one frame in a fragment, as `fragment` made it.

    Raises    BrokenFilm
    """
    (timing,) = _rows(inside(data, b"moof", b"traf", b"trun", skipped=4))
    return Sample(decode_time(data), timing.duration_ms, timing.offset_ms, timing.is_key, inside(data, b"mdat"))


def segment(initialisation: bytes, samples: Sequence[Sample]) -> bytes:
    """A segment that plays by itself, from nought."""
    return initialisation + fragment(1, 0, samples)


def read_segment(data: bytes) -> tuple[Track, bytes]:
    """What a segment says of its frames, and the frames one behind the other, as `segment` made it.

    Raises    BrokenFilm
    """
    try:
        trak = inside(data, b"moov", b"trak")
        width, height = struct.unpack(">II", inside(trak, b"tkhd")[-8:])
        description = inside(trak, b"mdia", b"minf", b"stbl", b"stsd")
        frames = _rows(inside(data, b"moof", b"traf", b"trun", skipped=4))
    except struct.error as error:
        raise BrokenFilm("a box is too short") from error
    track, media = Track(description, width >> 16, height >> 16, frames), inside(data, b"mdat")
    if track.size != len(media):
        raise BrokenFilm("the frames are not as long as their table says")
    return track, media


def _rows(trun: bytes) -> tuple[Timing, ...]:
    (count,) = struct.unpack(">I", trun[:4])
    if len(trun) != 8 + count * SAMPLE.size or count == 0:
        raise BrokenFilm("the table of frames is cut off")
    return tuple(
        Timing(duration, size, flags == KEY_FLAGS, offset)
        for duration, size, flags, offset in SAMPLE.iter_unpack(trun[8:])
    )


def clip_head(tracks: Sequence[Track]) -> bytes:
    """Everything of a clip that comes before its frames: `ftyp`, `moov`, and the header of `mdat`.

    Behind it follow the frames of the segments, in order.

    Raises    BrokenFilm: they are not of one picture, or too long together
    """
    if len({(one.description, one.width, one.height) for one in tracks}) != 1:
        raise BrokenFilm("the segments are not of one picture")
    size = sum(one.size for one in tracks)
    start = len(FTYP) + len(_moov(tracks, 0)) + HEADER
    if start + size > LONGEST_OFFSET:
        raise BrokenFilm("a clip of more than 4 GiB")
    return FTYP + _moov(tracks, start) + struct.pack(">I", HEADER + size) + b"mdat"


FTYP = box(b"ftyp", b"isom", struct.pack(">I", 0x200), b"isomiso2avc1mp41")


def _moov(tracks: Sequence[Track], start: int) -> bytes:
    duration, shown = sum(one.duration_ms for one in tracks), tracks[0]
    mvhd = full_box(b"mvhd", 0, 0, struct.pack(">IIIIIH10x", 0, 0, TIMESCALE, duration, 0x10000, 0x100), MATRIX,
                    bytes(24), struct.pack(">I", 2))  # fmt: skip
    tkhd = full_box(b"tkhd", 0, 3, struct.pack(">IIIII8xHHHH", 0, 0, 1, 0, duration, 0, 0, 0, 0), MATRIX,
                    struct.pack(">II", shown.width << 16, shown.height << 16))  # fmt: skip
    mdhd = full_box(b"mdhd", 0, 0, struct.pack(">IIIIHH", 0, 0, TIMESCALE, duration, 0x55C4, 0))
    minf = box(b"minf", full_box(b"vmhd", 0, 1, bytes(8)), DINF, _tables(tracks, start))
    return box(b"moov", mvhd, box(b"trak", tkhd, box(b"mdia", mdhd, HDLR, minf)))


HDLR = full_box(b"hdlr", 0, 0, bytes(4), b"vide", bytes(12), b"video\0")
DINF = box(b"dinf", full_box(b"dref", 0, 0, struct.pack(">I", 1), full_box(b"url ", 0, 1)))


def _tables(tracks: Sequence[Track], start: int) -> bytes:
    """Where each frame lies, how long it lasts, and when it is shown; one chunk a segment."""
    frames = [frame for one in tracks for frame in one.frames]
    keys = [number for number, frame in enumerate(frames, 1) if frame.is_key]
    sizes = struct.pack(f">{len(frames)}I", *(frame.size for frame in frames))
    places, at = [], start
    for one in tracks:
        places.append(at)
        at += one.size
    counts = _runs(len(one.frames) for one in tracks)
    firsts, first = [], 1
    for chunks, per_chunk in counts:
        firsts.append((first, per_chunk, 1))
        first += chunks
    return box(
        b"stbl",
        box(b"stsd", tracks[0].description),
        _table(b"stts", 0, ">II", _runs(frame.duration_ms for frame in frames)),
        _table(b"ctts", 1, ">Ii", _runs(frame.offset_ms for frame in frames)),
        _table(b"stss", 0, ">I", [(number,) for number in keys]),
        _table(b"stsc", 0, ">III", firsts),
        full_box(b"stsz", 0, 0, struct.pack(">II", 0, len(frames)), sizes),
        _table(b"stco", 0, ">I", [(place,) for place in places]),
    )


def _runs(values: Iterable[int]) -> list[tuple[int, int]]:
    """How often each value comes in a row, and the value."""
    return [(len(list(same)), value) for value, same in groupby(values)]


def _table(kind: bytes, version: int, row: str, rows: Sequence[tuple[int, ...]]) -> bytes:
    packed = struct.Struct(row)
    return full_box(kind, version, 0, struct.pack(">I", len(rows)), b"".join(packed.pack(*one) for one in rows))
