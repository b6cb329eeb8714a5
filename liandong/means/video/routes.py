"""HTTP routes of the video room. Registering one is in `liandong.api.streams`, because a stream may hang from a task."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from fastapi import APIRouter, Request

from liandong.kernel.errors import LiandongError
from liandong.kernel.http import ERRORS, Cursor, Limit, Page, take_page
from liandong.means.video import actions
from liandong.means.video.addresses import MediaAddress, host_of, media_server
from liandong.means.video.queries import find_stream, list_streams, viewings_of
from liandong.means.video.schemas import AddressOut, CloseStream, StreamOut, TicketOut, ViewingOut
from liandong.means.video.states import STREAM_STATES
from liandong.means.video.tables import Stream
from liandong.means.video.tickets import Ticket
from liandong.registers.access.buttons import buttons
from liandong.registers.access.door import Acting, Signed
from liandong.registers.jurisdictions.queries import agency_names

router = APIRouter(prefix="/streams", tags=["streams"], responses=ERRORS)
BUTTONS = {"close": "video:close", "=publish": "video:publish", "=audit": "video:audit"}


async def streams_out(signed: Acting, streams: Sequence[Stream]) -> list[StreamOut]:
    """Streams as the wire carries them: with names and this actor's verbs."""
    agencies = await agency_names(signed.session)
    found = []
    for stream in streams:
        shown = StreamOut.model_validate(stream)
        shown.agency_name = agencies.get(stream.agency_id, "")
        if stream.fault:
            words = LiandongError(stream.fault)
            shown.fault_zh, shown.fault_en = words.title("zh"), words.title("en")
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


@router.post("/{stream_id}/publish_ticket")
async def give_publish_ticket(request: Request, signed: Signed, stream_id: UUID) -> TicketOut:
    """A new ticket to send this stream. The one before it is worthless from now on."""
    stream = await find_stream(signed.session, signed.actor, stream_id, "video:publish", lock=True)
    text, ticket = actions.give_publish_ticket(stream)
    return _ticket(ticket, media_server().publish_addresses(stream.id, text, host_of(request.headers.get("host"))))


@router.post("/{stream_id}/view_ticket")
async def give_view_ticket(request: Request, signed: Signed, stream_id: UUID) -> TicketOut:
    """A ticket to begin watching this stream, once. What is watched with it is logged."""
    stream = await find_stream(signed.session, signed.actor, stream_id)
    text, ticket = actions.give_view_ticket(signed.actor, stream)
    return _ticket(ticket, media_server().play_addresses(stream.id, text, host_of(request.headers.get("host"))))


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


def _ticket(ticket: Ticket, addresses: list[MediaAddress]) -> TicketOut:
    return TicketOut(
        addresses=[AddressOut.model_validate(one) for one in addresses],
        expires_at=datetime.fromtimestamp(ticket.expires_at, UTC),
    )
