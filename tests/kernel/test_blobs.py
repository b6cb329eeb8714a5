"""Files are kept under the digest of their bytes."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liandong.kernel import blobs
from liandong.kernel.errors import Invalid


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
