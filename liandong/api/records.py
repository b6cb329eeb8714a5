"""The sealed record of a visit over HTTP: who may take it out of the house, and the file itself."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from typing import IO, Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.clock import now
from liandong.kernel.db import Database, Role
from liandong.kernel.errors import Refused
from liandong.kernel.http import ERRORS
from liandong.means.documents.printing import print_document
from liandong.oversight.paperwork.inspection_record import inspection_record
from liandong.oversight.paperwork.interview_record import interview_record
from liandong.oversight.paperwork.visit import read_visit
from liandong.oversight.records.content import Visit, find_visit
from liandong.oversight.records.export import Sealed, seal_visit, write_record
from liandong.registers.access import gate
from liandong.registers.access.door import Signed
from liandong.registers.access.vocabulary import VERBS, Way
from liandong.wires.phone.visit_deeds import deeds_of_task
from liandong.work.inspections.queries import find_inspection
from liandong.work.inspections.states import SUPPORT_KINDS, InspectionState

router = APIRouter(tags=["records"], responses=ERRORS)
VERB = "inspections:read"
PIECE, IN_MEMORY = 256 * 1024, 4 * 1024 * 1024


async def seal(db: Database, named: str) -> Sealed:
    """The record of the visit with this id or number. It looks past the gate: whoever calls has passed it.

    Raises    kernel.not_found, records.not_stamped, records.originals_awaited
    """
    async with db.transaction(Role.worker, snapshot=True) as session:
        visit = await find_visit(session, named)
        deeds, papers = await deeds_of_task(session, visit.task_id), await _papers(session, visit)
        return await seal_visit(session, visit, deeds, now(), papers)


async def _papers(session: AsyncSession, visit: Visit) -> dict[str, bytes]:
    """The 笔录 of a visit that is over, as they are printed today; one that is still open has only drafts."""
    if visit.state == InspectionState.open or visit.origin != "field" or visit.kind in SUPPORT_KINDS:
        return {}
    read = await read_visit(session, visit.id)
    orders = {"inspection_record.pdf": inspection_record(read)}
    for number, interview_id in enumerate(read.interviews, 1):
        orders[f"interview_record_{number}.pdf"] = interview_record(read, interview_id)
    return {name: await run_in_threadpool(print_document, order) for name, order in orders.items()}


async def may_take_out(signed: Signed, inspection_id: UUID) -> str:
    """The visit, of which this actor may take the whole record.

    A record holds deeds, signatures and the ledger of everybody in the visit, and leaves the house. So it is for the
    visit's own area and those above it (属地, 上级); an officer who is only sent there sees the visit, not its record.

    Raises    kernel.not_found (404) · access.verb_missing, access.way_missing (403)
    """
    visit = await find_inspection(signed.session, signed.actor, inspection_id)
    if not gate.ways_to(signed.actor, visit) & {Way.home, Way.superior}:
        rule = gate.explain(signed.actor, VERB, visit) | {"ways_needed": [Way.home, Way.superior]}
        raise Refused("access.way_missing", verb=VERB, verb_zh=VERBS[VERB].zh, rule=rule)
    return str(visit.id)


@router.get("/inspections/{inspection_id}/record.zip", response_class=StreamingResponse)
async def read_record(request: Request, visit: Annotated[str, Depends(may_take_out)]) -> StreamingResponse:
    """The sealed record of a visit: everything about it in one file that anybody can check."""
    sealed = await seal(request.app.state.db, visit)
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed when it has been sent
    try:
        size = await write_record(sealed, file)
    except BaseException:
        file.close()
        raise
    headers = {
        "Content-Length": str(size),
        "Content-Disposition": f'attachment; filename="{sealed.file_name}"',
    }
    return StreamingResponse(_pieces(file), media_type="application/zip", headers=headers)


async def _pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        file.seek(0)
        while piece := await run_in_threadpool(file.read, PIECE):
            yield piece
