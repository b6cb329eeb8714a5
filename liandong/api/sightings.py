"""What somebody saw on a live picture becomes a clue, with its snapshot, its place and its clip."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from liandong.kernel.geo import Position
from liandong.kernel.http import ERRORS
from liandong.means.ground.queries import place_looked_at
from liandong.means.tracks.queries import place_at
from liandong.means.video.queries import find_stream
from liandong.registers.access import gate
from liandong.registers.access.door import Acting, Signed
from liandong.work.clues import sightings
from liandong.work.clues.queries import find_clue
from liandong.work.clues.routes import clues_out
from liandong.work.clues.schemas import ClueClipIn, ClueOut, SightingIn
from liandong.work.docks.queries import aircraft_shown_by

router = APIRouter(tags=["clues"], responses=ERRORS)


@router.post("/streams/{stream_id}/sightings", status_code=201)
async def receive_sighting(signed: Signed, stream_id: UUID, body: SightingIn) -> ClueOut:
    """Receive a clue of what is seen on a live picture. Without a place it lies in the middle of what the camera looked at then, or
    else where the camera's carrier was, if known."""
    gate.may(signed.actor, "clues:receive")
    stream = await find_stream(signed.session, signed.actor, stream_id)
    carrier, looked_at = await _places_then(signed, stream.id, stream.officer_id, body.shown_at)
    seen_on = sightings.SeenOn(stream.id, stream.area_code, carrier, looked_at)
    clue = await sightings.receive_sighting(signed.session, signed.actor, seen_on, body)
    return (await clues_out(signed, [clue]))[0]


@router.post("/clues/{clue_id}/clip")
async def attach_clip(signed: Signed, clue_id: UUID, body: ClueClipIn) -> ClueOut:
    """Hang the film of what was seen on its clue."""
    clue = await find_clue(signed.session, signed.actor, clue_id, "clues:receive", lock=True)
    await sightings.attach_clip(signed.session, signed.actor, clue, body.evidence_id)
    return (await clues_out(signed, [clue]))[0]


async def _places_then(
    signed: Acting, stream_id: UUID, officer_id: UUID | None, at: datetime
) -> tuple[Position | None, Position | None]:
    """Where the camera's carrier was, and the place in the middle of its picture."""
    actor, carrier_id = signed.actor, officer_id
    if "positions:read" not in actor.verbs:
        return None, None
    if carrier_id is None and "drones:read" in actor.verbs:
        carrier_id = await aircraft_shown_by(signed.session, actor, stream_id)
    if carrier_id is None:
        return None, None
    found = await place_at(signed.session, actor, carrier_id, at)
    looked_at = await place_looked_at(signed.session, actor, carrier_id, at)
    return (found.lon, found.lat) if found else None, looked_at
