"""A stream is registered, on its own or for a task."""

from __future__ import annotations

from fastapi import APIRouter

from liandong.kernel.errors import Refused
from liandong.kernel.http import ERRORS
from liandong.means.video import actions
from liandong.means.video.routes import streams_out
from liandong.means.video.schemas import StreamIn, StreamOut
from liandong.registers.access import gate
from liandong.registers.access.door import Signed
from liandong.work.dispatch.queries import find_task

router = APIRouter(prefix="/streams", tags=["streams"], responses=ERRORS)


@router.post("", status_code=201)
async def register_stream(signed: Signed, body: StreamIn) -> StreamOut:
    """Register a stream. It is sent with a ticket, which is asked for next."""
    actor = signed.actor
    gate.may(actor, "video:register")
    area_code = body.area_code or actor.home_area
    if body.task_id is not None:
        area_code = (await find_task(signed.session, actor, body.task_id)).area_code
    if area_code not in actor.areas:
        raise Refused("access.elsewhere", area_code=area_code)
    stream = await actions.register_stream(
        signed.session,
        actor,
        kind=body.kind,
        title=body.title,
        area_code=area_code,
        task_id=body.task_id,
        is_recorded=body.is_recorded,
    )
    return (await streams_out(signed, [stream]))[0]
