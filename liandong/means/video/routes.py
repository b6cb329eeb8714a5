"""HTTP routes of the video room. Registering one is in `liandong.api.streams`, because a stream may hang from a task."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, Request, UploadFile
from pydantic import AwareDatetime

from liandong.kernel.clock import now
from liandong.kernel.errors import LiandongError
from liandong.kernel.http import ERRORS, Cursor, Limit, Page, take_page
from liandong.means.video import actions, clips
from liandong.means.video.addresses import MediaAddress, host_of, media_server
from liandong.means.video.doctor import Finding, diagnose
from liandong.means.video.queries import find_stream, list_streams, viewings_of
from liandong.means.video.recordings import recorded_until
from liandong.means.video.schemas import (
    AddressOut,
    ClipIn,
    CloseStream,
    DiagnosisOut,
    FiledOut,
    FindingOut,
    StreamOut,
    TicketOut,
    ViewingOut,
)
from liandong.means.video.states import STREAM_STATES
from liandong.means.video.tables import Stream
from liandong.means.video.tickets import Ticket
from liandong.registers.access.buttons import buttons
from liandong.registers.access.door import Acting, Signed, briefly
from liandong.registers.jurisdictions.queries import agency_names

router = APIRouter(prefix="/streams", tags=["streams"], responses=ERRORS)
BUTTONS = {
    "close": "video:close",
    "=publish": "video:publish",
    "=audit": "video:audit",
    "=file": "video:file",
    "=diagnose": "video:diagnose",
}


async def streams_out(signed: Acting, streams: Sequence[Stream]) -> list[StreamOut]:
    """Streams as the wire carries them: with names and this actor's verbs."""
    agencies = await agency_names(signed.session)
    recorded = await recorded_until(signed.session, [stream.id for stream in streams])
    found = []
    for stream in streams:
        shown = StreamOut.model_validate(stream)
        shown.agency_name = agencies.get(stream.agency_id, "")
        if stream.fault:
            words = LiandongError(stream.fault)
            shown.fault_zh, shown.fault_en = words.title("zh"), words.title("en")
        shown.recorded_until = recorded.get(stream.id)
        if stream.recording_fault:
            words = LiandongError(stream.recording_fault)
            shown.recording_fault_zh, shown.recording_fault_en = words.title("zh"), words.title("en")
        shown.verbs = buttons(signed.actor, stream, stream.state, STREAM_STATES, BUTTONS)
        found.append(shown)
    return found


@router.get("")
async def list_open_streams(signed: Signed) -> list[StreamOut]:
    """The streams this actor may watch, in the order they were registered; closed ones are left out."""
    return await streams_out(signed, await list_streams(signed.session, signed.actor))


@router.get("/{stream_id}")
async def read_stream(signed: Signed, stream_id: UUID) -> StreamOut:
    """One stream."""
    return (await streams_out(signed, [await find_stream(signed.session, signed.actor, stream_id)]))[0]


@router.get("/{stream_id}/diagnosis")
async def diagnose_stream(request: Request, stream_id: UUID) -> DiagnosisOut:
    """Which leg of a stream fails: from the sender to the relay, the servers, the store and the viewers."""
    async with briefly(request) as signed:
        await find_stream(signed.session, signed.actor, stream_id, "video:diagnose")
    seen = await media_server().look(stream_id)  # no transaction waits for a media server
    async with briefly(request) as signed:
        stream = await find_stream(signed.session, signed.actor, stream_id, "video:diagnose")
        recorded = await recorded_until(signed.session, [stream.id])
        at = now()
        found = diagnose(stream, seen, recorded_until=recorded.get(stream.id), now=at)
    return DiagnosisOut(stream_id=stream_id, asked_at=at, findings=[_finding_out(one) for one in found])


