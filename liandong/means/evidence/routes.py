"""HTTP routes of the evidence room: files go in by their digest, and come out only through a sealed item."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Path, Request
from fastapi.responses import StreamingResponse

from liandong.kernel import blobs
from liandong.kernel.errors import Invalid, Refused
from liandong.kernel.http import ERRORS
from liandong.kernel.settings import settings
from liandong.means.evidence import actions
from liandong.means.evidence.actions import find_blob
from liandong.means.evidence.queries import find_evidence, shown
from liandong.means.evidence.schemas import EvidenceOut, FileOut
from liandong.registers.access import gate
from liandong.registers.access.door import Signed, briefly

router = APIRouter(prefix="/evidence", tags=["evidence"], responses=ERRORS)
Digest = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]


@router.put("/files/{sha256}")
async def keep_file(request: Request, sha256: Digest, content_type: Annotated[str, Header()] = "") -> FileOut:
    """Keep a small file under its digest, sent in one piece; sending it again is a success."""
    async with briefly(request) as signed:
        gate.may(signed.actor, "evidence:seal")
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > settings().max_file_bytes:
            raise Invalid("evidence.file_too_large", most=settings().max_file_bytes)
    async with briefly(request) as signed:
        kept = await actions.keep_file(signed.session, signed.actor, sha256, bytes(content), content_type)
        return FileOut.model_validate(kept)


@router.get("/{evidence_id}")
async def read_evidence(signed: Signed, evidence_id: UUID) -> EvidenceOut:
    """What is sealed about one item."""
    return (await shown(signed.session, [await find_evidence(signed.session, signed.actor, evidence_id)]))[0]


@router.get("/{evidence_id}/file", response_class=StreamingResponse)
async def read_file(signed: Signed, evidence_id: UUID) -> StreamingResponse:
    """The untouched original, once it has arrived."""
    evidence = await find_evidence(signed.session, signed.actor, evidence_id)
    blob = await find_blob(signed.session, evidence.sha256)
    if blob is None:
        raise Refused("evidence.file_not_here")
    headers = {
        "Content-Length": str(blob.size),
        "Cache-Control": "private, max-age=31536000, immutable",
        "Content-Disposition": "inline",
    }
    return StreamingResponse(blobs.stream(evidence.sha256), media_type=blob.media_type, headers=headers)
