"""HTTP routes of files that travel in pieces: the tus resumable upload protocol 1.0.0.

Spoken are the core and the extensions creation, creation-with-upload, checksum, expiration and termination
(tus.io/protocols/resumable-upload, 1.0.0 of 2016-03-25). What is our own, and allowed by it: `Upload-Metadata` must
name `sha256` (hex) and `filetype`, and every answer about a finished file carries its signed receipt in
`Upload-Receipt` (base64 of JSON, see `receipts.FileReceipt`). Creating an upload that the account has begun before
gives the same one, so a phone that forgot everything but the file goes on where it was.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Coroutine
from datetime import UTC
from email.utils import format_datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute

from liandong.kernel.errors import Invalid, LiandongError, Refused
from liandong.kernel.http import ERRORS
from liandong.kernel.settings import settings
from liandong.means.evidence import uploads
from liandong.means.evidence.receipts import in_header, receipt_of
from liandong.means.evidence.receiving import Checksum, Receiving, give_way
from liandong.means.evidence.tables import Upload
from liandong.registers.access import gate
from liandong.registers.access.door import briefly

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"
ALGORITHMS = ("sha1", "sha256")
PATH = "/api/evidence/uploads"
BODY = "application/offset+octet-stream"
_DIGEST = re.compile("[0-9a-f]{64}")


class TusRoute(APIRoute):
    """A route that answers in the protocol's version only, errors too."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler with the protocol's header around it."""
        handle = super().get_route_handler()

        async def _handle(request: Request) -> Response:
            try:
                if request.method != "OPTIONS" and request.headers.get("tus-resumable") != VERSION:
                    raise Refused("evidence.upload_version", version=VERSION)
                response = await handle(request)
            except LiandongError as error:
                error.headers |= {"Tus-Resumable": VERSION, "Tus-Version": VERSION}
                if request.method == "PATCH":
                    # browsers send a request again by themselves when a kept connection is cut, from the offset of
                    # before; without this the rest of its body would come, too, and be thrown away
                    error.headers["Connection"] = "close"
                raise
            response.headers["Tus-Resumable"] = VERSION
            return response

        return _handle


STATUSES = {
    409: "another offset is due",
    410: "expired",
    412: "another version",
    460: "the bytes are not what was said",
}
router = APIRouter(
    prefix="/evidence/uploads",
    tags=["uploads"],
    route_class=TusRoute,
    responses=ERRORS | {status: {**ERRORS[409], "description": words} for status, words in STATUSES.items()},
)


@router.options("", status_code=204, include_in_schema=False)
@router.options("/{upload_id}", status_code=204, include_in_schema=False)
async def say_what_is_spoken() -> Response:
    """Which version and extensions are spoken here, and the largest file of any kind."""
    most = max(settings().max_file_bytes, settings().max_audio_bytes, settings().max_video_bytes)
    headers = {"Tus-Version": VERSION, "Tus-Extension": EXTENSIONS, "Tus-Max-Size": str(most)}
    return Response(status_code=204, headers={**headers, "Tus-Checksum-Algorithm": ",".join(ALGORITHMS)})


@router.post("", status_code=201)
async def begin_upload(request: Request) -> Response:
    """An upload of a file stands ready, or goes on if this account began it before; bytes may come with it."""
    async with briefly(request) as signed:
        gate.may(signed.actor, "evidence:seal")
        upload = await uploads.begin_upload(signed.session, signed.actor, _announced(request))
    await give_way(upload.id)
    receiving = await _receiving(request, upload.id)
    if request.headers.get("content-type") == BODY and _is_untouched(receiving.upload):
        await receiving.take(request.stream(), _checksum(request))
    return _answer(receiving.upload, 201, {"Location": f"{PATH}/{upload.id}"})


def _is_untouched(upload: Upload) -> bool:
    return upload.received == 0 and upload.finished_at is None


@router.head("/{upload_id}")
async def how_far(request: Request, upload_id: UUID) -> Response:
    """How many bytes are here, so that the next one is known."""
    await _receiving(request, upload_id)  # it is the asker's own
    await give_way(upload_id)
    receiving = await _receiving(request, upload_id)
    await receiving.finish()
    headers = {"Upload-Length": str(receiving.upload.size), "Cache-Control": "no-store"}
    return _answer(receiving.upload, 200, headers)


@router.patch("/{upload_id}", status_code=204)
async def go_on(request: Request, upload_id: UUID) -> Response:
    """The bytes that came are kept; with the last one the file is proven and has its receipt."""
    receiving = await _receiving(request, upload_id)
    if request.headers.get("content-type") != BODY:
        raise Invalid("evidence.upload_content_type")
    uploads.require_offset(receiving.upload, _number(request, "Upload-Offset"))
    await receiving.take(request.stream(), _checksum(request))
    return _answer(receiving.upload, 204)


@router.delete("/{upload_id}", status_code=204)
async def give_up(request: Request, upload_id: UUID) -> Response:
    """The upload is given up; a file that has arrived whole stays."""
    receiving = await _receiving(request, upload_id)
    await receiving.drop()
    return Response(status_code=204)


@router.post("/{upload_id}", status_code=204)
async def by_another_method(request: Request, upload_id: UUID) -> Response:
    """PATCH and DELETE for lines whose proxies let neither through (X-HTTP-Method-Override)."""
    meant = {"PATCH": go_on, "DELETE": give_up}.get(request.headers.get("x-http-method-override", "").upper())
    if meant is None:
        await _receiving(request, upload_id)
        raise Invalid("evidence.upload_header", header="X-HTTP-Method-Override")
    return await meant(request, upload_id)


async def _receiving(request: Request, upload_id: UUID) -> Receiving:
    async with briefly(request) as signed:
        gate.may(signed.actor, "evidence:seal")
        upload = await uploads.find_upload(signed.session, signed.actor, upload_id)
    return Receiving(lambda: briefly(request), upload)


def _answer(upload: Upload, status: int, more: dict[str, str] | None = None) -> Response:
    headers = {"Upload-Offset": str(upload.received), **(more or {})}
    if upload.finished_at is None:
        headers["Upload-Expires"] = format_datetime(upload.expires_at.astimezone(UTC), usegmt=True)
    else:
        headers["Upload-Receipt"] = in_header(receipt_of(upload))
    return Response(status_code=status, headers=headers)


def _announced(request: Request) -> uploads.Announced:
    said = _metadata(request.headers.get("upload-metadata", ""))
    sha256, media_type = said.get("sha256", ""), said.get("filetype", "")
    if not _DIGEST.fullmatch(sha256) or not media_type:
        raise Invalid("evidence.upload_header", header="Upload-Metadata")
    size = _number(request, "Upload-Length")
    if size == 0:
        raise Invalid("evidence.file_empty")
    return uploads.Announced(sha256, size, media_type)


def _metadata(header: str) -> dict[str, str]:
    found = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        name, _, value = pair.partition(" ")
        found[name] = _decoded(value, "Upload-Metadata").decode("utf-8", "replace")
    return found


def _checksum(request: Request) -> Checksum | None:
    header = request.headers.get("upload-checksum")
    if header is None:
        return None
    algorithm, _, value = header.partition(" ")
    if algorithm not in ALGORITHMS:
        raise Invalid("evidence.upload_header", header="Upload-Checksum")
    return Checksum(algorithm, _decoded(value, "Upload-Checksum"))


def _decoded(value: str, header: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid("evidence.upload_header", header=header) from error


def _number(request: Request, header: str) -> int:
    value = request.headers.get(header.lower(), "")
    if not (value.isascii() and value.isdigit() and len(value) < 16):
        raise Invalid("evidence.upload_header", header=header)
    return int(value)
