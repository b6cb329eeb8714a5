"""The tus protocol: what arrives is kept through every break, and only what proves its digest becomes a file."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import httpx
import obstore
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, update

from liandong.api.app import make_app
from liandong.kernel import blobs
from liandong.kernel.clock import now
from liandong.kernel.db import Database, Role
from liandong.kernel.settings import settings
from liandong.means.evidence import receiving
from liandong.means.evidence.tables import Blob, Upload, UploadPart
from liandong.means.evidence.tus import PATH
from liandong.means.evidence.uploads import sweep_uploads
from tests.means.evidence.sender import Sender, assert_signed, cut_off, metadata, receipt_in
from tests.seat import assert_words, digest
from tests.world import World


@pytest.fixture
def lin(client: httpx.AsyncClient, world: World) -> Sender:
    """An officer's phone."""
    return Sender(client, world.east.lin)


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> int:
    """Pieces are kept from a few bytes on, so that a small file has many."""
    monkeypatch.setattr(receiving, "PART_BYTES", 700)
    return 700


def made(size: int, seed: int = 1) -> bytes:
    """A sample of this many bytes, the same for the same seed."""
    return random.Random(seed).randbytes(size)  # noqa: S311  a sample, not a secret


def refused(answer: httpx.Response, code: str, status: int) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["tus-resumable"] == "1.0.0"
    assert_words(answer.json())


def parts_left(upload: str) -> list[str]:
    folder = upload.rsplit("/", 1)[-1]
    return [one["path"] for listed in obstore.list(blobs.store(), prefix=f"parts/{folder}") for one in listed]


async def count(db: Database, table: type) -> int:
    async with db.transaction(Role.worker) as session:
        return int((await session.execute(select(func.count()).select_from(table))).scalar_one())


async def test_what_is_spoken(client: httpx.AsyncClient) -> None:
    for path in (PATH, f"{PATH}/01900000-0000-7000-8000-000000000001"):
        answer = await client.options(path)
        assert answer.status_code == 204
        assert answer.headers["tus-version"] == answer.headers["tus-resumable"] == "1.0.0"
        assert set(answer.headers["tus-extension"].split(",")) == {
            "creation", "creation-with-upload", "checksum", "expiration", "termination",
        }  # fmt: skip
        assert int(answer.headers["tus-max-size"]) == settings().max_video_bytes
        assert "sha1" in answer.headers["tus-checksum-algorithm"].split(",")


async def test_a_file_in_three_pieces_has_a_signed_receipt(
    client: httpx.AsyncClient, lin: Sender, db: Database
) -> None:
    content = made(3000)
    begun = await lin.begin(content)
    where = begun.headers["location"]
    assert (begun.status_code, begun.headers["upload-offset"]) == (201, "0")
    assert "upload-expires" in begun.headers
    for first in (0, 1000):
        answer = await lin.patch(where, first, content[first : first + 1000])
        assert (answer.status_code, answer.headers["upload-offset"]) == (204, str(first + 1000))
        assert "upload-receipt" not in answer.headers
    last = await lin.patch(where, 2000, content[2000:])
    receipt = receipt_in(last)
    assert receipt["sha256"] == digest(content)
    assert (receipt["size"], receipt["media_type"], receipt["outcome"]) == (3000, "image/jpeg", "kept")
    await assert_signed(client, receipt)
    assert await blobs.fetch(digest(content)) == content
    assert parts_left(where) == []
    assert await count(db, UploadPart) == 0
    asked_again = await lin.ask("HEAD", where)
    assert asked_again.headers["upload-offset"] == asked_again.headers["upload-length"] == "3000"
    assert receipt_in(asked_again) == receipt, "a phone that missed the last answer hears the same"
    assert receipt_in(await lin.begin(content)) == receipt, "and so does one that forgot where it was sending to"


async def test_a_small_file_goes_with_its_creation(client: httpx.AsyncClient, lin: Sender) -> None:
    content = made(900)
    answer = await lin.begin(content, body=content)
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, "900")
    await assert_signed(client, receipt_in(answer))
    assert await blobs.fetch(digest(content)) == content
    again = await lin.begin(content, body=content)
    assert receipt_in(again) == receipt_in(answer), "an identical resend is a success"


