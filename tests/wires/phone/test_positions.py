"""Positions of officers: only inside a running task, gaps filled later, who looked written down, forgotten in time."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from liandong.kernel.clock import now
from liandong.kernel.db import Database, Role
from liandong.kernel.errors import Invalid
from liandong.kernel.ledger import LedgerFact
from liandong.means.tracks.actions import forget_trails
from liandong.means.tracks.tables import Position, TrackPoint
from liandong.wires.phone import positions
from tests.conftest import As
from tests.phone import Phone
from tests.seat import Body, refused
from tests.world import Person, World


@pytest.fixture
async def phone(as_: As, world: World) -> Phone:
    """The phone of an officer of the south, on a task in the east that he accepted half an hour ago."""
    desk = as_(world.east.dispatcher)
    task = await desk.draft_task(source_id=str(world.factory), mode="joint")
    await desk.assign(task, world.east.lin, world.south.luo)
    return Phone(as_(world.south.luo), task)


def fix(at: datetime, lon: float = 117.0, lat: float = 36.6) -> Body:
    return {"lon": lon, "lat": lat, "accuracy_m": 9.0, "happened_at": at.isoformat()}


async def send(phone: Phone, *fixes: Body) -> Body:
    answer: Body = await phone.seat.post("/positions", {"task_id": phone.task_id, "fixes": list(fixes)})
    return answer


async def walked(as_: As, who: Person, phone: Phone) -> list[tuple[float, float]]:
    trails = await as_(who).post(f"/tasks/{phone.task_id}/trail", {})
    return [(point["lon"], point["lat"]) for trail in trails for point in trail["points"]]


async def on_map(as_: As, world: World) -> float:
    lon: float = (await as_(world.joint).get("/picture"))["officers"][str(world.south.luo.officer)]["lon"]
    return lon


async def test_off_a_running_task_nobody_is_followed(phone: Phone, as_: As, world: World) -> None:
    at = now()
    with refused("tracks.outside_task", 409):
        await send(phone, fix(at))
    with refused("tracks.outside_task", 409):  # not on the task: no word on whether there is one
        await as_(world.east.luo).post("/positions", {"task_id": phone.task_id, "fixes": [fix(at)]})
    assert await walked(as_, world.east.dispatcher, phone) == []
    await phone.did(phone.accept())
    assert await send(phone, fix(at)) == {"kept": 1, "refused": []}
    assert await on_map(as_, world) == 117.0


async def test_a_gap_is_filled_later_and_moves_nobody(phone: Phone, as_: As, world: World) -> None:
    await phone.did(phone.accept())
    at = now()
    await send(phone, fix(at - timedelta(minutes=3), 117.1), fix(at, 117.4))
    late = [fix(at - timedelta(minutes=1), 117.3), fix(at - timedelta(minutes=2), 117.2)]
    assert (await send(phone, *late))["kept"] == 2
    assert (await send(phone, *late, *late))["kept"] == 4  # a resend adds nothing
    assert await walked(as_, world.east.dispatcher, phone) == [
        (117.1, 36.6),
        (117.2, 36.6),
        (117.3, 36.6),
        (117.4, 36.6),
    ]
    assert await on_map(as_, world) == 117.4


async def test_what_cannot_be_is_refused_one_by_one(phone: Phone, as_: As, world: World) -> None:
    await phone.did(phone.accept())
    at = now()
    before, ahead = phone.clock - timedelta(seconds=1), at + timedelta(minutes=3)
    answer = await send(phone, fix(before), fix(at, 181.0), fix(at, lat=-90.5), fix(at), fix(ahead, 118.0))
    assert answer["kept"] == 1
    assert [(one["place"], one["problem"]["code"]) for one in answer["refused"]] == [
        (0, "tracks.outside_task"),
        (1, "kernel.position_out_of_range"),
        (2, "kernel.position_out_of_range"),
        (4, "tracks.clock_ahead"),
    ]
    assert await walked(as_, world.east.dispatcher, phone) == [(117.0, 36.6)]
    assert await on_map(as_, world) == 117.0


async def test_a_gap_is_filled_after_the_visit_was_handed_in_and_nothing_beyond_it(
    phone: Phone, as_: As, world: World
) -> None:
    await phone.did(phone.accept())
    began = phone.clock
    drawn = [f"示例签名 {officer.login}".encode() for officer in (world.east.lin, world.south.luo)]
    for content in drawn:
        await phone.seat.put_file(content)
    deeds = [phone.arrive(), phone.sign(drawn[0], world.east.lin), phone.sign(drawn[1], world.south.luo)]
    await phone.did(*deeds, phone.refuse_to_sign(), phone.submit())
    ended = phone.clock
    assert (await send(phone, fix(began, 117.1), fix(ended, 117.2)))["kept"] == 2
    with refused("tracks.outside_task", 409):
        await send(phone, fix(ended + timedelta(seconds=1), 117.3))
    assert [lon for lon, _ in await walked(as_, world.east.dispatcher, phone)] == [117.1, 117.2]


async def test_a_batch_may_come_as_msgpack(phone: Phone, as_: As, world: World) -> None:
    await phone.did(phone.accept())
    body = {"task_id": phone.task_id, "fixes": [{"lon": 117.0, "lat": 36.6, "happened_at": now(), "speed_mps": 3.5}]}
    headers = {"content-type": "application/msgpack", "authorization": f"Bearer {world.south.luo.token}"}
    answer = await phone.seat.client.post("/api/positions", content=msgspec.msgpack.encode(body), headers=headers)
    assert (answer.status_code, answer.json()) == (200, {"kept": 1, "refused": []})
    assert await walked(as_, world.east.dispatcher, phone) == [(117.0, 36.6)]


@settings(deadline=None)
@given(
    body=st.one_of(
        st.binary(max_size=200),
        st.recursive(st.none() | st.floats() | st.text(max_size=9), st.lists).map(msgspec.msgpack.encode),
    )
)
def test_bytes_that_mean_nothing_are_refused_in_plain_words(body: bytes) -> None:
    for media_type in ("application/json", "application/msgpack"):
        with pytest.raises(Invalid) as error:
            positions._read(body, media_type)
        assert error.value.code == "kernel.invalid_input"
        assert error.value.field_errors[0].field


async def test_a_batch_that_cannot_be_read_or_is_too_large_is_refused(phone: Phone) -> None:
    await phone.did(phone.accept())
    naive = fix(now()) | {"happened_at": "2026-01-01T08:00:00"}
    for fixes in ([], [fix(now())] * 501, [naive], [fix(now()) | {"accuracy_m": -1}]):
        with refused("kernel.invalid_input", 422):
            await send(phone, *fixes)


async def test_who_looked_at_a_trail_is_written_down_and_most_may_not(
    phone: Phone, as_: As, world: World, db: Database
) -> None:
    await phone.did(phone.accept())
    await send(phone, fix(now()))
    with refused("kernel.not_found", 404):
        await walked(as_, world.west.dispatcher, phone)
    with refused("access.verb_missing", 403):
        await walked(as_, world.east.lin, phone)  # on the task, but whereabouts are for the desk
    assert len(await walked(as_, world.chief, phone)) == 1
    async with db.transaction(Role.worker) as session:
        looked = select(LedgerFact.author_name).where(LedgerFact.name == "TrailViewed")
        assert (await session.execute(looked)).scalars().all() == [world.chief.name]


async def test_whereabouts_are_forgotten_when_their_time_is_over(phone: Phone, db: Database) -> None:
    await phone.did(phone.accept())
    at = now()
    await send(phone, fix(at - timedelta(minutes=5)), fix(at))
    for later, points, places in ((timedelta(days=90, minutes=-2), 1, 1), (timedelta(days=90, minutes=2), 0, 0)):
        async with db.transaction(Role.worker) as session:
            await forget_trails(session, at + later)
            counts = [await session.scalar(select(func.count()).select_from(t)) for t in (TrackPoint, Position)]
        assert counts == [points, places]
