"""回放: an operation that is over, as it went: who was where, and what was done when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.feed import fact_body
from liandong.kernel.http import ERRORS
from liandong.kernel.ledger import LedgerFact
from liandong.means.ground.queries import Span, grounds_in
from liandong.means.tracks.points import milliseconds
from liandong.means.tracks.replay import Period, replay
from liandong.oversight.picture.carriers import names_of
from liandong.registers.access.door import Acting, Signed

router = APIRouter(tags=["picture"], responses=ERRORS)
MOST_FACTS = 2000


class ReplayIn(BaseModel):
    """The time that is replayed, at most a day."""

    since: AwareDatetime
    until: AwareDatetime


class WayOut(BaseModel):
    """The way of one carrier: `steps` are [ms since 1970, lon, lat, altitude in m or null], in the order of time."""

    id: UUID
    kind: str
    name: str
    steps: list[tuple[int, float, float, float | None]]


class GroundsOut(BaseModel):
    """The ground that a carrier's camera saw: `steps` are [ms since 1970, corners (lon, lat), not closed], in the order
    of time. A moment that is missing is one at which nobody knows."""

    id: UUID
    steps: list[tuple[int, list[tuple[float, float]]]]


class ReplayOut(BaseModel):
    """What was where and what was done. `step_s`: a way has at most one point, and a camera one ground, in so many seconds.

    `facts` are those that changed the picture, in the order of time; with `is_cut` only the first 2,000 of them.
    """

    step_s: int
    ways: list[WayOut]
    grounds: list[GroundsOut]
    facts: list[dict[str, Any]]
    is_cut: bool


@router.post("/replay")
async def replay_operation(signed: Signed, body: ReplayIn) -> ReplayOut:
    """Who was where and what was done in a time that is over. It is written down who looked."""
    period = Period(body.since, body.until)
    found = await replay(signed.session, signed.actor, period)
    called = await names_of(signed.session, {one.carrier_id: one.kind for one in found.ways})
    ways = [
        WayOut(id=one.carrier_id, kind=one.kind, name=called.get(one.carrier_id, ""), steps=list(one.steps))
        for one in found.ways
    ]
    facts = await _facts(signed.session, period)
    told = [fact_body(fact) for fact in facts[:MOST_FACTS]]
    grounds = await _grounds(signed, period, found.step_s)
    return ReplayOut(step_s=found.step_s, ways=ways, grounds=grounds, facts=told, is_cut=len(facts) > MOST_FACTS)


async def _grounds(signed: Acting, period: Period, step_s: int) -> list[GroundsOut]:
    told: dict[UUID, GroundsOut] = {}
    span = Span(period.since, period.until, step_s)
    for one in await grounds_in(signed.session, signed.actor, "positions:read", span):
        of_carrier = told.setdefault(one.carrier_id, GroundsOut(id=one.carrier_id, steps=[]))
        of_carrier.steps.append((milliseconds(one.happened_at), [_rounded(corner) for corner in one.ring]))
    return list(told.values())


def _rounded(corner: tuple[float, float]) -> tuple[float, float]:
    return round(corner[0], 6), round(corner[1], 6)


async def _facts(session: AsyncSession, period: Period) -> Sequence[LedgerFact]:
    """What this transaction may see of what changed the picture; row-level security is their gate."""
    told = select(LedgerFact).where(LedgerFact.happened_at >= period.since, LedgerFact.happened_at < period.until)
    told = told.where(LedgerFact.area_code.is_not(None), LedgerFact.payload["after"].astext != "{}")
    rows = told.order_by(LedgerFact.happened_at, LedgerFact.entry_no).limit(MOST_FACTS + 1)
    return (await session.scalars(rows)).all()
