"""A record's archive is read twice: forward, header by header, and backward, by its directory.

Whoever damages one of the two leaves the other to say what was there. Nothing is unpacked: entries are stored, so an
archive holds no more than its own size, and both readings are bounded by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from liandong.oversight.records.proof.form import LONGEST_NAME, MOST_ENTRIES
from liandong.oversight.records.proof.zip_form import CENTRAL, CENTRAL_MARK, END, END_MARK, LOCAL, LOCAL_MARK, STORED


@dataclass(frozen=True)
class Entry:
    """An entry as one reading has it: its name, its content from `start` to `end`, and the CRC-32 it claims."""

    name: str
    start: int
    end: int
    crc: int


@dataclass
class Reading:
    """What one reading found. `stopped_in` is the entry it broke off in, if it did; `end` is where it got to."""

    entries: list[Entry] = field(default_factory=list)
    is_whole: bool = False
    end: int = 0
    stopped_in: str | None = None
    compressed: str | None = None


def read_forward(data: memoryview) -> Reading:
    """Entry after entry from the first byte, until the directory begins (whole) or something else stands there."""
    reading = Reading()
    while len(reading.entries) <= MOST_ENTRIES:
        at = reading.end
        if data[at : at + 4] == CENTRAL_MARK or data[at : at + 4] == END_MARK:
            reading.is_whole = bool(reading.entries)
            return reading
        entry = _local(data, at, reading)
        if entry is None:
            return reading
        reading.entries.append(entry)
        reading.end = entry.end
    return reading


def _local(data: memoryview, at: int, reading: Reading) -> Entry | None:
    if len(data) - at < LOCAL.size or data[at : at + 4] != LOCAL_MARK:
        return None
    _, _, _, method, _, _, crc, size, _, name_size, extra_size = LOCAL.unpack_from(data, at)
    start = at + LOCAL.size + name_size + extra_size
    name = _name(data, at + LOCAL.size, name_size)
    if method != STORED:
        reading.compressed = name
        return None
    if start + size > len(data) or name_size > LONGEST_NAME:
        reading.stopped_in = name
        return None
    return Entry(name, start, start + size, crc)


def read_backward(data: memoryview) -> Reading | None:
    """The entries that the directory at the end lists, or None if there is no directory to be found from the end.

    Bytes put in or taken out before the directory move what lies behind them; an entry is looked for at both places.
    """
    end_at = len(data) - END.size
    if end_at < 0 or data[end_at : end_at + 4] != END_MARK:
        return None
    _, _, _, _, _, size, offset, _ = END.unpack_from(data, end_at)
    begins = end_at - size
    if begins < 0:
        return None
    reading = Reading(end=begins)
    for listed in _directory(data, begins, end_at, reading):
        entry = _found(data, listed, begins, begins - offset)
        if entry is not None and entry.start >= (reading.entries[-1].end if reading.entries else 0):
            reading.entries.append(entry)
    return reading if reading.entries else None


@dataclass(frozen=True)
class _Listed:
    name: str
    crc: int
    size: int
    header: int


def _directory(data: memoryview, begins: int, ends: int, reading: Reading) -> Iterator[_Listed]:
    at = begins
    for _ in range(MOST_ENTRIES + 1):
        if ends - at < CENTRAL.size or data[at : at + 4] != CENTRAL_MARK:
            break
        fields = CENTRAL.unpack_from(data, at)
        name = _name(data, at + CENTRAL.size, fields[10])
        if fields[4] != STORED:
            reading.compressed = name
            break
        yield _Listed(name, fields[7], fields[8], fields[16])
        at += CENTRAL.size + fields[10] + fields[11] + fields[12]
    reading.is_whole = at == ends


def _found(data: memoryview, listed: _Listed, begins: int, moved: int) -> Entry | None:
    for header in (listed.header, listed.header + moved):
        start = header + LOCAL.size + len(listed.name)
        if header >= 0 and start + listed.size <= begins and _is_it(data, header, listed):
            return Entry(listed.name, start, start + listed.size, listed.crc)
    return None


def _is_it(data: memoryview, header: int, listed: _Listed) -> bool:
    """By its name, or if that was damaged, by its CRC and size."""
    fields = LOCAL.unpack_from(data, header)
    if _name(data, header + LOCAL.size, len(listed.name)) == listed.name:
        return True
    return fields[0] == LOCAL_MARK and (fields[6], fields[7]) == (listed.crc, listed.size)


def _name(data: memoryview, at: int, size: int) -> str:
    return bytes(data[at : at + min(size, LONGEST_NAME + 1)]).decode("latin-1")
