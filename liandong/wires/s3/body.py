"""The body of a request as it comes: unpacked where it is sent in chunks, counted, and proven at its end.

Nothing is held but what has come at once. Whoever takes the pieces keeps them only if the end is reached without a refusal.
"""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections.abc import AsyncIterator, Iterator, Mapping

from starlette.requests import ClientDisconnect

from liandong.kernel.errors import Invalid, Refused
from liandong.wires.s3.signature import Chain

UNSIGNED = "UNSIGNED-PAYLOAD"
CHUNKED = {
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD": (True, False),
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER": (True, True),
    "STREAMING-UNSIGNED-PAYLOAD-TRAILER": (False, True),
}
"""How a body in chunks names itself: whether its chunks are signed, and whether more is said after the last."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_SIZE_LINE = re.compile(rb"([0-9A-Fa-f]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?")
LONGEST_LINE = 512
MOST_TRAILERS = 8
HEAD_BYTES = 16


class Body:
    """A body of `length` bytes once unpacked. After its end: `md5` (hex), and `head`, its first bytes."""

    def __init__(self, headers: Mapping[str, str], most: int, chain: Chain) -> None:
        self._declared = headers.get("x-amz-content-sha256", "")
        is_known = self._declared == UNSIGNED or self._declared in CHUNKED or _DIGEST.fullmatch(self._declared)
        if not is_known:
            raise Invalid("s3.request_unreadable", what="x-amz-content-sha256")
        self._is_chunked = self._declared in CHUNKED
        self.length = _length(headers, "x-amz-decoded-content-length" if self._is_chunked else "content-length")
        if self.length > most:
            raise Invalid("s3.too_large", most=most)
        self._chain, self._headers = chain, headers
        self._sha256, self._md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
        self._crc32, self.size, self.head = 0, 0, b""
        self.trailers: dict[str, str] = {}

    @property
    def md5(self) -> str:
        """The MD5 of what has come, which S3 answers as its tag."""
        return self._md5.hexdigest()

    async def pieces(self, stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The bytes, unpacked, as they come.

        Raises    s3.truncated, s3.too_large, s3.chunk_unreadable, s3.chunk_signature, s3.digest_mismatch
        """
        unpacked = Chunks(self._chain, *CHUNKED[self._declared]) if self._is_chunked else None
        try:
            async for came in stream:
                for piece in unpacked.feed(came) if unpacked else (came,):
                    self._count(piece)
                    yield piece
        except ClientDisconnect:
            raise Refused("s3.truncated") from None
        if unpacked is not None:
            if not unpacked.is_whole:
                raise Refused("s3.truncated")
            self.trailers = unpacked.trailers
        if self.size != self.length:
            raise Refused("s3.truncated")
        self._prove()

    def _count(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > self.length:
            raise Invalid("s3.too_large", most=self.length)
        if len(self.head) < HEAD_BYTES:
            self.head += piece[: HEAD_BYTES - len(self.head)]
        self._sha256.update(piece)
        self._md5.update(piece)
        self._crc32 = zlib.crc32(piece, self._crc32)

    def _prove(self) -> None:
        """What was said of the content beside the signature holds. Sums that are not worked out here prove nothing."""
        if _DIGEST.fullmatch(self._declared) and self._sha256.hexdigest() != self._declared:
            raise Refused("s3.digest_mismatch")
        found = {
            "content-md5": self._md5.digest(),
            "x-amz-checksum-crc32": self._crc32.to_bytes(4, "big"),
            "x-amz-checksum-sha256": self._sha256.digest(),
        }
        for name, digest in found.items():
            said = self._headers.get(name, self.trailers.get(name))
            if said is not None and said != base64.b64encode(digest).decode():
                raise Refused("s3.digest_mismatch")


class Chunks:
    """Unpacks `aws-chunked`: a line with the size of each piece and its signature, the piece, and at last what is said after."""

    def __init__(self, chain: Chain, is_signed: bool, has_trailers: bool) -> None:
        self._chain, self._is_signed, self._has_trailers = chain, is_signed, has_trailers
        self._waiting, self._left, self._state = bytearray(), 0, "size"
        self._signature, self._taken = "", hashlib.sha256()
        self.trailers: dict[str, str] = {}
        self.is_whole = False

    def feed(self, came: bytes) -> Iterator[bytes]:
        """What of the content has come with these bytes.

        Raises    s3.chunk_unreadable, s3.chunk_signature
        """
        self._waiting += came
        while self._waiting:
            if self.is_whole:
                raise Invalid("s3.chunk_unreadable")
            if self._state == "piece":
                piece = bytes(self._waiting[: self._left])
                del self._waiting[: len(piece)]
                self._left -= len(piece)
                self._taken.update(piece)
                if self._left == 0:
                    self._state = "after"
                yield piece
                continue
            line = self._line()
            if line is None:
                return
            self._read(line)

    def _line(self) -> bytes | None:
        end = self._waiting.find(b"\r\n")
        if end < 0 and len(self._waiting) <= LONGEST_LINE:
            return None
        if end < 0 or end > LONGEST_LINE:
            raise Invalid("s3.chunk_unreadable")
        line = bytes(self._waiting[:end])
        del self._waiting[: end + 2]
        return line

    def _read(self, line: bytes) -> None:
        if self._state == "size":
            self._begin(line)
        elif self._state == "after":
            if line:
                raise Invalid("s3.chunk_unreadable")
            self._end_piece()
            self._state = "size"
        elif line:
            self._trailer(line)
        else:
            self._end()

    def _begin(self, line: bytes) -> None:
        found = _SIZE_LINE.fullmatch(line)
        if found is None or (found[2] is None) == self._is_signed:
            raise Invalid("s3.chunk_unreadable")
        self._left, self._signature = int(found[1], 16), (found[2] or b"").decode()
        self._state = "piece" if self._left else "trailers"
        if not self._left:
            self._end_piece()

    def _end_piece(self) -> None:
        if self._is_signed and not self._chain.is_next(self._signature, self._taken.hexdigest()):
            raise Refused("s3.chunk_signature")
        self._taken = hashlib.sha256()

    def _trailer(self, line: bytes) -> None:
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or not self._has_trailers or len(self.trailers) >= MOST_TRAILERS:
            raise Invalid("s3.chunk_unreadable")
        self.trailers[name.strip().lower()] = value.strip()

    def _end(self) -> None:
        signature = self.trailers.pop("x-amz-trailer-signature", "")
        if self._is_signed and self._has_trailers and not self._chain.is_trailer(signature, self.trailers):
            raise Refused("s3.chunk_signature")
        self.is_whole = True


def _length(headers: Mapping[str, str], name: str) -> int:
    said = headers.get(name)
    if said is None:
        raise Invalid("s3.length_missing")
    if not (said.isascii() and said.isdigit() and len(said) <= 15):
        raise Invalid("s3.request_unreadable", what=name)
    return int(said)
