"""RTMP's chunk stream: messages cut into chunks and interleaved. Bytes in, messages out, and the other way round.

Basis     Adobe RTMP 1.0 (2012) §5.3, §5.4. Bounded: one message, all unfinished messages, the number of chunk streams.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from liandong.means.film.refusals import PROTOCOL, Unusable

LARGEST_MESSAGE = 4 * 1024 * 1024
LARGEST_UNFINISHED = 8 * 1024 * 1024
MOST_STREAMS = 32
SMALLEST_CHUNK, LARGEST_CHUNK = 128, 0xFFFFFF
SET_CHUNK_SIZE, ABORT, ACKNOWLEDGE, WINDOW, BANDWIDTH = 1, 2, 3, 5, 6
AUDIO, VIDEO, DATA, COMMAND, COMMAND_AMF3 = 8, 9, 18, 20, 17
LONG_TIME = 0xFFFFFF
WRAP = 1 << 32
HEADER_SIZES = (11, 7, 3, 0)
OWN_CHUNK = 4096


@dataclass(frozen=True)
class Message:
    """One RTMP message. `time_ms` is its sender's own clock, which wraps after 49 days."""

    kind: int
    time_ms: int
    stream: int
    body: bytes


@dataclass
class _Lane:
    """What is known of one chunk stream: its last header, and the message that is being put together."""

    time: int = 0
    delta: int = 0
    length: int = 0
    kind: int = 0
    stream: int = 0
    is_long: bool = False
    begun: bool = False
    body: bytearray = field(default_factory=bytearray)


class Receipts:
    """Counts what has come, and tells the sender each time that so many bytes (`window`) more have."""

    def __init__(self, window: int) -> None:
        self.window = window
        self._received = self._acknowledged = 0

    def take(self, size: int) -> Message | None:
        """So many bytes more have come. What the sender is to be told then; None: nothing yet."""
        self._received += size
        if self._received - self._acknowledged < self.window:
            return None
        self._acknowledged = self._received
        total = (self._received & 0xFFFFFFFF).to_bytes(4, "big")
        return Message(ACKNOWLEDGE, 0, 0, total)


class ChunkReader:
    """Puts messages together again. It holds at most one chunk and `LARGEST_UNFINISHED` bytes of messages."""

    def __init__(self) -> None:
        self._chunk_size = SMALLEST_CHUNK
        self._lanes: dict[int, _Lane] = {}
        self._left = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages that are complete with these bytes.

        Raises    Unusable
        """
        self._left += data
        at = 0
        try:
            while (step := self._chunk(at)) is not None:
                at, message = step
                if message is None:
                    continue
                if message.kind == SET_CHUNK_SIZE:
                    self._set_chunk_size(message.body)
                elif message.kind == ABORT:
                    self._abort(message.body)
                else:
                    yield message
        finally:
            del self._left[:at]

    def _set_chunk_size(self, body: bytes) -> None:
        size = int.from_bytes(body[:4], "big")
        if len(body) != 4 or not 1 <= size <= LARGEST_CHUNK:
            raise Unusable(PROTOCOL, f"a chunk size of {size}")
        self._chunk_size = size

    def _abort(self, body: bytes) -> None:
        lane = self._lanes.get(int.from_bytes(body[:4], "big"))
        if lane is not None:
            lane.body.clear()

    def _chunk(self, at: int) -> tuple[int, Message | None] | None:
        """The end of the chunk that begins at `at`, with the message it completes; None while it is not all here."""
        basic = self._basic_header(at)
        if basic is None:
            return None
        form, lane_id, at = basic
        lane = self._lanes.get(lane_id)
        if lane is None:
            if form != 0:
                raise Unusable(PROTOCOL, "a chunk goes on with a stream that never began")
            if len(self._lanes) >= MOST_STREAMS:
                raise Unusable(PROTOCOL, "too many chunk streams")
            lane = _Lane()
        header = bytes(self._left[at : at + HEADER_SIZES[form]])
        at += HEADER_SIZES[form]
        clock = int.from_bytes(header[:3], "big") if form < 3 else 0
        is_long = clock == LONG_TIME if form < 3 else lane.is_long
        if at + 4 * is_long > len(self._left):
            return None
        if is_long:
            clock = int.from_bytes(self._left[at : at + 4], "big")
            at += 4
        length = int.from_bytes(header[3:6], "big") if form < 2 else lane.length
        if length > LARGEST_MESSAGE:
            raise Unusable(PROTOCOL, f"a message of {length} bytes")
        done = len(lane.body) if form == 3 else 0
        size = min(self._chunk_size, length - done)
        if at + size > len(self._left):
            return None
        self._lanes[lane_id] = lane
        self._take_header(lane, form, header, clock, is_long)
        return at + size, self._take_body(lane, bytes(self._left[at : at + size]))

    def _basic_header(self, at: int) -> tuple[int, int, int] | None:
        """Form, chunk stream and where the message header begins; None while it is not all here."""
        if at >= len(self._left):
            return None
        form, lane_id = self._left[at] >> 6, self._left[at] & 0x3F
        extra = 2 if lane_id == 1 else 1 if lane_id == 0 else 0
        if at + 1 + extra + HEADER_SIZES[form] > len(self._left):
            return None
        if extra:
            lane_id = 64 + int.from_bytes(self._left[at + 1 : at + 1 + extra], "little")
        return form, lane_id, at + 1 + extra

    @staticmethod
    def _take_header(lane: _Lane, form: int, header: bytes, clock: int, is_long: bool) -> None:
        if form == 3:
            if not lane.body:  # a new message like the one before: as long after it as that was after its own
                lane.time = (lane.time + lane.delta) % WRAP
            return
        lane.body.clear()
        lane.is_long = is_long
        lane.delta = 0 if form == 0 else clock
        lane.time = clock if form == 0 else (lane.time + clock) % WRAP
        if form < 2:
            lane.length, lane.kind = int.from_bytes(header[3:6], "big"), header[6]
        if form == 0:
            lane.stream = int.from_bytes(header[7:11], "little")

    def _take_body(self, lane: _Lane, piece: bytes) -> Message | None:
        lane.body += piece
        if len(lane.body) < lane.length:
            if sum(len(one.body) for one in self._lanes.values()) > LARGEST_UNFINISHED:
                raise Unusable(PROTOCOL, "too much is begun and not finished")
            return None
        message = Message(lane.kind, lane.time, lane.stream, bytes(lane.body))
        lane.body.clear()
        return message


def chunked(message: Message, lane_id: int = 3, chunk_size: int = OWN_CHUNK) -> bytes:
    """The bytes of a message in chunks of `chunk_size`, which the other side must have been told."""
    is_long = message.time_ms >= LONG_TIME
    clock = struct.pack(">I", min(message.time_ms, LONG_TIME))[1:]
    late = struct.pack(">I", message.time_ms) if is_long else b""
    head = clock + len(message.body).to_bytes(3, "big") + bytes([message.kind]) + struct.pack("<I", message.stream)
    parts = [bytes([lane_id]) + head + late]
    for at in range(0, len(message.body), chunk_size):
        if at:
            parts.append(bytes([0xC0 | lane_id]) + late)
        parts.append(message.body[at : at + chunk_size])
    return b"".join(parts)


def set_chunk_size(size: int) -> bytes:
    """The message that tells the other side the size of our chunks."""
    return chunked(Message(SET_CHUNK_SIZE, 0, 0, size.to_bytes(4, "big")), lane_id=2)
