"""Every change of the tracks room that belongs to a transaction; positions as they come are kept by `telemetry`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel import ledger
from liandong.kernel.clock import now
from liandong.kernel.memory import gather, into
from liandong.kernel.settings import settings
from liandong.means.ground.keep import forget_views
from liandong.means.tracks.events import WhereaboutsWatched
from liandong.means.tracks.points import CHANNEL, Point, latest_believed, objection
from liandong.means.tracks.tables import Position, Tracking, TrackPoint
from liandong.registers.access.actor import Actor

_COLUMNS = [name for name in Position.__table__.columns.keys() if name != "carrier_id"]  # noqa: SIM118
NEWER = into(
    Position,
    ("carrier_id",),
    f"DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _COLUMNS)}"
    " WHERE position.happened_at < excluded.happened_at"
    f" RETURNING pg_notify('{CHANNEL}', CAST(json_build_array(carrier_id, kind, area_code, task_id,"
    " CAST(floor(extract(epoch FROM happened_at) * 1000) AS bigint), lon, lat, accuracy_m) AS text))",
)
"""A position, and every server process is told; an older one changes nothing and nobody is told."""
TRAIL = into(TrackPoint, ("carrier_id", "happened_at"), "DO NOTHING")
"""A point of a trail; the one that stands at that instant already stays as it is."""
WINDOW = into(
    Tracking,
    ("assignment_id",),
    "DO UPDATE SET until = excluded.until, since = least(tracking.since, excluded.since)",
)
"""From when to when whereabouts may be taken."""


@dataclass(frozen=True)
class OnTask:
    """An officer's part in a task, and the division that the task lies in."""

    assignment_id: UUID
    officer_id: UUID
    task_id: UUID
    area_code: str


def begin_tracking(session: AsyncSession, part: OnTask, since: datetime) -> None:
    """Positions of the officer are taken from this instant on, until it is ended.

    Basis     个人信息保护法 §28 (行踪轨迹)
    """
    gather(session, WINDOW, {**vars(part), "since": since, "until": None})


def end_tracking(session: AsyncSession, part: OnTask, until: datetime) -> None:
    """Positions of the officer from after this instant are refused; what was before and comes late is taken."""
    gather(session, WINDOW, {**vars(part), "since": until, "until": until})


def put_on_map(session: AsyncSession, point: Point) -> None:
    """The officer is shown there once the transaction has ended well; a place that cannot be is left out."""
    received_at = now()
    if objection(point, latest_believed(received_at)) is not None:
        return
    row = {name: getattr(point, name) for name in ("carrier_id", *_COLUMNS) if name != "received_at"}
    for target in (TRAIL, NEWER):
        gather(session, target, {**row, "received_at": received_at})


async def note_watching(session: AsyncSession, actor: Actor) -> None:
    """That somebody opened the live map of whereabouts is on the ledger.

    Announces WhereaboutsWatched
    Basis     个人信息保护法 §28, §51
    """
    fact = WhereaboutsWatched(
        subject_id=actor.account_id,
        subject={"title": actor.name},
        area_code=None,
        words=f"{actor.name} 打开实时位置",
    )
    await ledger.record(session, fact)


async def forget_trails(session: AsyncSession, at: datetime | None = None) -> None:
    """No whereabouts are older than `track_days`: trails, what was seen from them, and last positions beyond that are gone.

    Basis     个人信息保护法 §19, §47
    """
    eldest = (at or now()) - timedelta(days=settings().track_days)
    for table in (TrackPoint, Position):
        await session.execute(delete(table).where(table.happened_at < eldest))
    await forget_views(session, eldest)
