"""Papers over HTTP: made from what is on record at this moment, and kept nowhere."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from liandong.kernel.db import Database, Role
from liandong.kernel.http import ERRORS
from liandong.means.documents.printing import print_document
from liandong.oversight.paperwork.inspection_record import inspection_record
from liandong.oversight.paperwork.visit import read_visit
from liandong.registers.access.door import Signed
from liandong.work.inspections.queries import find_inspection
from liandong.work.inspections.support import require_enforcement

router = APIRouter(tags=["documents"], responses=ERRORS)
PDF = "application/pdf"
# One press prints one paper at a time: more threads would only wait, and be missed elsewhere.
PRINTERS = CapacityLimiter(2)


async def may_read(signed: Signed, inspection_id: UUID) -> UUID:
    """The visit whose 笔录 this actor may have: whoever may read the visit, its officers among them.

    Raises    kernel.not_found (404) · access.verb_missing, access.way_missing (403) · inspections.support_visit (409):
              帮扶、普法 are no inspection and have no 笔录
    """
    visit = await find_inspection(signed.session, signed.actor, inspection_id)
    require_enforcement(visit)
    return visit.id


@router.get(
    "/inspections/{inspection_id}/documents/inspection_record.pdf",
    response_class=Response,
    responses={200: {"content": {PDF: {}}, "description": "PDF/A-2b"}},
)
async def read_inspection_record(request: Request, visit_id: Annotated[UUID, Depends(may_read)]) -> Response:
    """现场检查（勘察）笔录 of a visit as PDF/A; a draft says 草稿 on every page until the visit is submitted."""
    db: Database = request.app.state.db
    # Rows of the visit may hang from tasks that the actor has no part in; a record that lacked them would be false.
    async with db.transaction(Role.worker, snapshot=True) as session:
        order = inspection_record(await read_visit(session, visit_id))
    pdf = await to_thread.run_sync(print_document, order, limiter=PRINTERS)
    headers = {
        "Content-Disposition": f"inline; filename*=UTF-8''{quote(order.number)}-inspection_record.pdf",
        "Cache-Control": "private, no-cache",
    }
    return Response(pdf, media_type=PDF, headers=headers)
