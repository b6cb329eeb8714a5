"""Files are kept under the digest of their bytes."""

from __future__ import annotations

import hashlib
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liandong.kernel import blobs
from liandong.kernel.errors import Invalid
from liandong.kernel.settings import settings


def named(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@given(content=st.binary(max_size=4096))
async def test_what_was_kept_comes_back_byte_for_byte(content: bytes) -> None:
    await blobs.keep(named(content), content)
    await blobs.keep(named(content), content)
    assert await blobs.fetch(named(content)) == content


async def test_a_large_file_comes_back_in_pieces() -> None:
    content = bytes(range(256)) * 80_000
    await blobs.keep(named(content), content)
    pieces = [piece async for piece in blobs.stream(named(content))]
    assert b"".join(pieces) == content


async def test_a_false_digest_is_refused_and_nothing_is_kept() -> None:
    digest = named("示例：另一张照片".encode())
    with pytest.raises(Invalid) as refused:
        await blobs.keep(digest, b"not that picture")
    assert refused.value.code == "evidence.digest_mismatch"
    assert refused.value.values["got"] == named(b"not that picture")
    with pytest.raises(FileNotFoundError):
        await blobs.fetch(digest)


async def test_a_kept_file_and_its_name_are_on_the_disk_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    written: set[tuple[int, int]] = set()
    fsync = os.fsync

    def _noted(handle: int) -> None:
        fsync(handle)
        written.add((os.fstat(handle).st_dev, os.fstat(handle).st_ino))

    monkeypatch.setattr(os, "fsync", _noted)
    content = "示例：断电前的照片".encode()
    whole, joined = content * 2, content * 3
    await blobs.keep(named(whole), whole)
    parts = [await blobs.keep_part("power-cut", content) for _ in range(3)]
    await blobs.join_parts(named(joined), "power-cut", parts)
    for one in (whole, joined):
        file = settings().home_folder / "blobs" / blobs.path(named(one))
        held = [file, *file.parents[:3]]
        assert {(place.stat().st_dev, place.stat().st_ino) for place in held} <= written
