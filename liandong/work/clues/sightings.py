"""Clues of what somebody saw on a live picture, with its snapshot and its clip."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.errors import Refused
from liandong.kernel.geo import whole_position
from liandong.means.evidence.queries import require_all
from liandong.registers.access.actor import Actor
from liandong.work.clues.actions import NewClue, Sighting, about, receive_clue
from liandong.work.clues.events import ClueClipAttached
from liandong.work.clues.schemas import SightingIn
from liandong.work.clues.tables import Clue


@dataclass(frozen=True)
class SeenOn:
    """The stream that something was seen on, the area it belongs to, where the camera's carrier was then, and the middle of
    its picture on the ground (degrees WGS-84), if known."""

    stream_id: UUID
    area_code: str
    carrier: tuple[float, float] | None
    looked_at: tuple[float, float] | None = None


async def receive_sighting(session: AsyncSession, actor: Actor, seen_on: SeenOn, seen: SightingIn) -> Clue:
    """A clue of what was seen on this stream is on record: where it was pointed out, else in the middle of what the camera
    looked at, else where the camera's carrier was; without any of them in the stream's area.

    Raises    access.verb_missing, evidence.unknown, kernel.position_incomplete
    Announces ClueReceived
    """
    await require_all(session, actor, [seen.snapshot_id])
    pointed = whole_position(seen.lon, seen.lat)
    places = {"pointed": pointed, "camera": seen_on.looked_at, "carrier": seen_on.carrier}
    place_from = next((word for word, place in places.items() if place), None)
    lon, lat = (places[place_from] if place_from else None) or (None, None)
    sighting = Sighting(seen_on.stream_id, seen.shown_at, seen.snapshot_id, place_from)
    new = NewClue("sighting", seen.description, seen.element, lon, lat, sighting=sighting, area_code=seen_on.area_code)
    return await receive_clue(session, actor, new)


async def attach_clip(session: AsyncSession, actor: Actor, clue: Clue, evidence_id: UUID) -> Clue:
    """The film of what was seen hangs on the clue; the first one stays.

    Raises    evidence.unknown, clues.no_sighting, clues.clip_attached
    Announces ClueClipAttached
    """
    await require_all(session, actor, [evidence_id])
    if clue.stream_id is None:
        raise Refused("clues.no_sighting")
    if clue.clip_id is not None and clue.clip_id != evidence_id:
        raise Refused("clues.clip_attached")
    if clue.clip_id is None:
        clue.clip_id = evidence_id
        await session.flush()
        told = about(clue, f"线索 {clue.number} 附视频片段")
        await ledger.record(session, ClueClipAttached(**told, evidence_id=evidence_id))
    return clue
