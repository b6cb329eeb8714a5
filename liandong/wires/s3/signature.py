"""AWS Signature Version 4, read and worked out anew: what was signed, by which key, and in which order.

Source    Signature Version 4 for Amazon S3: authorization header; chunked upload; chunked upload with trailers
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote_from_bytes, unquote_to_bytes

from liandong.kernel.errors import Invalid, Refused

ALGORITHM = "AWS4-HMAC-SHA256"
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256\s+Credential=(?P<key>[A-Za-z0-9]{16,128})/(?P<day>[0-9]{8})/(?P<region>[a-z0-9-]{1,32})/s3/aws4_request,"
    r"\s*SignedHeaders=(?P<headers>[a-z0-9;.-]{1,2000}),\s*Signature=(?P<signature>[0-9a-f]{64})"
)
_MOMENT = "%Y%m%dT%H%M%SZ"
NOTHING = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True)
class Authorization:
    """What the header of that name says."""

    access_key_id: str
    day: str
    region: str
    signed_headers: tuple[str, ...]
    signature: str

    @property
    def scope(self) -> str:
        """The day, place and service that the signature is good for."""
        return f"{self.day}/{self.region}/s3/aws4_request"


@dataclass(frozen=True)
class Asked:
    """A request as it came: path and query as they were sent, header names in lower case."""

    method: str
    raw_path: bytes
    raw_query: bytes
    headers: Sequence[tuple[str, str]]

    def values(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for one, value in self.headers if one == name]


def read_authorization(header: str) -> Authorization:
    """The header, taken apart.

    Raises    s3.unsigned (403)
    """
    found = _AUTHORIZATION.fullmatch(header.strip())
    if found is None:
        raise Refused("s3.unsigned")
    names = tuple(found["headers"].split(";"))
    return Authorization(found["key"], found["day"], found["region"], names, found["signature"])


def read_moment(header: str) -> datetime:
    """When a request was signed.

    Raises    s3.request_unreadable
    """
    try:
        return datetime.strptime(header, _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        raise Invalid("s3.request_unreadable", what="x-amz-date") from None


def canonical_query(raw_query: bytes) -> str:
    """The query in the order and with the letters in which it is signed."""
    pairs = []
    for pair in filter(None, raw_query.split(b"&")):
        name, _, value = pair.partition(b"=")
        pairs.append((_encoded(name, b""), _encoded(value, b"")))
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def _encoded(raw: bytes, safe: bytes) -> str:
    return quote_from_bytes(unquote_to_bytes(raw), safe=b"-_.~" + safe)


def request_signature(asked: Asked, said: Authorization, moment: str, payload_hash: str, key: bytes) -> str:
    """The signature that this request must bear."""
    headers = "".join(
        f"{name}:{','.join(' '.join(value.split()) for value in asked.values(name))}\n" for name in said.signed_headers
    )
    canonical = "\n".join(
        (
            asked.method, _encoded(asked.raw_path, b"/"), canonical_query(asked.raw_query), headers,
            ";".join(said.signed_headers), payload_hash,
        )
    )  # fmt: skip
    return sign(key, ALGORITHM, moment, said.scope, hashlib.sha256(canonical.encode()).hexdigest())


def signing_key(secret: str, said: Authorization) -> bytes:
    """The key of one day, place and service, made from the secret."""
    key = f"AWS4{secret}".encode()
    for word in (said.day, said.region, "s3", "aws4_request"):
        key = hmac.digest(key, word.encode(), "sha256")
    return key


def sign(key: bytes, *lines: str) -> str:
    """The signature of these lines."""
    return hmac.digest(key, "\n".join(lines).encode(), "sha256").hex()


def unsigned_words(headers: Sequence[tuple[str, str]], said: Authorization) -> bool:
    """Whether the request says something that its signature does not cover and that would change its meaning."""
    must = {"host", *(name for name, _ in headers if name.startswith("x-amz-"))}
    return not must <= set(said.signed_headers)


@dataclass
class Chain:
    """The signatures of the pieces of one body, each of which covers the one before."""

    key: bytes
    moment: str
    scope: str
    last: str

    def is_next(self, signature: str, content_sha256: str) -> bool:
        """Whether this is the signature of the next piece, which then is the last one seen."""
        return self._is(signature, f"{ALGORITHM}-PAYLOAD", NOTHING, content_sha256)

    def is_trailer(self, signature: str, trailers: Mapping[str, str]) -> bool:
        """Whether this is the signature of what is said after the last piece."""
        said = "".join(f"{name}:{value}\n" for name, value in sorted(trailers.items()))
        return self._is(signature, f"{ALGORITHM}-TRAILER", hashlib.sha256(said.encode()).hexdigest())

    def _is(self, signature: str, kind: str, *hashes: str) -> bool:
        expected = sign(self.key, kind, self.moment, self.scope, self.last, *hashes)
        self.last = expected
        return signature.isascii() and hmac.compare_digest(signature, expected)
