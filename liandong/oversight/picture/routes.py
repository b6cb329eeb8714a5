"""HTTP routes of the live picture: the snapshot, and the facts that follow it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from liandong.kernel.clock import now
from liandong.kernel.db import Database, Role
from liandong.kernel.errors import Refused
from liandong.kernel.feed import PAGE, Hub, facts_after
from liandong.kernel.http import ERRORS
from liandong.kernel.ledger import LedgerFact
from liandong.oversight.picture.carriers import CarrierOut, list_carriers
from liandong.oversight.picture.queries import take_picture, timeline
from liandong.oversight.picture.viewer import Viewer
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor
from liandong.registers.access.door import Signed, take_seat, token_of
from liandong.registers.access.queries import find_actor

router = APIRouter(tags=["picture"], responses=ERRORS)


class PictureOut(BaseModel):
    """A snapshot stamped with the sequence number that it is true at."""

    seq: int
    as_of: str
    clues: dict[str, dict[str, Any]]
    tasks: dict[str, dict[str, Any]]
    problems: dict[str, dict[str, Any]]
    officers: dict[str, dict[str, Any]]
    ticker: list[dict[str, Any]]


async def _actor(db: Database, request: Request) -> Actor:
    token = token_of(request)
    async with db.transaction(Role.app) as session:
        actor = await find_actor(session, token) if token else None
    if actor is None:
        raise Refused("access.sign_in_required")
    return actor


@router.get("/picture")
async def read_picture(request: Request) -> PictureOut:
    """The live picture as of now."""
    db: Database = request.app.state.db
    actor = await _actor(db, request)
    async with db.transaction(Role.app, actor.scope(), snapshot=True) as session:
        return PictureOut(**await take_picture(session, actor), as_of=now().isoformat())


@router.get("/carriers")
async def read_carriers(signed: Signed) -> list[CarrierOut]:
    """The vehicles, boats and aircraft that may stand on the live map."""
    return await list_carriers(signed.session, signed.actor)


@router.get("/feed", response_class=StreamingResponse)
async def follow(
    request: Request,
    after: Annotated[int | None, Query(ge=0)] = None,
    last_event_id: Annotated[int | None, Header(ge=0)] = None,
) -> StreamingResponse:
    """The facts after a sequence number, for as long as the connection holds (server-sent events)."""
    db: Database = request.app.state.db
    hub: Hub = request.app.state.hub
    actor = await _actor(db, request)
    gate.may(actor, "picture:read")
    start = last_event_id if last_event_id is not None else after if after is not None else hub.seq

    async def _backlog(seq: int) -> AsyncIterator[LedgerFact]:
        while True:
            async with db.transaction(Role.app) as session:
                await take_seat(session, actor)
                facts = await facts_after(session, seq)
            for fact in facts:
                if fact.area_code is not None:
                    yield fact
            if len(facts) < PAGE:
                return
            seq = facts[-1].seq or seq

    batches = hub.batches(start, Viewer(actor).sees, _backlog)
    frames = (b"".join(batch) async for batch in batches)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(frames, media_type="text/event-stream", headers=headers)


class TimelineEntry(BaseModel):
    """One fact on the timeline of a record."""

    seq: int | None
    name: str
    happened_at: str
    recorded_at: str
    author_name: str
    agency_name: str | None
    words: str


@router.get("/ledger")
async def read_timeline(request: Request, subject_id: UUID) -> list[TimelineEntry]:
    """Everything that happened to one record that this actor may see, oldest first."""
    db: Database = request.app.state.db
    actor = await _actor(db, request)
    gate.may(actor, "ledger:read")
    async with db.transaction(Role.app, actor.scope()) as session:
        return [_entry(fact) for fact in await timeline(session, subject_id)]


def _entry(fact: LedgerFact) -> TimelineEntry:
    return TimelineEntry(
        seq=fact.seq,
        name=fact.name,
        happened_at=fact.happened_at.isoformat(),
        recorded_at=fact.recorded_at.isoformat(),
        author_name=fact.author_name,
        agency_name=fact.agency_name,
        words=fact.words,
    )
