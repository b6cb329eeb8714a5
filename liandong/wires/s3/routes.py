"""HTTP routes of the S3 door: what a client needs to put a file, whole or in parts; everything else is refused."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from hashlib import md5
from uuid import UUID, uuid4

from fastapi import APIRouter, Request, Response

from liandong.kernel import blobs
from liandong.kernel.clock import beijing_today
from liandong.kernel.db import OUT_OF_REACH, Database, Role
from liandong.kernel.errors import Broken, Invalid, LiandongError, Refused
from liandong.registers import law
from liandong.wires.s3 import answers
from liandong.wires.s3.door import Admitted, admit
from liandong.work.docks import files
from liandong.work.docks.files import Part, Received
from liandong.work.docks.storage_keys import BUCKET, REGION

log = logging.getLogger(__name__)
router = APIRouter(prefix=f"/{BUCKET}", include_in_schema=False)
ROOM_LEFT = 2 * 1024**3
"""Bytes of the disk that no file of a dock may take: the database lies there too."""
Deed = Callable[[Database, Request, Admitted], Awaitable[Response]]


@router.api_route("", methods=["GET", "HEAD", "PUT", "POST", "DELETE"])
@router.api_route("/{key:path}", methods=["GET", "HEAD", "PUT", "POST", "DELETE"])
async def answer(request: Request) -> Response:
    """One request of a client of S3."""
    db: Database = request.app.state.db
    request_id = getattr(request.state, "request_id", str(uuid4()))
    try:
        try:
            admitted = await admit(db, request)
            return await _deed(request.method, admitted)(db, request, admitted)
        except blobs.OUT_OF_STORE as error:
            log.warning("the store is full or away: %s", error)
            raise Broken("s3.store_away") from None
        except OUT_OF_REACH as error:
            log.warning("the database is out of reach: %s", error)
            raise Broken("kernel.database_unavailable") from None
    except LiandongError as error:
        refused: Counter[str] = request.app.state.files_refused
        refused[error.code] += 1
        log.info("a file was not taken: %s (%d times)", error.code, refused[error.code])
        return answers.refusal(error, request.url.path, request_id)


def _deed(method: str, admitted: Admitted) -> Deed:
    """What is wanted, by method and query.

    Raises    s3.write_only
    """
    query, is_object = admitted.query, admitted.object_key is not None
    wanted: dict[tuple[str, bool, str], Deed] = {
        ("PUT", True, ""): _put,
        ("PUT", True, "partNumber uploadId"): _put_part,
        ("POST", True, "uploads"): _begin,
        ("POST", True, "uploadId"): _complete,
        ("DELETE", True, "uploadId"): _abort,
        ("HEAD", True, ""): _head,
        ("HEAD", False, ""): _head_bucket,
        ("GET", False, "location"): _region,
    }
    names = " ".join(sorted(name for name in query if name != "x-id"))  # what newer clients add says nothing
    found = wanted.get((method, is_object, names))
    if found is None or "x-amz-copy-source" in admitted.headers:
        raise Refused("s3.write_only")
    return found


def _most() -> int:
    """Bytes of the largest file that can become evidence."""
    kind = law.evidence_kind("flight_data", on=beijing_today())
    assert kind is not None
    return kind.most_bytes


def _require_room(size: int) -> None:
    """Afterwards it is sure that a file of this size leaves the disk what it needs.

    Raises    s3.no_room (503)
    """
    spare = blobs.spare_bytes()
    if spare is not None and spare - size < ROOM_LEFT:
        raise Broken("s3.no_room")


async def _put(db: Database, request: Request, admitted: Admitted) -> Response:
    body = admitted.body(_most())
    _require_room(body.length)
    sha256, size = await blobs.keep_stream(body.pieces(request.stream()))
    file = Received(admitted.key, sha256, size, body.md5, body.head)
    async with db.transaction(Role.worker) as session:
        await files.note_received(session, admitted.dock_id, file)
    return answers.kept(body.md5)


async def _begin(db: Database, request: Request, admitted: Admitted) -> Response:
    async with db.transaction(Role.worker) as session:
        upload_id = await files.begin_upload(session, admitted.dock_id, admitted.key)
    return answers.begun(BUCKET, admitted.key, str(upload_id))


async def _put_part(db: Database, request: Request, admitted: Admitted) -> Response:
    upload_id, number = _upload_id(admitted), _part_number(admitted)
    async with db.transaction(Role.worker) as session:
        await files.find_upload(session, admitted.dock_id, upload_id, admitted.key)
        taken = await files.bytes_so_far(session, upload_id)
    body = admitted.body(max(0, _most() - taken))
    _require_room(body.length)
    name, size = await blobs.keep_part_stream(str(upload_id), body.pieces(request.stream()))
    async with db.transaction(Role.worker) as session:
        upload = await files.find_upload(session, admitted.dock_id, upload_id, admitted.key, lock=True)
        replaced = await files.add_part(session, upload, number, Part(name, size, body.md5))
    if replaced is not None:
        await blobs.drop_named([replaced])
    return answers.kept(body.md5)


async def _complete(db: Database, request: Request, admitted: Admitted) -> Response:
    upload_id, body = _upload_id(admitted), admitted.body(answers.LARGEST_LIST)
    named = answers.read_parts(b"".join([piece async for piece in body.pieces(request.stream())]))
    etag = f"{md5(b''.join(_bytes(etag) for _, etag in named), usedforsecurity=False).hexdigest()}-{len(named)}"
    async with db.transaction(Role.worker) as session:
        upload = await files.find_upload(session, admitted.dock_id, upload_id, admitted.key)
        if upload.finished_at is not None:  # the answer of before was lost on its way
            return answers.completed(BUCKET, admitted.key, etag)
        parts = await files.parts_of(session, upload_id, named)
    sizes = sum(part.size for part in parts)
    if sizes > _most():
        raise Invalid("s3.too_large", most=_most())
    _require_room(sizes)
    head = bytearray()
    sha256, size = await blobs.keep_stream(_joined([part.name for part in parts], head))
    file = Received(admitted.key, sha256, size, etag, bytes(head))
    async with db.transaction(Role.worker) as session:
        upload = await files.find_upload(session, admitted.dock_id, upload_id, admitted.key, lock=True)
        await files.finish_upload(session, upload, file)
    await blobs.drop_parts(str(upload_id))
    return answers.completed(BUCKET, admitted.key, etag)


async def _joined(names: list[str], head: bytearray) -> AsyncIterator[bytes]:
    for name in names:
        async for piece in blobs.stream_named(name):
            head += piece[: files.HEAD_BYTES - len(head)]
            yield piece


async def _abort(db: Database, request: Request, admitted: Admitted) -> Response:
    upload_id = _upload_id(admitted)
    async with db.transaction(Role.worker) as session:
        upload = await files.find_upload(session, admitted.dock_id, upload_id, admitted.key, lock=True)
        await files.give_up(session, upload)
    await blobs.drop_parts(str(upload_id))
    return Response(status_code=204)


async def _head(db: Database, request: Request, admitted: Admitted) -> Response:
    async with db.transaction(Role.worker) as session:
        found = await files.newest_file(session, admitted.dock_id, admitted.key)
    if found is None:
        raise Refused("s3.object_unknown")
    return answers.known(found.etag, found.size, found.received_at)


async def _head_bucket(db: Database, request: Request, admitted: Admitted) -> Response:
    return Response(status_code=200, headers={"x-amz-bucket-region": REGION})


async def _region(db: Database, request: Request, admitted: Admitted) -> Response:
    return answers.region(REGION)


def _upload_id(admitted: Admitted) -> UUID:
    try:
        return UUID(admitted.query["uploadId"])
    except ValueError:
        raise Refused("docks.upload_unknown") from None


def _part_number(admitted: Admitted) -> int:
    said = admitted.query["partNumber"]
    if not (said.isascii() and said.isdigit() and 1 <= int(said) <= answers.MOST_PARTS):
        raise Invalid("s3.request_unreadable", what="partNumber")
    return int(said)


def _bytes(etag: str) -> bytes:
    try:
        return bytes.fromhex(etag)
    except ValueError:
        raise Refused("docks.part_invalid") from None
