"""Bodies in chunks, against the example of AWS's own documentation, in any cuts, spoilt and as garbage; signatures likewise."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from liandong.kernel.errors import LiandongError
from liandong.wires.s3 import answers
from liandong.wires.s3.body import Body, Chunks
from liandong.wires.s3.signature import NOTHING, Asked, Authorization, Chain, request_signature, signing_key

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"  # of the documentation, opens nothing
MOMENT = "20130524T000000Z"
NAMES = ("content-encoding", "content-length", "host", "x-amz-content-sha256", "x-amz-date",
         "x-amz-decoded-content-length", "x-amz-storage-class")  # fmt: skip
SEED = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
SIGNATURES = (
    "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
    "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
    "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
)
SAID = Authorization("AKIAIOSFODNN7EXAMPLE", "20130524", "us-east-1", NAMES, SEED)
CONTENT = b"a" * 66560
STREAMING = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"


def chunked(sizes: tuple[int, ...] = (65536, 1024, 0), signatures: tuple[str, ...] = SIGNATURES) -> bytes:
    pieces = [
        b"%x;chunk-signature=%s\r\n%s\r\n" % (size, mark.encode(), b"a" * size)
        for size, mark in zip(sizes, signatures, strict=True)
    ]
    return b"".join(pieces)


def chain() -> Chain:
    return Chain(signing_key(SECRET, SAID), MOMENT, SAID.scope, SEED)


def body(declared: str, length: int, **more: str) -> Body:
    name = "content-length" if "STREAMING" not in declared else "x-amz-decoded-content-length"
    headers = {"x-amz-content-sha256": declared, name: str(length)} | more
    return Body(headers, 10**6, chain())


async def taken(made: Body, *came: bytes) -> bytes:
    async def stream() -> AsyncIterator[bytes]:
        for piece in came:
            yield piece

    return b"".join([piece async for piece in made.pieces(stream())])


def test_the_example_of_the_documentation_is_signed_alike() -> None:
    headers = [
        ("host", "s3.amazonaws.com"), ("x-amz-date", MOMENT), ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
        ("x-amz-content-sha256", STREAMING), ("content-encoding", "aws-chunked"),
        ("x-amz-decoded-content-length", "66560"), ("content-length", "66824"),
    ]  # fmt: skip
    asked = Asked("PUT", b"/examplebucket/chunkObject.txt", b"", headers)
    assert request_signature(asked, SAID, MOMENT, STREAMING, signing_key(SECRET, SAID)) == SEED


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, len(chunked())), max_size=6))
async def test_it_is_unpacked_however_it_is_cut(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(chunked())]
    came = [chunked()[one:other] for one, other in pairwise(places)]
    made = body(STREAMING, len(CONTENT))
    assert await taken(made, *came) == CONTENT
    assert (made.md5, made.head) == (hashlib.md5(CONTENT, usedforsecurity=False).hexdigest(), b"a" * 16)


@pytest.mark.parametrize(
    ("code", "spoilt", "length"),
    [
        ("s3.chunk_signature", chunked().replace(b"a\r\n400;", b"b\r\n400;"), 66560),
        ("s3.chunk_signature", chunked(signatures=(SIGNATURES[0], SIGNATURES[0], SIGNATURES[2])), 66560),
        ("s3.truncated", chunked()[:-2], 66560),
        ("s3.truncated", chunked()[:40_000], 66560),
        ("s3.truncated", b"", 66560),
        ("s3.truncated", chunked(), 66561),
        ("s3.too_large", chunked(), 66559),
        ("s3.chunk_unreadable", chunked() + b"more", 66560),
        ("s3.chunk_unreadable", chunked().replace(b";chunk-signature=", b";sig="), 66560),
        ("s3.chunk_unreadable", chunked().replace(b"10000;", b"-10000;"), 66560),
        ("s3.chunk_unreadable", chunked()[:-2] + b"x-amz-checksum-crc32:AAAAAA==\r\n\r\n", 66560),
        ("s3.chunk_unreadable", b"0" * 600, 66560),
    ],
)
async def test_what_is_spoilt_is_refused(code: str, spoilt: bytes, length: int) -> None:
    with pytest.raises(LiandongError) as refused:
        await taken(body(STREAMING, length), spoilt)
    assert refused.value.code == code


async def test_what_is_said_after_the_last_chunk_is_held_to() -> None:
    trailing, crc32 = "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "mdYCTQ=="
    ends = b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:%s\r\n\r\n"
    with pytest.raises(LiandongError, match=r"s3\.digest_mismatch"):
        await taken(body(trailing, 5), ends % crc32.encode())
    assert await taken(body(trailing, 5), ends % b"NhCmhg==") == b"hello"
    made, signer = body(f"{STREAMING}-TRAILER", 5), chain()
    signatures = []
    for content in (b"hello", b""):
        signer.is_next("", hashlib.sha256(content).hexdigest())
        signatures.append(signer.last.encode())
    signer.is_trailer("", {"x-amz-checksum-crc32": "NhCmhg=="})
    signed = b"5;chunk-signature=%s\r\nhello\r\n0;chunk-signature=%s\r\nx-amz-checksum-crc32:NhCmhg==\r\nx-amz-trailer-signature:%s\r\n\r\n"
    assert await taken(made, signed % (*signatures, signer.last.encode())) == b"hello"
    with pytest.raises(LiandongError, match=r"s3\.chunk_signature"):
        await taken(body(f"{STREAMING}-TRAILER", 5), signed % (*signatures, NOTHING.encode()))


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=400), st.booleans(), st.booleans())
@example(b"5\r\nhello\r\n0\r\n\r\n", False, False)
@example(b"fffffffffffff\r\n", False, False)
def test_garbage_in_chunks_is_refused_or_unpacked(came: bytes, is_signed: bool, has_trailers: bool) -> None:
    try:
        found = b"".join(Chunks(chain(), is_signed, has_trailers).feed(came))
    except LiandongError as error:
        assert error.code in answers.CODES  # noqa: PT017  either is right
    else:
        assert len(found) <= len(came)


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"<A><Part>{text}</Part></A>".encode()))
def test_garbage_as_a_list_of_parts_is_refused(content: bytes) -> None:
    with pytest.raises(LiandongError, match=r"s3\.parts_unreadable"):
        answers.read_parts(content)
