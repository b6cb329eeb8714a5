"""Every byte of an archive is accounted for: the archive is written anew from its content and laid beside the old one.

What differs is then around the content, never in it, and is named by the entry it belongs to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from liandong.oversight.records.proof.findings import ARCHIVE, Finding
from liandong.oversight.records.proof.zip_form import Placed, central_header, crc32, end_record, local_header
from liandong.oversight.records.proof.zip_read import Entry, Reading

SHOWN_BYTES = 16

Known = Callable[[str, memoryview], bool | None]
"""Whether the content under a name is what the manifest lists; None if the manifest does not say."""


@dataclass(frozen=True)
class Held:
    """An entry of the reading that was believed, with the CRCs that its header and the directory claim."""

    entry: Entry
    crcs: tuple[int | None, int | None]


def believe(data: memoryview, forward: Reading, backward: Reading | None, known: Known) -> list[Held]:
    """The entries, by the reading that finds more of what the manifest lists."""
    if backward is None:
        return [Held(one, (one.crc, None)) for one in forward.entries]
    if _same(forward, backward):
        pairs = zip(forward.entries, backward.entries, strict=True)
        return [Held(one, (one.crc, other.crc)) for one, other in pairs]
    first, second = _score(data, forward, known), _score(data, backward, known)
    if first > second or (first == second and forward.is_whole):
        claims = {one.start: one.crc for one in backward.entries}
        return [Held(one, (one.crc, claims.get(one.start))) for one in forward.entries]
    claims = {one.start: one.crc for one in forward.entries}
    return [Held(one, (claims.get(one.start), one.crc)) for one in backward.entries]


def _same(forward: Reading, backward: Reading) -> bool:
    ours, theirs = ([(one.name, one.start, one.end) for one in way.entries] for way in (forward, backward))
    return forward.is_whole and ours == theirs


def _score(data: memoryview, reading: Reading, known: Known) -> int:
    return sum(known(one.name, data[one.start : one.end]) is True for one in reading.entries)


def match(data: memoryview, held: list[Held], known: Known) -> list[Finding]:
    """Whatever around the content is not as the format has it. Content itself is compared elsewhere, by digest."""
    beside = _Beside(data)
    placed = []
    for one in held:
        entry = Placed(one.entry.name, _crc(data, one, known), one.entry.end - one.entry.start, beside.due)
        placed.append(entry)
        beside.lay(local_header(entry), entry.name, "archive.header")
        beside.skip(one.entry, entry.name)
    begins = beside.due
    for entry in placed:
        beside.lay(central_header(entry), entry.name, "archive.directory")
    beside.lay(end_record(len(placed), beside.due - begins, begins), ARCHIVE, "archive.end")
    return list(beside.findings())


def _crc(data: memoryview, held: Held, known: Known) -> int:
    """The CRC that the entry was written with: its content's, unless that was altered afterwards."""
    content = data[held.entry.start : held.entry.end]
    computed, claimed = crc32(content), {crc for crc in held.crcs if crc is not None}
    if len(claimed) == 1 and computed not in claimed:
        return computed if known(held.entry.name, content) and None in held.crcs else claimed.pop()
    return computed


class _Beside:
    """The archive as it should be, laid beside the one that is there. `due` is the offset in the one, `at` in the other."""

    def __init__(self, data: memoryview) -> None:
        self._data, self.due, self._at = data, 0, 0
        self._found: list[Finding] = []
        self._is_cut = False

    def lay(self, expected: bytes, where: str, code: str) -> None:
        """These bytes are due next."""
        got = bytes(self._data[self._at : self._at + len(expected)])
        if len(got) < len(expected):
            self._is_cut = True
        elif got != expected:
            first = next(i for i, (one, other) in enumerate(zip(expected, got, strict=True)) if one != other)
            shown = slice(first, first + SHOWN_BYTES)
            self._found.append(Finding(code, where, expected[shown].hex(), got[shown].hex()))
        self.due += len(expected)
        self._at += len(expected)

    def skip(self, entry: Entry, where: str) -> None:
        """The content of this entry is due next; it is there, but perhaps elsewhere."""
        if entry.start != self._at:
            self._found.append(Finding("archive.shifted", where, str(self._at), str(entry.start)))
        self.due += entry.end - entry.start
        self._at = entry.end

    def findings(self) -> Iterator[Finding]:
        """All differences; last, whether the archive is longer or shorter than it should be."""
        yield from self._found
        if self._is_cut:
            yield Finding("archive.truncated", ARCHIVE, str(self.due), str(len(self._data)))
        elif self._at < len(self._data):
            yield Finding("archive.trailing", ARCHIVE, str(self._at), str(len(self._data)))
