"""Content-addressed files: a file's name is the SHA-256 of its bytes, in a local folder or an S3 bucket.

A file that comes in pieces lies in a folder of its own below `parts/` until its digest is proven; only then does it
have its name. A name is therefore never seen with other bytes than it says.

What is kept only for a while lies below other folders under names that its room gives, and is dropped folder by folder.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store, from_url

from liandong.kernel.errors import Invalid
from liandong.kernel.ids import new_id
from liandong.kernel.settings import settings

if TYPE_CHECKING:  # the library has these types for the checker only
    from obstore.store import ClientConfig, S3Config

OUT_OF_STORE = (OSError, BaseError)
"""What is raised when the store is full, away, or has not what it is asked for."""


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


async def keep_part_stream(folder: str, pieces: AsyncIterator[bytes]) -> tuple[str, int]:
    """The same for a piece that comes bit by bit: its name, and bytes in all. If its making fails, nothing is kept."""
    name, _, size = await _write(folder, pieces)
    return name, size


async def join_parts(sha256: str, folder: str, names: Sequence[str]) -> None:
    """The pieces, in this order, are the file with this digest, through a power cut too. One piece at a time is in memory.

    Raises    evidence.digest_mismatch: they are not, and nothing was kept · FileNotFoundError: a piece is gone
    """

    async def _pieces() -> AsyncIterator[bytes]:
        for name in names:
            yield await fetch_named(name)

    whole, found, _ = await _write(folder, _pieces())
    if found != sha256:
        await obstore.delete_async(store(), whole)
        raise Invalid("evidence.digest_mismatch", expected=sha256, got=found)
    await _give_name(whole, sha256)


async def keep_stream(pieces: AsyncIterator[bytes]) -> tuple[str, int]:
    """What these pieces are together is kept under its digest, through a power cut too: the digest, and bytes in all.

    One piece at a time is in memory. If making a piece fails, nothing is kept.
    """
    folder = str(new_id())
    try:
        whole, sha256, size = await _write(folder, pieces)
        await _give_name(whole, sha256)
    except BaseException:
        await drop_parts(folder)
        raise
    return sha256, size


async def _write(folder: str, pieces: AsyncIterator[bytes]) -> tuple[str, str, int]:
    """Everything is in one part of `folder`: its name, digest and size."""
    taken, size, whole = hashlib.sha256(), 0, f"parts/{folder}/{new_id()}"

    async def _counted() -> AsyncIterator[bytes]:
        nonlocal size
        async for piece in pieces:
            taken.update(piece)
            size += len(piece)
            yield piece

    await obstore.put_async(store(), whole, _counted(), max_concurrency=1)
    return whole, taken.hexdigest(), size


async def _give_name(part: str, sha256: str) -> None:
    await obstore.rename_async(store(), part, path(sha256))
    await _write_through(path(sha256))


async def drop_parts(folder: str) -> None:
    """Nothing of a file that was on its way is left; a folder that is gone already is a success."""
    for listed in [one async for one in obstore.list(store(), prefix=f"parts/{folder}")]:
        with suppress(FileNotFoundError):
            await obstore.delete_async(store(), [one["path"] for one in listed])


async def keep_named(name: str, content: bytes) -> None:
    """`content` lies under this name, whole or not at all.

    Raises    one of OUT_OF_STORE
    """
    await obstore.put_async(store(), name, content)


async def fetch_named(name: str) -> bytes:
    """What lies under this name.

    Raises    FileNotFoundError, or another of OUT_OF_STORE
    """
    return bytes(await (await obstore.get_async(store(), name)).bytes_async())


async def stream_named(name: str) -> AsyncIterator[bytes]:
    """What lies under this name, piece by piece.

    Raises    FileNotFoundError, or another of OUT_OF_STORE
    """
    result = await obstore.get_async(store(), name)
    async for piece in result.stream():
        yield bytes(piece)


async def names_below(folder: str) -> AsyncIterator[str]:
    """Every name below a folder, however deep; none if there is no such folder."""
    async for listed in obstore.list(store(), prefix=folder):
        for one in listed:
            yield one["path"]


async def folders_in(folder: str) -> list[str]:
    """The folders right below this one, with their whole names."""
    return sorted((await obstore.list_with_delimiter_async(store(), prefix=folder))["common_prefixes"])


async def drop_named(names: Sequence[str]) -> None:
    """Nothing lies under these names any more; one that is gone already is a success."""
    with suppress(FileNotFoundError):
        await obstore.delete_async(store(), list(names))


async def drop_folder(folder: str) -> None:
    """Nothing lies below this folder any more, nor does what a killed process left there half written."""
    local = _local_folder()
    if local is not None:
        await asyncio.to_thread(shutil.rmtree, local / folder, ignore_errors=True)
        return
    async for listed in obstore.list(store(), prefix=folder, chunk_size=1000):
        await drop_named([one["path"] for one in listed])


def spare_bytes() -> int | None:
    """How much room the disk has left on which the files lie; None where a store of its own answers for that."""
    local = _local_folder()
    return shutil.disk_usage(local).free if local is not None and local.is_dir() else None


def _local_folder() -> Path | None:
    chosen = settings().blob_url
    if chosen is None:
        return _own_folder()
    said = urlsplit(chosen)
    return Path(unquote(said.path)) if said.scheme == "file" else None
