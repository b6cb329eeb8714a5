"""A supervisor returns a record with comments: who may, of which record, and who hears of it."""

from __future__ import annotations

from liandong.kernel.db import Database, Role
from liandong.registers.access.tables import Account
from tests.conftest import As
from tests.phone import Phone, visit
from tests.seat import refused
from tests.world import World

COMMENTS = {
    "comments": [{"words": "示例：请补充废气走向", "about": "air.facility_running"}, {"words": "示例：照片太暗"}]
}


async def sent(as_: As, world: World) -> str:
    desk, lin, luo = as_(world.east.dispatcher), world.east.lin, world.east.luo
    task = await desk.draft_task(source_id=str(world.factory))
    await desk.assign(task, lin, luo)
    return str(task["id"])


async def test_a_return_stands_beside_the_record_with_its_comments(world: World, as_: As) -> None:
    phone = await visit(as_(world.east.lin), await sent(as_, world), [world.east.lin, world.east.luo])
    path = f"/inspections/{phone.inspection_id}"
    returned = await as_(world.east.leader).post(f"{path}/comments", COMMENTS)
    assert returned["returner_name"] == world.east.leader.name
    record = await as_(world.east.lin).get(path)
    assert (record["state"], len(record["signatures"])) == ("returned", 3)  # what was signed stands
    assert [one["comments"] for one in record["returns"]] == [
        [
            {"words": "示例：请补充废气走向", "about": "air.facility_running"},
            {"words": "示例：照片太暗", "about": None},
        ]
    ]
    await as_(world.reviewer).post(f"{path}/comments", {"comments": [{"words": "示例：再次退回"}]})
    assert len((await as_(world.east.lin).get(path))["returns"]) == 2


async def test_who_may_not_return_a_record(world: World, as_: As) -> None:
    task = await sent(as_, world)
    lin, path = as_(world.east.lin), "/inspections/{}/comments"
    running = Phone(lin, task)
    await running.did(running.arrive())
    with refused("inspections.not_submitted", 409):
        await as_(world.east.leader).post(path.format(running.inspection_id), COMMENTS)
    phone = await visit(lin, await sent(as_, world), [world.east.lin, world.east.luo])
    here = path.format(phone.inspection_id)
    with refused("access.verb_missing", 403):
        await lin.post(here, COMMENTS)
    with refused("kernel.not_found", 404):
        await as_(world.north.leader).post(here, COMMENTS)
    answer = await as_(world.east.leader).ask("POST", f"{here}", json={"comments": []})
    assert answer.status_code == 422


async def test_nobody_returns_the_record_of_a_visit_of_their_own(db: Database, world: World, as_: As) -> None:
    phone = await visit(as_(world.east.lin), await sent(as_, world), [world.east.lin, world.east.luo])
    async with db.transaction(Role.worker) as session:
        (await session.get_one(Account, world.east.lin.account_id)).roles = ["inspector", "leader"]
    with refused("inspections.own_record", 403):
        await as_(world.east.lin).post(f"/inspections/{phone.inspection_id}/comments", COMMENTS)