async def test_what_a_broken_request_brought_is_kept(app: FastAPI, lin: Sender, small_parts: int) -> None:
    content = made(5000)
    where = await lin.location(content)
    await cut_off(app, lin, where, 0, [content[:300], content[300:1999]])
    assert await lin.offset(where) == 1999
    await cut_off(app, lin, where, 1999, [])
    assert await lin.offset(where) == 1999
    answer = await lin.patch(where, 1999, content[1999:])
    assert receipt_in(answer)["sha256"] == digest(content)
    assert await blobs.fetch(digest(content)) == content


async def test_a_wrong_offset_is_refused_and_says_which_is_due(lin: Sender) -> None:
    content = made(2000)
    where = await lin.location(content)
    await lin.patch(where, 0, content[:500])
    for lie in (0, 499, 501, 2000):
        answer = await lin.patch(where, lie, content[lie : lie + 10])
        refused(answer, "evidence.offset_mismatch", 409)
        assert "500" in answer.json()["title"]
    assert await lin.offset(where) == 500


async def test_no_more_bytes_than_were_announced(lin: Sender) -> None:
    content = made(2000)
    where = await lin.location(content)
    refused(await lin.patch(where, 0, content + b"!"), "evidence.file_too_large", 413)
    assert await lin.offset(where) == 0


async def test_other_bytes_than_the_digest_says_are_thrown_away(lin: Sender, db: Database) -> None:
    content, other = made(2000), made(2000, seed=2)
    where = await lin.location(content)
    await lin.patch(where, 0, other[:1000])
    refused(await lin.patch(where, 1000, other[1000:]), "evidence.upload_digest_mismatch", 460)
    assert (await lin.ask("HEAD", where)).status_code == 404
    refused(await lin.begin(content, body=other), "evidence.upload_digest_mismatch", 460)
    assert (await count(db, Blob), await count(db, Upload), parts_left(where)) == (0, 0, [])
    with pytest.raises(FileNotFoundError):
        await blobs.fetch(digest(content))


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
async def test_a_piece_with_a_false_checksum_does_not_count(lin: Sender, small_parts: int, algorithm: str) -> None:
    content = made(3000)
    where = await lin.location(content)

    def header(piece: bytes) -> dict[str, str]:
        return {"Upload-Checksum": f"{algorithm} {base64.b64encode(hashlib.new(algorithm, piece).digest()).decode()}"}

    assert (await lin.patch(where, 0, content[:1000], **header(content[:1000]))).status_code == 204
    refused(await lin.patch(where, 1000, content[1000:], **header(b"another")), "evidence.checksum_mismatch", 460)
    assert await lin.offset(where) == 1000
    refused(await lin.patch(where, 1000, b"x", **{"Upload-Checksum": "md5 AAAA"}), "evidence.upload_header", 400)
    assert receipt_in(await lin.patch(where, 1000, content[1000:], **header(content[1000:])))["size"] == 3000


async def test_requests_that_cannot_be_understood(lin: Sender) -> None:
    content = made(100)
    where = await lin.location(content)
    good = {"Upload-Length": "100", "Upload-Metadata": metadata(digest(content))}
    for header, value in (
        ("Upload-Length", "many"), ("Upload-Length", "-1"), ("Upload-Metadata", ""), ("Upload-Metadata", "sha256 ****"),
        ("Upload-Metadata", metadata("0" * 63)),
    ):  # fmt: skip
        refused(await lin.ask("POST", PATH, good | {header: value}), "evidence.upload_header", 400)
    refused(await lin.ask("POST", PATH, good | {"Upload-Length": "0"}), "evidence.file_empty", 422)
    refused(await lin.ask("POST", PATH, good | {"Tus-Resumable": "0.2.2"}), "evidence.upload_version", 412)
    refused(await lin.begin(content, "text/html"), "evidence.media_type", 415)
    refused(await lin.ask("PATCH", where, {"Upload-Offset": "0"}, content=b"x"), "evidence.upload_content_type", 415)
    refused(await lin.patch(where, 0, b"x", **{"Upload-Offset": "first"}), "evidence.upload_header", 400)


