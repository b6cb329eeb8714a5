"""边界污染源清单: one's own sources near a border whole, an ally's as the memorandum's sheet shows them, kept by itself."""

from __future__ import annotations

import math
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import select, text, update
from sqlalchemy.exc import ProgrammingError

from liandong.kernel.clock import beijing_today
from liandong.kernel.db import Database, Role
from liandong.kernel.geo import EARTH_RADIUS_M
from liandong.kernel.jobs import Worker
from liandong.kernel.ledger import LedgerFact
from liandong.oversight.border.keeping import keep_border_lists
from liandong.oversight.border.tables import BorderEntry
from liandong.registers.access.door import refreshed
from liandong.registers.sources.tables import Source
from tests.access.test_sight_of_feed import lines
from tests.allies import a_day_goes_by, in_force
from tests.conftest import As
from tests.phone import Phone
from tests.seat import PICTURE, Body
from tests.world import BORDER_POINT, Person, World

METRE_DEG = math.degrees(1 / EARTH_RADIUS_M)


@pytest.fixture
async def memorandum(as_: As, world: World, worker: Worker) -> Body:
    """East, south and west share their border lists over 2,000 m; the north does not belong to it."""
    signed = await in_force(as_, world.east, world.south, world.west, band_m=2000)
    await worker.drain()
    return signed


async def listed(as_: As, person: Person) -> list[dict[str, Any]]:
    return (await as_(person).get("/border-sources"))["items"]  # type: ignore[no-any-return]


async def shared_with(as_: As, person: Person) -> dict[str, dict[str, Any]]:
    """What allies show this person, by name."""
    return {row["name"]: row for row in await listed(as_, person) if row["memorandum"]}


async def visited(as_: As, world: World) -> Phone:
    """East and south have visited the factory on the border and found a problem; the record is in."""
    task = await as_(world.east.dispatcher).draft_task(mode="joint", source_id=str(world.factory))
    phone = Phone(as_(world.east.lin), await as_(world.east.dispatcher).assign(task, world.east.lin, world.south.luo))
    await phone.seat.put_file(PICTURE)
    await phone.did(
        phone.accept(), phone.arrive(BORDER_POINT), phone.answer("air", "air.facility_running", "no"), phone.find()
    )
    return phone


async def hand_in(phone: Phone, world: World) -> None:
    """Both officers have signed, the manager would not, and the record is in."""
    for officer in (world.east.lin, world.south.luo):
        content = f"示例签名 {officer.login}".encode()
        await phone.seat.put_file(content)
        await phone.did(phone.sign(content, officer))
    await phone.did(phone.refuse_to_sign(), phone.submit())


async def move(db: Database, source_id: UUID, **values: Any) -> None:
    async with db.transaction(Role.worker) as session:
        await session.execute(update(Source).where(Source.id == source_id).values(**values))


async def keep(db: Database) -> None:
    async with db.transaction(Role.worker) as session:
        await keep_border_lists(session)


async def told(db: Database) -> list[str]:
    """What was said of the lists, in order."""
    async with db.transaction(Role.worker) as session:
        rows = select(LedgerFact.words).where(LedgerFact.name == "BorderListChanged").order_by(LedgerFact.entry_no)
        return list((await session.scalars(rows)).all())


async def sheet(db: Database) -> list[tuple[Any, ...]]:
    async with db.transaction(Role.worker) as session:
        columns = [column for column in BorderEntry.__table__.columns if column.name != "id"]
        rows = await session.execute(select(*columns).order_by(BorderEntry.memorandum_id, BorderEntry.source_id))
        return [tuple(row) for row in rows]


async def test_ones_own_list_says_whose_and_who_was_there_last(as_: As, world: World) -> None:
    await visited(as_, world)
    found = await as_(world.joint).get("/border-sources")
    assert (found["band"]["value"], found["band"]["status"]) == (1000, "unconfirmed")
    assert {(one["one"], one["other"]) for one in found["borders"]} == {
        ("990101", "990102"), ("990101", "990104"), ("990102", "990103"), ("990103", "990104"),
    }  # fmt: skip
    assert {(one["band_m"], one["memorandum"]) for one in found["borders"]} == {(1000, None)}
    [row] = found["items"]  # the workshops stand in the middle of their districts
    assert (row["id"], row["area_code"], row["distance_m"]) == (str(world.factory), "990101", 0)
    assert row["neighbour_code"] in ("990102", "990104")
    assert (row["agency_name"], row["memorandum"]) == ("东区分局", None)
    assert row["last_visit_on"] == str(beijing_today())
    assert row["last_visit_by"] == sorted(["东区分局", "南区分局"])
    assert (row["open_problems"], row["overdue_problems"]) == (1, 0)
    alone = await as_(world.west.dispatcher).get("/border-sources")
    assert alone["items"] == []  # its own side of the border has none, and the neighbour's is the neighbour's


