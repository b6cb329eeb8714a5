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
from liandong.means.tracks.replay import Period, replay
from liandong.oversight.picture.carriers import names_of
from liandong.registers.access.door import Signed

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


class ReplayOut(BaseModel):
    """What was where and what was done. `step_s`: a way has at most one point in so many seconds.

    `facts` are those that changed the picture, in the order of time; with `is_cut` only the first 2,000 of them.
    """

    step_s: int
    ways: list[WayOut]
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
    return ReplayOut(step_s=found.step_s, ways=ways, facts=told, is_cut=len(facts) > MOST_FACTS)


async def _facts(session: AsyncSession, period: Period) -> Sequence[LedgerFact]:
    """What this transaction may see of what changed the picture; row-level security is their gate."""
    told = select(LedgerFact).where(LedgerFact.happened_at >= period.since, LedgerFact.happened_at < period.until)
    told = told.where(LedgerFact.area_code.is_not(None), LedgerFact.payload["after"].astext != "{}")
    rows = told.order_by(LedgerFact.happened_at, LedgerFact.entry_no).limit(MOST_FACTS + 1)
    return (await session.scalars(rows)).all()
