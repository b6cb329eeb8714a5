"""A stream is registered, on its own or for a task."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request

from liandong.kernel.errors import Refused
from liandong.kernel.http import ERRORS
from liandong.means.video import actions, site
from liandong.means.video.addresses import host_of, media_server
from liandong.means.video.routes import streams_out, ticket_out
from liandong.means.video.schemas import StreamIn, StreamOut, TicketOut
from liandong.registers.access import gate
from liandong.registers.access.door import Signed
from liandong.work.dispatch.queries import find_task
from liandong.work.dispatch.states import TaskState

router = APIRouter(tags=["streams"], responses=ERRORS)
RUNNING = frozenset({TaskState.accepted, TaskState.on_site})


@router.post("/streams", status_code=201)
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


@router.post("/tasks/{task_id}/site_ticket")
async def give_site_ticket(request: Request, signed: Signed, task_id: UUID) -> TicketOut:
    """A ticket to send live from the site of one's own task, to be used within a minute; the stream registers by itself."""
    task = await find_task(signed.session, signed.actor, task_id, site.SHOW, lock=True)
    if task.state not in RUNNING:
        raise Refused("video.task_not_running")
    stream = await site.open_site_stream(signed.session, signed.actor, task.id, task.area_code, task.title)
    text, ticket = site.give_site_ticket(signed.actor, stream)
    return ticket_out(ticket, media_server().publish_addresses(stream.id, text, host_of(request.headers.get("host"))))
