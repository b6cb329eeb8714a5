"""HTTP routes of the trackers room."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from liandong.kernel.errors import Refused
from liandong.kernel.http import ERRORS, Cursor, Limit, Page, take_page
from liandong.registers.access import gate
from liandong.registers.access.door import Acting, Signed
from liandong.registers.jurisdictions.queries import agency_of
from liandong.registers.trackers import actions, queries
from liandong.registers.trackers.schemas import CloseIn, OwnTrackerIn, TrackerIn, TrackerKeyOut, TrackerOut
from liandong.registers.trackers.tables import Tracker

router = APIRouter(prefix="/trackers", tags=["trackers"], responses=ERRORS)
MOVES = ("renew_key", "close")


def _may_change(signed: Acting, tracker: Tracker) -> bool:
    """A thing's device is the desk's to change, a person's own is that person's; whoever keeps order may close both."""
    if tracker.account_id == signed.actor.account_id:
        return True
    return tracker.account_id is None and gate.allowed(signed.actor, "trackers:register", tracker)


async def _shown(signed: Acting, tracker: Tracker) -> TrackerOut:
    agency = await agency_of(signed.session, tracker.agency_id)
    moves = MOVES if tracker.closed_at is None and _may_change(signed, tracker) else ()
    return TrackerOut(
        id=tracker.id, carrier_id=tracker.officer_id or tracker.id, kind=tracker.kind, title=tracker.title,
        area_code=tracker.area_code, agency_name=agency.short_name, registered_at=tracker.registered_at,
        closed_at=tracker.closed_at, close_reason=tracker.close_reason, verbs=list(moves),
    )  # fmt: skip


async def _with_key(signed: Acting, tracker: Tracker, key: str) -> TrackerKeyOut:
    return TrackerKeyOut(**(await _shown(signed, tracker)).model_dump(), key=key)


async def _to_change(signed: Acting, tracker_id: UUID) -> Tracker:
    tracker = await gate.find(signed.session, signed.actor, "trackers:read", Tracker, tracker_id, lock=True)
    if not _may_change(signed, tracker):
        gate.require(signed.actor, "trackers:register", tracker)
        raise Refused("trackers.of_somebody_else", title=tracker.title)
    return tracker


@router.get("")
async def list_trackers(signed: Signed, limit: Limit = 50, cursor: Cursor = None) -> Page[TrackerOut]:
    """Devices this actor may see, newest first; those too that were closed."""
    rows = queries.visible_trackers(signed.actor)
    found, total, following = await take_page(signed.session, rows, limit=limit, cursor=cursor)
    return Page(items=[await _shown(signed, one) for one in found], total=total, next_cursor=following)


@router.post("", status_code=201)
async def register_tracker(signed: Signed, body: TrackerIn) -> TrackerKeyOut:
    """Let a vehicle, a boat or an aircraft of one's own agency report positions. Its key is told this once."""
    gate.may(signed.actor, "trackers:register")
    tracker, key = await actions.register_tracker(signed.session, signed.actor, body.kind, body.title)
    return await _with_key(signed, tracker, key)


@router.get("/own")
async def list_own_trackers(signed: Signed) -> list[TrackerOut]:
    """The devices one carries oneself."""
    found = (await signed.session.scalars(queries.own_trackers(signed.actor))).all()
    return [await _shown(signed, one) for one in found]


@router.post("/own", status_code=201)
async def register_own_tracker(signed: Signed, body: OwnTrackerIn) -> TrackerKeyOut:
    """Let a device that one carries report and hear positions. Its key is told this once."""
    gate.may(signed.actor, "trackers:read")
    tracker, key = await actions.register_own_tracker(signed.session, signed.actor, body.title)
    return await _with_key(signed, tracker, key)


@router.post("/{tracker_id}/renew_key")
async def renew_key(signed: Signed, tracker_id: UUID) -> TrackerKeyOut:
    """Give a device another key; the one before opens nothing within a minute."""
    tracker = await _to_change(signed, tracker_id)
    return await _with_key(signed, tracker, await actions.renew_key(signed.session, tracker))


@router.post("/{tracker_id}/close")
async def close_tracker(signed: Signed, tracker_id: UUID, body: CloseIn) -> TrackerOut:
    """Let a device report no more."""
    tracker = await _to_change(signed, tracker_id)
    await actions.close_tracker(signed.session, tracker, body.reason)
    return await _shown(signed, tracker)