async def test_an_ally_sees_the_sheet_and_not_the_record(as_: As, world: World, memorandum: Body) -> None:
    [row] = await listed(as_, world.south.dispatcher)
    assert (row["name"], row["area_code"], row["agency_name"]) == ("示例边界化工厂", "990101", "东区分局")
    assert (row["neighbour_code"], row["distance_m"], row["open_problems"]) == ("990102", 0, 0)
    assert row["overdue_problems"] is None  # the rule does not name it: unknown, not none
    assert row["memorandum"] == {name: memorandum[name] for name in ("id", "number", "title")}
    assert row["id"] != str(world.factory)
    assert str(world.factory) not in str(row)
    assert (await as_(world.south.dispatcher).ask("GET", f"/sources/{world.factory}")).status_code == 404
    # the third member too: what is shared is shared with all of them; whoever is none sees nothing
    assert list(await shared_with(as_, world.west.lin)) == ["示例边界化工厂"]
    for stranger in (world.north.dispatcher, world.foreign.dispatcher):
        assert await listed(as_, stranger) == []
    # one's own is one's own, and whoever oversees all sees the record itself
    for whole in (world.east.dispatcher, world.joint, world.chief):
        [own] = await listed(as_, whole)
        assert (own["id"], own["memorandum"], own["overdue_problems"]) == (str(world.factory), None, 0)


async def test_the_band_is_the_memorandums(db: Database, as_: As, world: World, memorandum: Body) -> None:
    """Between members as wide as they signed, towards the north as wide as the rulebook says."""
    found = await as_(world.east.dispatcher).get("/border-sources")
    bands = {
        one["other"]: (one["band_m"], one["memorandum"] and one["memorandum"]["id"])
        for one in found["borders"]
        if one["one"] == "990101"
    }
    assert bands == {"990102": (2000, memorandum["id"]), "990104": (1000, None)}
    middle, east = world.east.middle[0], BORDER_POINT[0]
    for metres, is_listed in ((1990, True), (2010, False)):
        await move(db, world.east.workshop, lon=middle, lat=BORDER_POINT[1] + metres * METRE_DEG)
        await keep(db)
        assert ("示＊＊" in await shared_with(as_, world.south.lin)) is is_listed, metres
        assert (len(await listed(as_, world.east.lin)) == 2) is is_listed, metres
    lat = world.east.middle[1]
    await move(db, world.east.workshop, lon=east + 1500 * METRE_DEG / math.cos(math.radians(lat)), lat=lat)
    await keep(db)
    assert len(await listed(as_, world.east.lin)) == 1  # 1,500 m from the north, which signed nothing
    assert list(await shared_with(as_, world.south.lin)) == ["示例边界化工厂"]


async def test_it_keeps_itself(db: Database, as_: As, world: World, worker: Worker, memorandum: Body) -> None:
    assert memorandum["holds"]
    assert await told(db) == ["边界污染源清单：新增 1 家（示例边界化工厂）"]
    phone = await visited(as_, world)
    await worker.drain()
    row = (await shared_with(as_, world.west.dispatcher))["示例边界化工厂"]
    assert (row["open_problems"], row["last_visit_on"]) == (1, None)  # the record is not in yet
    await hand_in(phone, world)
    await worker.drain()
    row = (await shared_with(as_, world.west.dispatcher))["示例边界化工厂"]
    assert row["last_visit_by"] == sorted(["东区分局", "南区分局"])
    assert row["last_visit_on"] == str(beijing_today())
    assert (await told(db))[1:] == ["边界污染源清单：变动 1 家（示例边界化工厂）"]  # the visit is no news of the list

    await move(db, world.factory, lon=world.east.middle[0], lat=world.east.middle[1])
    await keep(db)
    assert await shared_with(as_, world.west.dispatcher) == {}
    assert (await told(db))[2:] == ["边界污染源清单：移出 1 家（示例边界化工厂）"]


