"""Content-addressed files: a file's name is the SHA-256 of its bytes, in a local folder or an S3 bucket.

A file that comes in pieces lies in a folder of its own below `parts/` until its digest is proven; only then does it
have its name. A name is therefore never seen with other bytes than it says.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import obstore
from obstore.store import LocalStore, S3Store, from_url

from liandong.kernel.errors import Invalid
from liandong.kernel.ids import new_id
from liandong.kernel.settings import settings

if TYPE_CHECKING:  # the library has these types for the checker only
    from obstore.store import ClientConfig, S3Config


@cache
def store() -> Any:
    """The store that the settings name; a local folder is made if it is missing."""
    chosen = settings()
    if chosen.blob_url is None:
        return LocalStore(_own_folder(), mkdir=True)
    if chosen.blob_url.startswith("s3://"):
        endpoint = chosen.blob_s3_endpoint
        plain_http: ClientConfig = {"allow_http": bool(endpoint and endpoint.startswith("http:"))}
        given: S3Config = {"endpoint": endpoint} if endpoint else {}
        return S3Store.from_url(chosen.blob_url, config=given, client_options=plain_http)
    return from_url(chosen.blob_url)


def _own_folder() -> Path:
    return settings().home_folder / "blobs"


def path(sha256: str) -> str:
    """Where a file lies in the store: two levels of folders, so that none grows too large."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


async def keep(sha256: str, content: bytes) -> None:
    """Keep `content` under its digest, through a power cut too; keeping it again changes nothing.

    Raises    evidence.digest_mismatch: the bytes are not what the digest says, and nothing was kept
    """
    actual = hashlib.sha256(content).hexdigest()
    if actual != sha256:
        raise Invalid("evidence.digest_mismatch", expected=sha256, got=actual)
    await obstore.put_async(store(), path(sha256), content)
    await _write_through(path(sha256))


async def _write_through(name: str) -> None:
    """The file and its name are on the disk itself: a receipt that outlives a power cut must not outlive its file.

    A store that the settings name answers for itself; our own folder only when it is asked to.
    """
    if settings().blob_url is None:
        await asyncio.to_thread(_sync, _own_folder(), name)


def _sync(folder: Path, name: str) -> None:
    file = folder / name
    for place in (file, *file.parents):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        if place == folder:
            return


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


async def keep_part(folder: str, content: bytes) -> str:
    """Keep a piece of a file that is on its way; its name, which no other piece ever has."""
    name = f"parts/{folder}/{new_id()}"
    await obstore.put_async(store(), name, content)
    return name


async def join_parts(sha256: str, folder: str, names: Sequence[str]) -> None:
    """The pieces, in this order, are the file with this digest, through a power cut too. One piece at a time is in memory.

    Raises    evidence.digest_mismatch: they are not, and nothing was kept · FileNotFoundError: a piece is gone
    """
    taken, whole = hashlib.sha256(), f"parts/{folder}/{new_id()}"

    async def _pieces() -> AsyncIterator[bytes]:
        for name in names:
            piece = bytes(await (await obstore.get_async(store(), name)).bytes_async())
            taken.update(piece)
            yield piece

    await obstore.put_async(store(), whole, _pieces(), max_concurrency=1)
    if taken.hexdigest() != sha256:
        await obstore.delete_async(store(), whole)
        raise Invalid("evidence.digest_mismatch", expected=sha256, got=taken.hexdigest())
    await obstore.rename_async(store(), whole, path(sha256))
    await _write_through(path(sha256))


async def drop_parts(folder: str) -> None:
    """Nothing of a file that was on its way is left; a folder that is gone already is a success."""
    for listed in [one async for one in obstore.list(store(), prefix=f"parts/{folder}")]:
        with suppress(FileNotFoundError):
            await obstore.delete_async(store(), [one["path"] for one in listed])
