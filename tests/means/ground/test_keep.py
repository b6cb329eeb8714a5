"""How a camera was held is kept beside where it was, and as long."""

from __future__ import annotations

from datetime import timedelta

from liandong.kernel.clock import now
from liandong.kernel.db import Database, Role
from liandong.kernel.ids import new_id
from liandong.means.ground.aims import aim_of
from liandong.means.tracks.actions import forget_trails
from liandong.means.tracks.keeper import Keeper
from liandong.means.tracks.live import Live, Watch
from liandong.means.tracks.points import SHAPE, Kind, Point, milliseconds, read_frame
from tests.wires.trails import kept_views

DOWN, SKY = aim_of(0, -90, 0, 100, 1.4), aim_of(0, 40, 0, 100, 1.4)


async def test_it_is_kept_once_and_forgotten_with_the_trail(kept_by: Keeper, db: Database) -> None:
    at, who = now(), new_id()
    points = [
        Point(who, Kind.aircraft, "990101", None, milliseconds(at) + second * 1000, 117.0, 36.6, aim=aim)
        for second, aim in enumerate((DOWN, None, SKY))
    ]
    await kept_by.keep(points)
    await kept_by.keep(points)
    views = await kept_views(db)
    assert [(view.pitch_deg, view.area_code) for view in views] == [(-90, "990101"), (40, "990101")]
    for later, left in ((timedelta(days=90, minutes=-2), 2), (timedelta(days=90, minutes=2), 0)):
        async with db.transaction(Role.worker) as session:
            await forget_trails(session, at + later)
        assert len(await kept_views(db)) == left


async def test_a_screen_is_told_what_is_seen_now_and_that_nothing_is() -> None:
    live, watch, who = Live(), Watch(frozenset({"990101"})), new_id()
    live.join(watch)
    sizes = []
    for second, aim in enumerate((DOWN, DOWN, SKY, None, DOWN)):
        live.take([Point(who, Kind.aircraft, "990101", None, second, 117.0, 36.6, aim=aim)])
        live.tick()
        frame = await watch.take()
        _, told = read_frame(frame)
        assert [one.at_ms for one in told] == [second]
        sizes.append(len(frame) - 8 - 44)
    assert sizes == [SHAPE.size + 4 * 8] * 2 + [0, 0] + [SHAPE.size + 4 * 8]
