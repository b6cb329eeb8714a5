"""HTTP routes of the evidence room: files go in by their digest, and come out only through a sealed item."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Path, Request
from fastapi.responses import StreamingResponse

from liandong.kernel import blobs
from liandong.kernel.errors import Invalid
from liandong.kernel.http import ERRORS
from liandong.kernel.settings import settings
from liandong.means.evidence import actions
from liandong.means.evidence.queries import find_evidence
from liandong.means.evidence.schemas import EvidenceOut, FileOut
from liandong.registers.access import gate
from liandong.registers.access.door import Signed

router = APIRouter(prefix="/evidence", tags=["evidence"], responses=ERRORS)
Digest = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]


@router.put("/files/{sha256}")
async def keep_file(
    signed: Signed, request: Request, sha256: Digest, content_type: Annotated[str, Header()] = ""
) -> FileOut:
    """Keep a file under its digest; sending it again is a success."""
    gate.may(signed.actor, "evidence:seal")
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > settings().max_file_bytes:
            raise Invalid("evidence.file_too_large", most=settings().max_file_bytes)
    return FileOut.model_validate(await actions.keep_file(signed.session, sha256, bytes(content), content_type))


@router.get("/{evidence_id}")
async def read_evidence(signed: Signed, evidence_id: UUID) -> EvidenceOut:
    """What is sealed about one item."""
    return EvidenceOut.model_validate(await find_evidence(signed.session, signed.actor, evidence_id))


@router.get("/{evidence_id}/file", response_class=StreamingResponse)
async def read_file(signed: Signed, evidence_id: UUID) -> StreamingResponse:
    """The untouched original."""
    evidence = await find_evidence(signed.session, signed.actor, evidence_id)
    headers = {
        "Content-Length": str(evidence.size),
        "Cache-Control": "private, max-age=31536000, immutable",
        "Content-Disposition": "inline",
    }
    return StreamingResponse(blobs.stream(evidence.sha256), media_type=evidence.media_type, headers=headers)