@router.post("/{stream_id}/publish_ticket")
async def give_publish_ticket(request: Request, signed: Signed, stream_id: UUID) -> TicketOut:
    """A new ticket to send this stream. The one before it is worthless from now on."""
    stream = await find_stream(signed.session, signed.actor, stream_id, "video:publish", lock=True)
    text, ticket = actions.give_publish_ticket(stream)
    return ticket_out(ticket, media_server().publish_addresses(stream.id, text, host_of(request.headers.get("host"))))


@router.post("/{stream_id}/view_ticket")
async def give_view_ticket(request: Request, signed: Signed, stream_id: UUID) -> TicketOut:
    """A ticket to begin watching this stream, once. What is watched with it is logged."""
    stream = await find_stream(signed.session, signed.actor, stream_id)
    text, ticket = actions.give_view_ticket(signed.actor, stream)
    return ticket_out(ticket, media_server().play_addresses(stream.id, text, host_of(request.headers.get("host"))))


@router.post("/{stream_id}/close")
async def close_stream(signed: Signed, stream_id: UUID, body: CloseStream) -> StreamOut:
    """Close a stream for good."""
    stream = await find_stream(signed.session, signed.actor, stream_id, "video:close", lock=True)
    return (await streams_out(signed, [await actions.close_stream(signed.session, stream, body.reason)]))[0]


@router.get("/{stream_id}/viewings")
async def list_viewings(signed: Signed, stream_id: UUID, limit: Limit = 50, cursor: Cursor = None) -> Page[ViewingOut]:
    """Who watched this stream, newest first."""
    stream = await find_stream(signed.session, signed.actor, stream_id, "video:audit")
    rows = viewings_of(signed.actor, stream)
    found, total, following = await take_page(signed.session, rows, limit=limit, cursor=cursor)
    return Page(items=[ViewingOut.model_validate(one) for one in found], total=total, next_cursor=following)


@router.post("/{stream_id}/clips", status_code=201)
async def file_clip(request: Request, stream_id: UUID, body: ClipIn) -> FiledOut:
    """Seal a part of what was recorded as evidence: one MP4 with every frame of the segments that cover the time."""
    wanted = clips.Wanted(body.since, body.until, body.after_break)
    async with briefly(request) as signed:
        stream = await find_stream(signed.session, signed.actor, stream_id, "video:file")
        source = await clips.find_source(signed.session, signed.actor, stream, wanted)
    made = await clips.make_clip(source)  # minutes of film: no transaction waits for the store
    async with briefly(request) as signed:
        stream = await find_stream(signed.session, signed.actor, stream_id, "video:file")
        whose = (await agency_names(signed.session)).get(stream.agency_id, "")
        filed = await clips.file_clip(signed.session, signed.actor, stream, whose, wanted, source, made)
        return FiledOut.model_validate(filed)


@router.post("/{stream_id}/snapshots", status_code=201)
async def file_snapshot(
    signed: Signed,
    stream_id: UUID,
    file: Annotated[UploadFile, File()],
    shown_at: Annotated[AwareDatetime, Form()],
) -> FiledOut:
    """Seal the picture that was shown at this moment as evidence (JPEG)."""
    stream = await find_stream(signed.session, signed.actor, stream_id, "video:file")
    whose = (await agency_names(signed.session)).get(stream.agency_id, "")
    picture = await file.read()
    filed = await clips.file_snapshot(signed.session, signed.actor, stream, whose, picture, shown_at)
    return FiledOut.model_validate(filed)


def _finding_out(finding: Finding) -> FindingOut:
    shown = FindingOut(leg=finding.leg, level=finding.level, code=finding.code, figures=finding.figures)
    if isinstance(fault := finding.figures.get("fault"), str):
        words = LiandongError(fault)
        shown.fault_zh, shown.fault_en = words.title("zh"), words.title("en")
    return shown


def ticket_out(ticket: Ticket, addresses: list[MediaAddress]) -> TicketOut:
    """A ticket as the wire carries it."""
    return TicketOut(
        addresses=[AddressOut.model_validate(one) for one in addresses],
        expires_at=datetime.fromtimestamp(ticket.expires_at, UTC),
    )