async def test_a_register_taken_in_is_on_the_list(
    db: Database, as_: As, world: World, worker: Worker, memorandum: Body
) -> None:
    assert memorandum["holds"]
    lon, lat = BORDER_POINT[0] + 0.05, BORDER_POINT[1] - 0.01
    register = f"名称,经度,纬度,行政区划代码\n示例南区电镀厂,{lon},{lat},990102\n李四小吃店,{lon},{lat},990102\n"
    files = {"file": ("示例名录.csv", register.encode(), "text/csv")}
    answer = await as_(world.south.dispatcher).ask("POST", "/imports/sources", files=files)
    assert answer.status_code < 300, answer.text
    await worker.drain()
    assert set(await shared_with(as_, world.east.dispatcher)) == {"示例南区电镀厂", "李＊＊"}
    assert "李四" not in str(await told(db))


async def test_keeping_it_again_changes_nothing(
    db: Database, as_: As, world: World, worker: Worker, memorandum: Body
) -> None:
    """What the hand-overs kept piece by piece is what the whole would be made of."""
    assert memorandum["holds"]
    await move(db, world.east.workshop, lat=BORDER_POINT[1] + 500 * METRE_DEG, uscc="92370000MA3EXAMPL2")
    phone = await visited(as_, world)
    await hand_in(phone, world)
    await keep(db)
    await worker.drain()
    piece_by_piece, said = await sheet(db), await told(db)
    assert len(piece_by_piece) == 2
    await keep(db)
    assert (await sheet(db), await told(db)) == (piece_by_piece, said)
    async with db.transaction(Role.worker) as session:
        await session.execute(text("DELETE FROM border_entry"))
    await keep(db)
    assert await sheet(db) == piece_by_piece


async def test_it_ends_with_the_memorandum(
    db: Database, as_: As, world: World, worker: Worker, memorandum: Body
) -> None:
    await as_(world.east.leader).post(f"/memoranda/{memorandum['id']}/leave", {"reason": "示例：机构调整"})
    assert await listed(as_, world.east.dispatcher) != []  # its own
    await worker.drain()
    assert await listed(as_, world.south.dispatcher) == []  # and nobody else's any more
    assert await sheet(db) == []


async def test_after_its_term_nothing_is_seen_whether_it_was_withdrawn_or_not(
    db: Database, as_: As, world: World, worker: Worker
) -> None:
    today = str(beijing_today())
    await in_force(as_, world.east, world.south, from_on=today, until_on=today)
    await worker.drain()
    assert len(await listed(as_, world.south.lin)) == 1
    await a_day_goes_by(db)
    assert await listed(as_, world.south.lin) == []
    assert len(await sheet(db)) == 1  # still there, and out of sight: the grant is over
    await keep(db)
    assert await sheet(db) == []


async def test_a_memorandum_that_does_not_share_the_list_shows_none_of_it(
    as_: As, world: World, worker: Worker, db: Database
) -> None:
    await in_force(as_, world.east, world.south, shares=["visit_ledger"])
    await worker.drain()
    assert await sheet(db) == []
    assert await listed(as_, world.south.dispatcher) == []


async def test_only_the_members_hear_of_it(app: FastAPI, as_: As, world: World, worker: Worker) -> None:
    people = {"home": world.east.dispatcher, "ally": world.south.lin, "joint": world.joint,
              "north": world.north.dispatcher, "far": world.foreign.dispatcher}  # fmt: skip
    async with lines(app, people) as open_lines:
        await in_force(as_, world.east, world.south)
        await worker.drain()
        for line in open_lines.values():
            await line.catch_up()
        heard = {
            who: [f["words"] for f in line.facts if f["name"] == "BorderListChanged"]
            for who, line in open_lines.items()
        }
    said = ["边界污染源清单：新增 1 家（示例边界化工厂）"]
    assert heard == {"home": said, "ally": said, "joint": said, "north": [], "far": []}


async def test_the_database_shows_a_sheet_to_members_and_lets_nobody_write_it(
    db: Database, world: World, memorandum: Body
) -> None:
    """The gate's rule a second time, whatever a query forgets."""
    assert memorandum["holds"]
    seen = {}
    for person in (world.east.lin, world.south.lin, world.north.lin, world.foreign.lin, world.joint):
        actor = await refreshed(db, person.account_id)
        async with db.transaction(Role.app, actor.scope()) as session:
            seen[person.login] = len((await session.scalars(select(BorderEntry))).all())
    assert seen == {"lin.east": 1, "lin.south": 1, "lin.north": 0, "lin.foreign": 0, "joint": 1}
    actor = await refreshed(db, world.east.leader.account_id)
    for statement in ("UPDATE border_entry SET name = '示例'", "DELETE FROM border_entry"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with db.transaction(Role.app, actor.scope()) as session:
                await session.execute(text(statement))
