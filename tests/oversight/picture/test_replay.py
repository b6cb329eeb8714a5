"""回放: who was where and what was done, for whoever may see it; and it is written down who looked."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from liandong.kernel.clock import EPOCH, now
from liandong.kernel.db import Database
from liandong.kernel.ids import new_id
from liandong.means.ground.aims import aim_of
from liandong.means.tracks.keeper import Keeper
from liandong.means.tracks.points import Kind, Point, milliseconds
from liandong.means.tracks.replay import MOST_POINTS, Period, Replay, _step_s
from tests.conftest import As
from tests.phone import Phone
from tests.seat import Body, refused
from tests.wires.phone.test_positions import fix
from tests.world import Person, World

HOUR = timedelta(hours=1)


async def asked(as_: As, who: Person, since: datetime, until: datetime) -> Body:
    found: Body = await as_(who).post("/replay", {"since": since.isoformat(), "until": until.isoformat()})
    return found


@pytest.fixture
async def walked(as_: As, world: World) -> datetime:
    """When an officer of the east began to walk: a fix a minute for ten minutes, half an hour ago."""
    desk, east = as_(world.east.dispatcher), world.east
    began = now() - HOUR / 2
    phone = Phone(as_(east.lin), await desk.assign(await desk.draft_task(), east.lin, east.luo), began - HOUR)
    await phone.did(phone.accept())
    fixes = [fix(began + timedelta(minutes=minute), 117.0 + minute / 1000) for minute in range(10)]
    await phone.seat.post("/positions", {"task_id": phone.task_id, "fixes": fixes})
    return began


async def test_an_operation_is_shown_as_it_went(walked: datetime, as_: As, world: World) -> None:
    found = await asked(as_, world.east.dispatcher, walked - HOUR / 4, now())
    [way] = found["ways"]
    assert (way["name"], way["kind"]) == (world.east.lin.name, "officer")
    assert [round((step[1] - 117) * 1000) for step in way["steps"]] == list(range(10))
    assert [step[0] for step in way["steps"]] == sorted(step[0] for step in way["steps"])
    assert {"TaskDrafted", "TaskAssigned"} <= {fact["name"] for fact in found["facts"]}
    later = await asked(as_, world.east.dispatcher, walked + timedelta(minutes=4, seconds=30), now())
    assert [round((step[1] - 117) * 1000) for step in later["ways"][0]["steps"]] == list(range(5, 10))


async def test_it_shows_nobody_more_than_he_may_see(walked: datetime, as_: As, world: World) -> None:
    for stranger in (world.west.dispatcher, world.foreign.dispatcher):
        found = await asked(as_, stranger, walked - HOUR, now())
        assert (found["ways"], found["facts"]) == ([], [])
    assert len((await asked(as_, world.joint, walked - HOUR, now()))["ways"]) == 1
    with refused("access.verb_missing", 403):
        await asked(as_, world.east.lin, walked - HOUR, now())


async def test_who_looked_is_written_down(walked: datetime, as_: As, world: World) -> None:
    await asked(as_, world.east.dispatcher, walked, now())
    looks = await as_(world.east.dispatcher).get("/ledger", subject_id=str(world.east.dispatcher.account_id))
    assert [one["name"] for one in looks] == ["WhereaboutsReplayed"]


async def test_a_day_at_most_and_never_backwards(as_: As, world: World) -> None:
    at = now()
    with refused("tracks.period_too_long", 422):
        await asked(as_, world.east.dispatcher, at - 25 * HOUR, at)
    with refused("tracks.period_backwards", 422):
        await asked(as_, world.east.dispatcher, at, at)


async def test_what_was_seen_from_the_air_is_shown_with_it(kept_by: Keeper, as_: As, world: World) -> None:
    who, began = new_id(), now() - HOUR / 2
    aims = [aim_of(90, -90, 0, 100, 1.4), None, aim_of(90, 45, 0, 100, 1.4), aim_of(90, -90, 0, 100, 1.4)]
    points = [
        Point(
            who, Kind.aircraft, world.east.area_code, None, milliseconds(began) + number * 60_000, 117.0, 36.6, aim=aim
        )
        for number, aim in enumerate(aims)
    ]
    await kept_by.keep(points)
    found = await asked(as_, world.east.dispatcher, began - HOUR / 4, now())
    [seen] = found["grounds"]
    assert (seen["id"], [at for at, _ in seen["steps"]]) == (str(who), [points[0].at_ms, points[3].at_ms])
    assert len(found["ways"][0]["steps"]) == 4, "where it was is known all the while"
    assert (await asked(as_, world.foreign.dispatcher, began - HOUR / 4, now()))["grounds"] == []


async def test_many_points_are_thinned_evenly(kept_by: Keeper, as_: As, world: World, db: Database) -> None:
    began, who = now() - 2 * HOUR, new_id()
    at_ms = milliseconds(began)
    await kept_by.keep(
        [
            Point(who, Kind.vehicle, world.east.area_code, None, at_ms + 1000 * second, 117.0, 36.6)
            for second in range(3600)
        ]
    )
    found = await asked(as_, world.east.dispatcher, began, began + HOUR)
    [way] = found["ways"]
    assert found["step_s"] == 5
    gaps = [later[0] - earlier[0] for earlier, later in zip(way["steps"], way["steps"][1:], strict=False)]
    assert 719 <= len(way["steps"]) <= 721
    assert max(gaps) <= 2 * 1000 * found["step_s"]


@pytest.mark.parametrize(("carriers", "hours"), [(0, 1), (1, 24), (80, 1), (3000, 24)])
def test_however_many_there_are_a_screen_can_carry_it(carriers: int, hours: int) -> None:
    period = Period(EPOCH, EPOCH + hours * HOUR)
    assert carriers * hours * 3600 / _step_s(period, carriers) <= MOST_POINTS
    assert Replay(1, []).ways == []
