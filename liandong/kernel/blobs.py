"""Content-addressed files: a file's name is the SHA-256 of its bytes, in a local folder or an S3 bucket."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from functools import cache
from typing import TYPE_CHECKING, Any

import obstore
from obstore.store import LocalStore, S3Store, from_url

from liandong.kernel.errors import Invalid
from liandong.kernel.settings import settings

if TYPE_CHECKING:  # the library has these types for the checker only
    from obstore.store import ClientConfig, S3Config


@cache
def store() -> Any:
    """The store that the settings name; a local folder is made if it is missing."""
    chosen = settings()
    if chosen.blob_url is None:
        return LocalStore(chosen.home_folder / "blobs", mkdir=True)
    if chosen.blob_url.startswith("s3://"):
        endpoint = chosen.blob_s3_endpoint
        plain_http: ClientConfig = {"allow_http": bool(endpoint and endpoint.startswith("http:"))}
        given: S3Config = {"endpoint": endpoint} if endpoint else {}
        return S3Store.from_url(chosen.blob_url, config=given, client_options=plain_http)
    return from_url(chosen.blob_url)


def path(sha256: str) -> str:
    """Where a file lies in the store: two levels of folders, so that none grows too large."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


async def keep(sha256: str, content: bytes) -> None:
    """Keep `content` under its digest; keeping it again changes nothing.

    Raises    evidence.digest_mismatch: the bytes are not what the digest says, and nothing was kept
    """
    actual = hashlib.sha256(content).hexdigest()
    if actual != sha256:
        raise Invalid("evidence.digest_mismatch", expected=sha256, got=actual)
    await obstore.put_async(store(), path(sha256), content)


async def fetch(sha256: str) -> bytes:
    """The bytes of a kept file.

    Raises    FileNotFoundError
    """
    result = await obstore.get_async(store(), path(sha256))
    return bytes(await result.bytes_async())


async def stream(sha256: str) -> AsyncIterator[bytes]:
    """The bytes of a kept file, piece by piece."""
    result = await obstore.get_async(store(), path(sha256))
    async for piece in result.stream():
        yield bytes(piece)
