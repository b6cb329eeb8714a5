"""The live map of whereabouts: who may open it, that it is written down, and that it ends with the right."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from liandong.kernel.clock import now
from liandong.kernel.db import Database, Role
from liandong.kernel.ledger import LedgerFact
from liandong.means.tracks import routes
from tests.access.scene import Scene
from tests.conftest import As
from tests.line import settle
from tests.phone import Phone
from tests.watching import Screen, watching
from tests.world import BORDER_POINT, Person, World


async def moved(as_: As, world: World, scene: Scene, lon: float = BORDER_POINT[0]) -> None:
    """An officer of the south, on a task in the east, says where he is."""
    where = {"lon": lon, "lat": BORDER_POINT[1], "accuracy_m": 9.0, "happened_at": now().isoformat()}
    await as_(world.south.luo).post("/positions", {"task_id": scene.task, "fixes": [where]})


async def test_whereabouts_are_for_the_desk_of_the_division_and_those_above(
    app: FastAPI, as_: As, world: World, scene: Scene
) -> None:
    desks = (world.east.dispatcher, world.chief, world.south.dispatcher)
    async with watching(app, desks[0]) as desk, watching(app, desks[1]) as chief, watching(app, desks[2]) as neighbour:
        await moved(as_, world, scene)
        assert await desk.after_tick() == await chief.after_tick() == {world.south.luo.officer: BORDER_POINT}
        assert await neighbour.after_tick() == {}  # his own officer, in another's division
    for person in (world.east.luo, world.south.luo, world.auditor, world.admin):
        async with watching(app, person) as refused:
            assert await refused.closed() == routes.NO_RIGHT
    async with watching(app, None) as nobody:
        assert await nobody.closed() == routes.SIGNED_OUT


async def test_that_somebody_looked_is_written_down_once_a_look(app: FastAPI, world: World, db: Database) -> None:
    for _ in range(2):  # a screen that comes back goes on with the same look
        async with watching(app, world.chief) as screen:
            await screen.next()
    async with db.transaction(Role.worker) as session:
        looked = select(LedgerFact.author_name).where(LedgerFact.name == "WhereaboutsWatched")
        assert (await session.execute(looked)).scalars().all() == [world.chief.name]


async def test_another_page_may_not_open_the_map_in_ones_name(app: FastAPI, world: World) -> None:
    async with watching(app, world.chief, origin="https://elsewhere.example") as screen:
        assert await screen.closed() == routes.NO_RIGHT
    async with watching(app, world.chief, origin="http://test") as screen:
        await screen.next()
        assert screen.wholes == 1


async def test_it_ends_with_the_sign_in(app: FastAPI, as_: As, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "LOOK_AGAIN_SECONDS", 0.01)
    async with watching(app, world.chief) as screen:
        await screen.next()
        await as_(world.chief).client.delete("/api/session", headers={"authorization": f"Bearer {world.chief.token}"})
        assert await screen.closed() == routes.SIGNED_OUT


async def test_a_map_is_told_of_what_it_looks_at(app: FastAPI, as_: As, world: World, scene: Scene) -> None:
    async with watching(app, world.east.dispatcher) as screen:
        await screen.next()
        screen.look_at(BORDER_POINT[0] + 1, 36.0, BORDER_POINT[0] + 2, 37.0)
        await moved(as_, world, scene)
        assert await screen.after_tick() == {}
        screen.look_at()
        assert await screen.after_tick() == {world.south.luo.officer: BORDER_POINT}


@pytest.mark.parametrize(
    "words", ["", "{", "[]", '{"view": [1]}', '{"view": [181, 0, 1, 1]}', '{"look": 1}', "x" * 2000]
)
async def test_words_that_mean_nothing_end_it_and_harm_nobody_else(
    app: FastAPI, as_: As, world: World, scene: Scene, words: str
) -> None:
    async with watching(app, world.chief) as screen, watching(app, world.east.dispatcher) as other:
        await screen.next()
        screen.say(words)
        assert await screen.closed() == routes.UNREADABLE
        await moved(as_, world, scene)
        assert await other.after_tick() == {world.south.luo.officer: BORDER_POINT}


async def test_a_server_that_starts_knows_where_everybody_was(
    app: FastAPI, as_: As, world: World, scene: Scene
) -> None:
    await moved(as_, world, scene)
    app.state.telemetry.live.newest.clear()
    await app.state.telemetry.catch_up()
    assert [point.lon for point in app.state.telemetry.live.newest.values()] == [BORDER_POINT[0]]


async def test_an_arrival_puts_the_officer_on_the_map(app: FastAPI, as_: As, world: World) -> None:
    desk = as_(world.east.dispatcher)
    task = await desk.draft_task(source_id=str(world.factory))
    await desk.assign(task, world.east.lin, world.east.luo)
    phone = Phone(as_(world.east.lin), task)
    async with watching(app, world.east.dispatcher) as screen:
        await screen.next()
        await phone.did(phone.arrive(place=BORDER_POINT))
        await arrived(screen, world.east.lin)


async def arrived(screen: Screen, person: Person) -> None:
    """The notice of the database has come through."""
    await settle(screen.app)
    assert (await screen.after_tick())[person.officer] == BORDER_POINT
