"""Papers over HTTP: made from what is on record at this moment, and kept nowhere."""

from __future__ import annotations

import base64
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel

from liandong.kernel.db import Database, Role
from liandong.kernel.http import ERRORS
from liandong.means.documents.printing import Order, print_document, print_pages
from liandong.oversight.paperwork.inspection_record import inspection_record
from liandong.oversight.paperwork.interview_record import interview_record
from liandong.oversight.paperwork.visit import read_visit
from liandong.registers.access.door import Signed
from liandong.work.inspections.queries import find_inspection
from liandong.work.inspections.support import require_enforcement

router = APIRouter(tags=["documents"], responses=ERRORS)
PDF = "application/pdf"
AS_PDF: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: {}}, "description": "PDF/A-2b"}}
PAGE_PPI = 110.0
# One press prints one paper at a time: more threads would only wait, and be missed elsewhere.
PRINTERS = CapacityLimiter(2)


class PagesOut(BaseModel):
    """The pages of a paper, each as a PNG in base64."""

    pages: list[str]


async def may_read(signed: Signed, inspection_id: UUID) -> UUID:
    """The visit whose 笔录 this actor may have: whoever may read the visit, its officers among them.

    Raises    kernel.not_found (404) · access.verb_missing, access.way_missing (403) · inspections.support_visit (409):
              帮扶、普法 are no inspection and have no 笔录
    """
    visit = await find_inspection(signed.session, signed.actor, inspection_id)
    require_enforcement(visit)
    return visit.id


async def _order(request: Request, visit_id: UUID, interview_id: UUID | None = None) -> Order:
    db: Database = request.app.state.db
    # Rows of the visit may hang from tasks that the actor has no part in; a record that lacked them would be false.
    async with db.transaction(Role.worker, snapshot=True) as session:
        visit = await read_visit(session, visit_id)
        return inspection_record(visit) if interview_id is None else interview_record(visit, interview_id)


async def _pdf(order: Order, form: str) -> Response:
    pdf = await to_thread.run_sync(print_document, order, limiter=PRINTERS)
    headers = {
        "Content-Disposition": f"inline; filename*=UTF-8''{quote(order.number)}-{form}.pdf",
        "Cache-Control": "private, no-cache",
    }
    return Response(pdf, media_type=PDF, headers=headers)


async def _pages(order: Order) -> PagesOut:
    pictures = await to_thread.run_sync(print_pages, order, PAGE_PPI, limiter=PRINTERS)
    return PagesOut(pages=[base64.b64encode(picture).decode() for picture in pictures])


@router.get("/inspections/{inspection_id}/documents/inspection_record.pdf", response_class=Response, responses=AS_PDF)
async def read_inspection_record(request: Request, visit_id: Annotated[UUID, Depends(may_read)]) -> Response:
    """现场检查（勘察）笔录 of a visit as PDF/A; a draft says 草稿 on every page until the visit is submitted."""
    return await _pdf(await _order(request, visit_id), "inspection_record")


@router.get("/inspections/{inspection_id}/documents/inspection_record/pages")
async def read_inspection_record_pages(request: Request, visit_id: Annotated[UUID, Depends(may_read)]) -> PagesOut:
    """The same paper page by page, for a phone that shows no PDF: what is signed is seen first."""
    return await _pages(await _order(request, visit_id))


@router.get(
    "/inspections/{inspection_id}/interviews/{interview_id}/interview_record.pdf",
    response_class=Response,
    responses=AS_PDF,
)
async def read_interview_record(
    request: Request, visit_id: Annotated[UUID, Depends(may_read)], interview_id: UUID
) -> Response:
    """调查询问笔录 of an interview in a visit as PDF/A."""
    return await _pdf(await _order(request, visit_id, interview_id), "interview_record")


@router.get("/inspections/{inspection_id}/interviews/{interview_id}/pages")
async def read_interview_record_pages(
    request: Request, visit_id: Annotated[UUID, Depends(may_read)], interview_id: UUID
) -> PagesOut:
    """The same paper page by page."""
    return await _pages(await _order(request, visit_id, interview_id))
