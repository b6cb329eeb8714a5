"""Every change of the tracks room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.clock import now
from liandong.kernel.errors import Invalid, LiandongError, Refused
from liandong.kernel.feed import POSITIONS
from liandong.kernel.geo import check_position
from liandong.kernel.memory import gather, into
from liandong.kernel.settings import settings
from liandong.means.tracks.tables import Position, TrackPoint

NEWER = into(
    Position,
    ("officer_id",),
    "DO UPDATE SET task_id = excluded.task_id, area_code = excluded.area_code, lon = excluded.lon, lat = excluded.lat,"
    " accuracy_m = excluded.accuracy_m, happened_at = excluded.happened_at, received_at = excluded.received_at"
    " WHERE position.happened_at < excluded.happened_at"
    f" RETURNING pg_notify('{POSITIONS}', CAST(json_build_object('officer_id', officer_id, 'area_code', area_code,"
    " 'task_id', task_id, 'lon', lon, 'lat', lat, 'accuracy_m', accuracy_m, 'at', happened_at) AS text))",
)
"""A position, and whoever may see it is told; an older one changes nothing and nobody is told."""
TRAIL = into(TrackPoint, ("officer_id", "happened_at"), "DO NOTHING")
"""A point of a trail; the one that stands at that instant already stays as it is."""
CLOCKS_DIFFER_BY = timedelta(minutes=2)
"""How far a phone's clock may be ahead of ours: phones that hear of the network's time are within seconds."""


@dataclass(frozen=True)
class OnTask:
    """Whose whereabouts, in which task, and from when on they may be taken."""

    officer_id: UUID
    task_id: UUID
    area_code: str
    since: datetime


@dataclass(frozen=True)
class Fix:
    """One place at one instant: degrees WGS-84, metres, an aware instant of the device's clock."""

    lon: float
    lat: float
    accuracy_m: float | None
    happened_at: datetime


def keep_fixes(session: AsyncSession, whose: OnTask, fixes: Sequence[Fix]) -> dict[int, LiandongError]:
    """Every fix that may be kept is part of the trail, and the newest is the officer's last position unless a later one
    is known. A resend adds nothing; an older fix fills a gap of the trail and moves nobody.

    Returns the refusals by place in `fixes`: kernel.position_out_of_range, tracks.clock_ahead, tracks.before_task
    """
    received_at, refused = now(), {}
    newest: Fix | None = None
    for place, fix in enumerate(fixes):
        error = _objection(whose, fix, received_at)
        if error is not None:
            refused[place] = error
            continue
        gather(session, TRAIL, _row(whose, fix, received_at))
        newest = fix if newest is None or fix.happened_at > newest.happened_at else newest
    if newest is not None:
        gather(session, NEWER, _row(whose, newest, received_at))
    return refused


async def forget_trails(session: AsyncSession, at: datetime | None = None) -> None:
    """No whereabouts are older than `track_days`: trails and last positions beyond that are gone.

    Basis     个人信息保护法 §19, §47
    """
    eldest = (at or now()) - timedelta(days=settings().track_days)
    for table in (TrackPoint, Position):
        await session.execute(delete(table).where(table.happened_at < eldest))


def _objection(whose: OnTask, fix: Fix, received_at: datetime) -> LiandongError | None:
    try:
        check_position(fix.lon, fix.lat)
    except Invalid as error:
        return error
    if fix.happened_at > received_at + CLOCKS_DIFFER_BY:
        return Refused("tracks.clock_ahead")
    return Refused("tracks.before_task") if fix.happened_at < whose.since else None


def _row(whose: OnTask, fix: Fix, received_at: datetime) -> dict[str, object]:
    about = {"officer_id": whose.officer_id, "task_id": whose.task_id, "area_code": whose.area_code}
    return {**about, **asdict(fix), "received_at": received_at}
