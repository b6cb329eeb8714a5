"""Who asks, and what for: decided from the head of a request alone, before a byte of its body is read."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import unquote_to_bytes
from uuid import UUID

from starlette.requests import Request

from liandong.kernel.clock import now
from liandong.kernel.db import Database, Role
from liandong.kernel.errors import Invalid, Refused
from liandong.wires.s3.body import Body
from liandong.wires.s3.signature import (
    Asked,
    Authorization,
    Chain,
    read_authorization,
    read_moment,
    request_signature,
    signing_key,
    unsigned_words,
)
from liandong.work.docks.files import find_sender
from liandong.work.docks.storage_keys import BUCKET, open_key

SKEW = timedelta(minutes=15)
"""How far a client's clock may be off; S3 allows as much."""
LONGEST_KEY = 1024
MOST_HEADERS = 100


@dataclass(frozen=True)
class Admitted:
    """A request that bears a good signature: which dock asks, for which object; None: for the bucket itself."""

    dock_id: UUID
    object_key: str | None
    headers: Mapping[str, str]
    query: Mapping[str, str]
    chain: Chain

    @property
    def key(self) -> str:
        """The object it is about.

        Raises    s3.write_only
        """
        if self.object_key is None:
            raise Refused("s3.write_only")
        return self.object_key

    def body(self, most: int) -> Body:
        """Its body, of which at most so many bytes are taken.

        Raises    s3.request_unreadable, s3.length_missing, s3.too_large
        """
        return Body(self.headers, most, self.chain)


async def admit(db: Database, request: Request) -> Admitted:
    """The request is its dock's own, signed now, about an object below the dock's prefix.

    Raises    s3.unsigned, s3.clock_skewed, s3.signature_wrong, s3.foreign_prefix, s3.request_unreadable;
              docks.key_unknown, docks.key_expired
    """
    asked = _asked(request)
    if len(asked.headers) > MOST_HEADERS:
        raise Invalid("s3.request_unreadable", what="headers")
    headers = dict(asked.headers)
    said = read_authorization(headers.get("authorization", ""))
    moment = headers.get("x-amz-date", "")
    if not moment.startswith(said.day) or abs(read_moment(moment) - now()) > SKEW:
        raise Refused("s3.clock_skewed")
    holder = open_key(said.access_key_id, headers.get("x-amz-security-token", ""))
    chain = _proven(asked, said, headers, holder.secret)
    async with db.transaction(Role.worker) as session:
        dock = await find_sender(session, holder.dock_id)
    object_key = _object_key(asked.raw_path)
    if object_key is not None and not object_key.startswith(f"{dock.serial_no}/"):
        raise Refused("s3.foreign_prefix")
    return Admitted(dock.id, object_key, headers, dict(request.query_params), chain)


def _asked(request: Request) -> Asked:
    scope = request.scope
    headers = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"]]
    return Asked(request.method, scope["raw_path"].partition(b"?")[0], scope["query_string"], headers)


def _proven(asked: Asked, said: Authorization, headers: Mapping[str, str], secret: str) -> Chain:
    if unsigned_words(asked.headers, said):
        raise Refused("s3.unsigned")
    key = signing_key(secret, said)
    expected = request_signature(asked, said, headers["x-amz-date"], headers.get("x-amz-content-sha256", ""), key)
    if not hmac.compare_digest(said.signature, expected):
        raise Refused("s3.signature_wrong")
    return Chain(key, headers["x-amz-date"], said.scope, said.signature)


def _object_key(raw_path: bytes) -> str | None:
    """The key as it was meant; one with letters that no name of a file has is none.

    Raises    s3.request_unreadable
    """
    try:
        path = unquote_to_bytes(raw_path).decode()
    except UnicodeDecodeError:
        raise Invalid("s3.request_unreadable", what="key") from None
    key = path.removeprefix(f"/{BUCKET}").removeprefix("/")
    parts = key.split("/")
    if len(key.encode()) > LONGEST_KEY or not key.isprintable() or ".." in parts or "" in parts[:-1]:
        raise Invalid("s3.request_unreadable", what="key")
    return key or None
