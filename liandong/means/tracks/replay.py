"""Where everything was in a time that is over, thinned so that a screen can carry it; and that somebody looked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.errors import Invalid
from liandong.kernel.thinning import first_of_every
from liandong.means.tracks.events import WhereaboutsReplayed
from liandong.means.tracks.points import milliseconds
from liandong.means.tracks.tables import TrackPoint
from liandong.registers.access import gate
from liandong.registers.access.actor import Actor

LONGEST = timedelta(hours=24)
MOST_POINTS = 60_000
"""What a screen moves without stuttering; more carriers or a longer time make the steps longer."""
MOST_OF_ONE, LEAST_OF_ONE = 720, 20


@dataclass(frozen=True)
class Period:
    """A time that is replayed, at most a day.

    Raises    tracks.period_too_long, tracks.period_backwards
    """

    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        if self.until <= self.since:
            raise Invalid("tracks.period_backwards")
        if self.until - self.since > LONGEST:
            raise Invalid("tracks.period_too_long", hours=LONGEST // timedelta(hours=1))


class Step(NamedTuple):
    """Where a carrier was: ms since 1970, degrees WGS-84, metres."""

    at_ms: int
    lon: float
    lat: float
    altitude_m: float | None


class Way(NamedTuple):
    """The way of one carrier in the period, in the order of time."""

    carrier_id: UUID
    kind: str
    steps: list[Step]


@dataclass(frozen=True)
class Replay:
    """Every way in a period; of each carrier the first point of every `step_s` seconds."""

    step_s: int
    ways: list[Way]


async def replay(session: AsyncSession, actor: Actor, period: Period) -> Replay:
    """Where everything was that the actor may see. Who looked, and at which time, is on the ledger.

    Raises    access.verb_missing
    Announces WhereaboutsReplayed
    Basis     个人信息保护法 §28, §51
    """
    rows = gate.visible(actor, "positions:read", TrackPoint)
    rows = rows.where(TrackPoint.happened_at >= period.since, TrackPoint.happened_at < period.until)
    await _note(session, actor, period)
    carriers = select(func.count()).select_from(rows.with_only_columns(TrackPoint.carrier_id).distinct().subquery())
    step_s = _step_s(period, (await session.execute(carriers)).scalar_one())
    thinned = first_of_every(rows, step_s, of=TrackPoint.carrier_id, at=TrackPoint.happened_at)
    ways: dict[UUID, Way] = {}
    for point in await session.scalars(thinned):
        way = ways.setdefault(point.carrier_id, Way(point.carrier_id, point.kind, []))
        way.steps.append(Step(milliseconds(point.happened_at), point.lon, point.lat, point.altitude_m))
    return Replay(step_s, list(ways.values()))


def _step_s(period: Period, carriers: int) -> int:
    each = max(LEAST_OF_ONE, min(MOST_OF_ONE, MOST_POINTS // max(1, carriers)))
    return max(1, math.ceil((period.until - period.since).total_seconds() / each))


async def _note(session: AsyncSession, actor: Actor, period: Period) -> None:
    fact = WhereaboutsReplayed(
        subject_id=actor.account_id,
        subject={"title": actor.name},
        area_code=None,
        words=f"{actor.name} 回放位置",
        since=period.since,
        until=period.until,
    )
    await ledger.record(session, fact)
