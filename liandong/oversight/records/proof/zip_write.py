"""A record's archive is written: entry after entry, never seeking, the same bytes for the same content."""

from __future__ import annotations

from typing import IO

from liandong.oversight.records.proof.form import LARGEST_ARCHIVE, MOST_ENTRIES, is_name
from liandong.oversight.records.proof.zip_form import Placed, central_header, crc32, end_record, local_header


class Archive:
    """An archive being written to `out`; it is whole after `close`."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out, self._placed, self._at = out, list[Placed](), 0

    def add(self, name: str, content: bytes) -> None:
        """The entry is in the archive, behind those that are there.

        Raises    ValueError: a name that a record cannot have, or the archive grows too large
        """
        if not is_name(name):
            raise ValueError(f"no name for an entry: {name}")
        entry = Placed(name, crc32(content), len(content), self._at)
        self._placed.append(entry)
        self._put(local_header(entry))
        self._put(content)

    def close(self) -> int:
        """The directory is written. Returns the size of the whole, in bytes."""
        begins = self._at
        for entry in self._placed:
            self._put(central_header(entry))
        self._put(end_record(len(self._placed), self._at - begins, begins))
        return self._at

    def _put(self, content: bytes) -> None:
        self._at += len(content)
        if self._at > LARGEST_ARCHIVE or len(self._placed) > MOST_ENTRIES:
            raise ValueError("the record is too large")
        self._out.write(content)