async def test_limits(lin: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    most = settings().max_file_bytes
    refused(await lin.begin(b"", size=most + 1, sha256="a" * 64), "evidence.file_too_large", 413)
    assert (await lin.begin(b"", "video/mp4", size=most + 1, sha256="b" * 64)).status_code == 201
    refused(await lin.begin(b"", "video/mp4", size=most + 2, sha256="b" * 64), "evidence.upload_conflict", 409)
    monkeypatch.setattr(settings(), "open_uploads", 2)
    assert (await lin.begin(made(10))).status_code == 201
    refused(await lin.begin(made(11)), "evidence.too_many_uploads", 429)
    assert (await lin.begin(made(10))).status_code == 201, "one that was begun before may go on"


async def test_nobody_else_sees_or_touches_an_upload(client: httpx.AsyncClient, lin: Sender, world: World) -> None:
    content = made(1000)
    where = await lin.location(content)
    for person in (world.east.luo, world.east.leader, world.west.lin):
        other = Sender(client, person)
        assert (await other.ask("HEAD", where)).status_code == 404
        refused(await other.patch(where, 0, content), "kernel.not_found", 404)
        refused(await other.ask("DELETE", where), "kernel.not_found", 404)
    assert await lin.offset(where) == 0
    luo = Sender(client, world.east.luo)
    assert receipt_in(await lin.patch(where, 0, content))
    theirs = await luo.begin(content)
    assert theirs.headers["upload-offset"] == "0", "that somebody else has the bytes proves nothing about this phone"
    assert theirs.headers["location"] != where
    unknown = Sender(client, world.east.lin)
    answer = await unknown.client.request("HEAD", where, headers={"Tus-Resumable": "1.0.0"})
    assert answer.status_code == 401


async def test_the_database_hides_it_too(lin: Sender, world: World, db: Database) -> None:
    await lin.patch(await lin.location(made(1000)), 0, made(1000)[:400])
    for account, seen in ((world.east.lin.account_id, 1), (world.east.luo.account_id, 0)):
        async with db.transaction(Role.app, {"account": str(account)}) as session:
            for table in (Upload, UploadPart):
                assert (await session.execute(select(func.count()).select_from(table))).scalar_one() == seen


async def test_what_nobody_goes_on_with_expires_and_is_swept(lin: Sender, db: Database) -> None:
    content, other = made(1000), made(1000, seed=2)
    where, alive = await lin.location(content), await lin.location(other)
    for place, whole in ((where, content), (alive, other)):
        await lin.patch(place, 0, whole[:400])
    async with db.transaction(Role.worker) as session:
        late = update(Upload).where(Upload.id == UUID(where.rsplit("/", 1)[-1]))
        await session.execute(late.values(expires_at=now() - timedelta(seconds=1)))
    refused(await lin.patch(where, 400, content[400:]), "evidence.upload_expired", 410)
    assert (await lin.ask("HEAD", where)).status_code == 410
    async with db.transaction(Role.worker) as session:
        await sweep_uploads(session)
    assert parts_left(where) == []
    assert (await lin.ask("HEAD", where)).status_code == 404
    assert await lin.offset(alive) == 400
    assert await lin.offset(await lin.location(content)) == 0, "it may begin anew"


async def test_termination(lin: Sender) -> None:
    content = made(1000)
    where = await lin.location(content)
    await lin.patch(where, 0, content[:400])
    assert (await lin.ask("DELETE", where)).status_code == 204
    assert (await lin.ask("HEAD", where)).status_code == 404
    assert parts_left(where) == []


async def test_by_another_method_where_a_proxy_lets_patch_not_through(lin: Sender) -> None:
    content = made(1000)
    where = await lin.location(content)
    headers = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    answer = await lin.ask("POST", where, headers | {"X-HTTP-Method-Override": "PATCH"}, content=content)
    assert (answer.status_code, receipt_in(answer)["sha256"]) == (204, digest(content))
    refused(await lin.ask("POST", where, headers), "evidence.upload_header", 400)


async def test_a_server_killed_before_it_joined_the_pieces(
    lin: Sender, small_parts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = made(3000)
    where = await lin.location(content)
    await lin.patch(where, 0, content[:1000])

    class KilledError(BaseException):
        """The process is gone; no line of it that follows is run."""

    async def killed(*_: object) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(blobs, "join_parts", killed)
        with pytest.raises(KilledError):
            await lin.patch(where, 1000, content[1000:])
    answer = await lin.ask("HEAD", where)
    assert receipt_in(answer)["sha256"] == digest(content)
    assert await blobs.fetch(digest(content)) == content


async def test_of_two_requests_at_once_each_byte_counts_once(lin: Sender, small_parts: int) -> None:
    content = made(6000)
    where = await lin.location(content)

    async def in_pieces() -> AsyncIterator[bytes]:
        for first in range(0, len(content), 500):
            yield content[first : first + 500]

    answers = await asyncio.gather(*(lin.patch(where, 0, in_pieces()) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [204, 409, 409]
    assert receipt_in(await lin.ask("HEAD", where))["sha256"] == digest(content)
    assert await blobs.fetch(digest(content)) == content
    assert parts_left(where) == []


async def test_a_request_that_hangs_gives_way_when_the_phone_asks_where_to_go_on(lin: Sender) -> None:
    content = made(6000)
    where = await lin.location(content)
    has_come = asyncio.Event()

    async def half_and_then_silence() -> AsyncIterator[bytes]:
        yield content[:3000]
        has_come.set()
        await asyncio.Event().wait()

    hanging = asyncio.create_task(lin.patch(where, 0, half_and_then_silence()))
    await has_come.wait()
    assert await lin.offset(where) == 3000, "the server had not noticed that the line was gone; nothing is sent twice"
    assert (await hanging).headers["upload-offset"] == "3000"
    assert receipt_in(await lin.patch(where, 3000, content[3000:]))["sha256"] == digest(content)


async def test_what_trickles_in_is_kept_in_time(lin: Sender, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "KEEP_AFTER_S", 0.0)
    content = made(6000)
    where = await lin.location(content)

    async def trickle() -> AsyncIterator[bytes]:
        for first in range(0, len(content), 1000):
            yield content[first : first + 1000]
            await asyncio.sleep(0)

    async def seen_from_elsewhere() -> int:
        async with db.transaction(Role.worker) as session:
            return int((await session.execute(select(Upload.received))).scalar_one())

    seen = []
    keep = blobs.keep_part

    async def watched(folder: str, part: bytes) -> str:
        seen.append(await seen_from_elsewhere())
        return await keep(folder, part)

    monkeypatch.setattr(blobs, "keep_part", watched)
    assert receipt_in(await lin.patch(where, 0, trickle()))["size"] == 6000
    assert seen == sorted(seen)
    assert len(set(seen)) > 2, "another server would have gone on from here"


async def test_two_servers_take_turns(db: Database, lin: Sender, world: World) -> None:
    content = made(4000)
    elsewhere = make_app(db)
    elsewhere.state.db = db
    async with httpx.AsyncClient(transport=httpx.ASGITransport(elsewhere), base_url="http://b") as http:
        senders = [lin, Sender(http, world.east.lin)]
        where = await lin.location(content)
        for number in range(8):
            first = number * 500
            assert await senders[number % 2].offset(where) == first
            answer = await senders[(number + 1) % 2].patch(where, first, content[first : first + 500])
            assert answer.status_code == 204
        assert receipt_in(await lin.ask("HEAD", where)) == receipt_in(answer)
    assert await blobs.fetch(digest(content)) == content


async def test_memory_does_not_grow_with_the_file(lin: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    largest = 0
    keep = blobs.keep_part

    async def watched(folder: str, content: bytes) -> str:
        nonlocal largest
        largest = max(largest, len(content))
        return await keep(folder, content)

    monkeypatch.setattr(blobs, "keep_part", watched)
    monkeypatch.setattr(receiving, "PART_BYTES", 64 * 1024)
    content, step = made(2_000_000), 50_000

    async def slowly() -> AsyncIterator[bytes]:
        for first in range(0, len(content), step):
            yield content[first : first + step]

    answer = await lin.patch(await lin.location(content), 0, slowly())
    assert receipt_in(answer)["size"] == len(content)
    assert largest <= 64 * 1024 + step
