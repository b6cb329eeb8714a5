"""AMF0, the encoding of RTMP's commands, as far as senders use it.

Basis     Adobe, Action Message Format AMF 0 (2007). Bounded: at most `MOST_VALUES` values, `DEEPEST` levels.
"""

from __future__ import annotations

import struct
from typing import Any

from liandong.means.film.refusals import PROTOCOL, Unusable

MOST_VALUES, DEEPEST = 512, 8
NUMBER, BOOLEAN, STRING, OBJECT, NULL, UNDEFINED, ECMA_ARRAY, END, STRICT_ARRAY, DATE, LONG_STRING = (
    0, 1, 2, 3, 5, 6, 8, 9, 10, 11, 12,
)  # fmt: skip


def decode(data: bytes) -> list[Any]:
    """The values in `data`, in order.

    Raises    Unusable
    """
    reader = _Reader(data)
    values = []
    while reader.at < len(data):
        values.append(reader.value(0))
    return values


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.at, self.count = data, 0, 0

    def take(self, size: int) -> bytes:
        if self.at + size > len(self.data):
            raise Unusable(PROTOCOL, "a command is cut off")
        self.at += size
        return self.data[self.at - size : self.at]

    def number(self, form: str) -> Any:
        return struct.unpack(form, self.take(struct.calcsize(form)))[0]

    def text(self, form: str = ">H") -> str:
        return self.take(self.number(form)).decode("utf-8", "replace")

    def value(self, depth: int) -> Any:
        self.count += 1
        if self.count > MOST_VALUES or depth > DEEPEST:
            raise Unusable(PROTOCOL, "a command is too large")
        kind = self.take(1)[0]
        if kind == NUMBER:
            return self.number(">d")
        if kind == BOOLEAN:
            return self.take(1) != b"\0"
        if kind in (STRING, LONG_STRING):
            return self.text(">H" if kind == STRING else ">I")
        if kind in (NULL, UNDEFINED):
            return None
        return self._compound(kind, depth)

    def _compound(self, kind: int, depth: int) -> Any:
        if kind == ECMA_ARRAY:
            self.take(4)  # a count that senders set to anything; the end mark counts
        if kind in (OBJECT, ECMA_ARRAY):
            return self._members(depth)
        if kind == STRICT_ARRAY:
            return [self.value(depth + 1) for _ in range(min(self.number(">I"), MOST_VALUES + 1))]
        if kind == DATE:
            return self._date()
        raise Unusable(PROTOCOL, f"a command has a value of unknown kind {kind}")

    def _date(self) -> float:
        moment: float = self.number(">d")
        self.take(2)
        return moment

    def _members(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while True:
            name = self.text()
            if name == "" and self.data[self.at : self.at + 1] == bytes([END]):
                self.at += 1
                return found
            found[name] = self.value(depth + 1)


def encode(*values: Any) -> bytes:
    """The values as AMF0: numbers, booleans, text, None and flat objects."""
    return b"".join(map(_encoded, values))


def _encoded(value: Any) -> bytes:
    if value is None:
        return bytes([NULL])
    if isinstance(value, bool):
        return bytes([BOOLEAN, value])
    if isinstance(value, (int, float)):
        return bytes([NUMBER]) + struct.pack(">d", value)
    if isinstance(value, str):
        return bytes([STRING]) + _text(value)
    members = b"".join(_text(name) + _encoded(one) for name, one in value.items())
    return bytes([OBJECT]) + members + _text("") + bytes([END])


def _text(value: str) -> bytes:
    raw = value.encode()
    return struct.pack(">H", len(raw)) + raw
