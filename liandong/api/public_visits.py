"""What anybody may open who has scanned an officer's code: no sign-in, nothing kept of who asks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.api.documents import PDF, PRINTERS
from liandong.kernel.db import Database, Role
from liandong.kernel.errors import Refused
from liandong.kernel.http import ERRORS
from liandong.kernel.settings import settings
from liandong.kernel.throttle import take_turn
from liandong.means.documents.printing import print_document
from liandong.oversight.credentials.queries import signed_visit_of, visit_shown
from liandong.oversight.credentials.schemas import VisitShown
from liandong.oversight.paperwork.inspection_record import inspection_record
from liandong.oversight.paperwork.visit import read_visit
from liandong.work.dispatch.passes import Pass, log_scan, open_pass

router = APIRouter(prefix="/public/visits", tags=["public"], responses=ERRORS)
SCANS_PER_ADDRESS = 10
"""How many different codes' worth of scans one address may ask for; a whole industrial park may stand behind one."""


@dataclass(frozen=True)
class Scanned:
    """A code that opens, and the transaction in which its scan is put on record."""

    session: AsyncSession
    held: Pass


async def scanned(request: Request, token: str) -> AsyncIterator[Scanned]:
    """The pass behind the code.

    Raises    kernel.too_many_requests (429) · kernel.not_found (404) · dispatch.pass_revoked, dispatch.pass_expired (410)
    """
    most = settings().scans_per_minute
    take_turn("scan.address", request.client.host if request.client else "", per_minute=most * SCANS_PER_ADDRESS)
    take_turn("scan.code", token[:64], per_minute=most)
    db: Database = request.app.state.db
    # The public has no scope of sight: the pass alone opens, and only what `credentials` names leaves the house.
    async with db.transaction(Role.worker) as session:
        yield Scanned(session, await open_pass(session, token))


Opened = Annotated[Scanned, Depends(scanned, scope="function")]


@router.get("/{token}")
async def read_visit_by_code(opened: Opened) -> VisitShown:
    """Who came, of which agency, with which certificate, why, and what the party may and must do."""
    log_scan(opened.session, opened.held, "page")
    return await visit_shown(opened.session, opened.held)


@router.get(
    "/{token}/documents/inspection_record.pdf",
    response_class=Response,
    responses={200: {"content": {PDF: {}}, "description": "PDF/A-2b"}},
)
async def read_party_copy(opened: Opened) -> Response:
    """The party's copy of the record that it signed.

    Raises    dispatch.paper_not_ready (409)
    """
    visit_id = await signed_visit_of(opened.session, opened.held)
    if visit_id is None:
        raise Refused("dispatch.paper_not_ready")
    order = inspection_record(await read_visit(opened.session, visit_id))
    log_scan(opened.session, opened.held, "inspection_record")
    pdf = await to_thread.run_sync(print_document, order, limiter=PRINTERS)
    name = quote(f"{order.number}-现场检查笔录.pdf")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "private, no-store"}
    return Response(pdf, media_type=PDF, headers=headers)
