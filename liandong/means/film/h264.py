"""H.264 as far as a relay must know it: the configuration record, the size of the picture, and whether a frame is whole.

Basis     ISO/IEC 14496-15 §5.3.3.1 (AVCDecoderConfigurationRecord); ITU-T H.264 §7.3.2.1.1 (sequence parameter set)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from liandong.means.film.refusals import PICTURE, Unusable

WITH_CHROMA = {100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135}
"""Profiles whose parameter set says which chroma format and scaling lists are used."""
LONGEST_SIDE = 8192
LARGEST_CONFIGURATION = 4096
IDR, SPS, PPS, DELIMITER = 5, 7, 8, 9
UNIT_LENGTH = 4
"""Bytes of the length before each NAL unit wherever we write it ourselves."""


@dataclass(frozen=True)
class Configuration:
    """What a decoder is told first. `codec` is its name for browsers; width and height are pixels as shown."""

    avcc: bytes
    codec: str
    width: int
    height: int
    length_size: int


def read_configuration(avcc: bytes) -> Configuration:
    """The configuration in an avcC record.

    Raises    Unusable
    """
    if len(avcc) < 8 or avcc[0] != 1 or len(avcc) > LARGEST_CONFIGURATION or avcc[5] & 0x1F == 0:
        raise Unusable(PICTURE, "the decoder configuration is broken")
    size = int.from_bytes(avcc[6:8], "big")
    sps = avcc[8 : 8 + size]
    if len(sps) != size or size < 4 or sps[0] & 0x1F != SPS:
        raise Unusable(PICTURE, "the sequence parameter set is broken")
    width, height = _shown_size(sps)
    return Configuration(avcc, "avc1." + sps[1:4].hex(), width, height, (avcc[4] & 3) + 1)


def check_frame(data: bytes, length_size: int) -> bool:
    """Afterwards it is sure that a frame is made of whole NAL units; whether one of them can be decoded by itself.

    Raises    Unusable
    """
    at, is_key = 0, False
    while at < len(data):  # units_in would copy every frame of every stream
        size = int.from_bytes(data[at : at + length_size], "big")
        at += length_size
        if size == 0 or at + size > len(data):
            raise Unusable(PICTURE, "a frame is cut off")
        is_key = is_key or data[at] & 0x1F == IDR
        at += size
    return is_key


def units_in(data: bytes, length_size: int = UNIT_LENGTH) -> Iterator[bytes]:
    """The NAL units of a frame, each of which stands behind its length.

    Raises    Unusable
    """
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at : at + length_size], "big")
        at += length_size
        if size == 0 or at + size > len(data):
            raise Unusable(PICTURE, "a frame is cut off")
        yield data[at : at + size]
        at += size


def joined(units: Iterable[bytes]) -> bytes:
    """The NAL units, each behind its length of four bytes."""
    return b"".join(len(unit).to_bytes(UNIT_LENGTH, "big") + unit for unit in units)


def record_of(sps: bytes, pps: bytes) -> bytes:
    """The avcC record for one sequence and one picture parameter set, lengths being four bytes.

    Raises    Unusable
    """
    if len(sps) < 4 or not pps or max(len(sps), len(pps)) > LARGEST_CONFIGURATION:
        raise Unusable(PICTURE, "the parameter sets are broken")
    head = bytes((1, *sps[1:4], 0xFF, 0xE1)) + len(sps).to_bytes(2, "big") + sps
    return head + b"\1" + len(pps).to_bytes(2, "big") + pps


def parameter_sets(configuration: Configuration) -> list[bytes]:
    """The sequence and picture parameter sets of an avcC record, as a decoder that is not told first must find them in the film.

    Raises    Unusable
    """
    record, at, found = configuration.avcc, 5, []
    for mask in (0x1F, 0xFF):
        if at >= len(record):
            raise Unusable(PICTURE, "the decoder configuration is cut off")
        count, at = record[at] & mask, at + 1
        for _ in range(count):
            size = int.from_bytes(record[at : at + 2], "big")
            if at + 2 + size > len(record):
                raise Unusable(PICTURE, "the decoder configuration is cut off")
            found.append(record[at + 2 : at + 2 + size])
            at += 2 + size
    return found


class _Bits:
    """Bits of a parameter set, its emulation prevention bytes taken out."""

    def __init__(self, sps: bytes) -> None:
        self.raw = sps[4:].replace(b"\0\0\3", b"\0\0")
        self.at = 0

    def take(self, count: int) -> int:
        value = 0
        for _ in range(count):
            if self.at >= 8 * len(self.raw):
                raise Unusable(PICTURE, "the sequence parameter set is cut off")
            value = value << 1 | self.raw[self.at >> 3] >> (7 - (self.at & 7)) & 1
            self.at += 1
        return value

    def unsigned(self) -> int:
        zeros = 0
        while self.take(1) == 0:
            zeros += 1
            if zeros > 31:
                raise Unusable(PICTURE, "the sequence parameter set is broken")
        return (1 << zeros) - 1 + self.take(zeros)

    def signed(self) -> int:
        value = self.unsigned()
        return (value + 1) // 2 if value & 1 else -(value // 2)


def _shown_size(sps: bytes) -> tuple[int, int]:
    bits = _Bits(sps)
    bits.unsigned()  # id
    chroma = _chroma_format(bits) if sps[1] in WITH_CHROMA else 1
    bits.unsigned()  # log2_max_frame_num
    _skip_order_count(bits)
    bits.unsigned()  # max_num_ref_frames
    bits.take(1)
    width, height_units = (bits.unsigned() + 1) * 16, bits.unsigned() + 1
    is_progressive = bits.take(1)
    if not is_progressive:
        bits.take(1)
    bits.take(1)
    height = height_units * 16 * (2 - is_progressive)
    if bits.take(1):
        left, right, top, bottom = (bits.unsigned() for _ in range(4))
        across = 2 if chroma in (1, 2) else 1
        down = (2 if chroma == 1 else 1) * (2 - is_progressive)
        width, height = width - across * (left + right), height - down * (top + bottom)
    if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE):
        raise Unusable(PICTURE, f"a picture of {width}x{height}")
    return width, height


def _chroma_format(bits: _Bits) -> int:
    chroma = bits.unsigned()
    if chroma == 3:
        bits.take(1)
    bits.unsigned()
    bits.unsigned()
    bits.take(1)
    if bits.take(1):
        for index in range(8 if chroma != 3 else 12):
            if bits.take(1):
                _skip_scaling_list(bits, 16 if index < 6 else 64)
    return chroma


def _skip_scaling_list(bits: _Bits, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            following = (last + bits.signed()) % 256
        last = following or last


def _skip_order_count(bits: _Bits) -> None:
    kind = bits.unsigned()
    if kind == 0:
        bits.unsigned()
    elif kind == 1:
        bits.take(1)
        bits.signed()
        bits.signed()
        for _ in range(min(bits.unsigned(), 255)):
            bits.signed()
