"""A clue told to a neighbour: one owner at every instant, an answer in time, and nobody outside learns of it."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from liandong.kernel.clock import now
from liandong.kernel.db import Database, Role
from liandong.kernel.jobs import Worker
from liandong.work.referrals.states import REFERRAL_STATES
from tests.allies import in_force
from tests.conftest import As
from tests.seat import PICTURE, Body, digest, refused
from tests.world import BORDER_POINT, Person, World


async def owner(as_: As, world: World, clue_id: str) -> set[str]:
    """The districts whose desk can act on the clue: there must be one."""
    found = set()
    for district in (*world.districts, world.foreign):
        answer = await as_(district.dispatcher).ask("GET", f"/clues/{clue_id}")
        if answer.status_code == 200:
            found.add(district.area_code)
    return found


async def a_day_goes_by(db: Database, worker: Worker) -> None:
    """What was told lies a day further back, and the clock has struck."""
    async with db.transaction(Role.worker) as session:
        past = "UPDATE referral SET answer_by_at = answer_by_at - interval '25 hours', sent_at = sent_at - interval '25 hours'"
        await session.execute(text(past))
    await worker.keep_timetable()


async def told(as_: As, world: World) -> Body:
    await in_force(as_, world.east, world.south)
    return await as_(world.east.lin).tell(world.south)


async def test_the_clue_is_the_senders_until_it_is_accepted_and_then_the_receivers(
    as_: As, world: World, worker: Worker
) -> None:
    referral = await told(as_, world)
    east, south = as_(world.east.dispatcher), as_(world.south.dispatcher)
    assert (referral["state"], referral["owner_area"]) == ("sent", world.east.area_code)
    assert await owner(as_, world, referral["clue_id"]) == {world.east.area_code}
    with refused("clues.offered_to_a_neighbour", 409):  # told and taken up at home would be two owners
        await east.post(f"/clues/{referral['clue_id']}/accept", {})
    shown = await south.get(f"/referrals/{referral['id']}")
    assert (shown["description"], shown["verbs"]) == ("示例：沟渠有异味", ["accept", "return"])
    accepted = await south.post(f"/referrals/{referral['id']}/accept")
    assert (accepted["state"], accepted["owner_area"]) == ("accepted", world.south.area_code)
    assert await owner(as_, world, referral["clue_id"]) == {world.south.area_code}
    clue = await south.get(f"/clues/{referral['clue_id']}")
    assert clue["came_from"] == world.east.area_code
    await south.accept_clue(clue)
    await worker.drain()
    assert (await east.get(f"/referrals/{referral['id']}"))["outcome"] is None
    await south.post(f"/tasks/{(await south.get('/tasks'))['items'][0]['id']}/cancel", {"reason": "示例"})


async def test_the_sender_hears_what_became_of_it(as_: As, world: World, worker: Worker) -> None:
    referral = await told(as_, world)
    south = as_(world.south.dispatcher)
    await south.post(f"/referrals/{referral['id']}/accept")
    await south.post(f"/clues/{referral['clue_id']}/decline", {"reason": "示例：现场无异常"})
    await worker.drain()
    heard = await as_(world.east.lin).get(f"/referrals/{referral['id']}")
    assert heard["outcome"] == "不予受理：示例：现场无异常"


async def test_a_return_needs_a_reason_and_comes_back_as_a_task(as_: As, world: World, worker: Worker) -> None:
    referral = await told(as_, world)
    east, south = as_(world.east.dispatcher), as_(world.south.dispatcher)
    with refused("kernel.invalid_input", 422):
        await south.post(f"/referrals/{referral['id']}/return", {"reason": " "})
    returned = await south.post(f"/referrals/{referral['id']}/return", {"reason": "示例：点位在东区一侧"})
    assert (returned["state"], returned["owner_area"]) == ("returned", world.east.area_code)
    assert await owner(as_, world, referral["clue_id"]) == {world.east.area_code}
    await worker.drain()
    (task,) = (await east.get("/tasks"))["items"]
    assert "示例：点位在东区一侧" in task["instruction"]
    assert (await as_(world.south.dispatcher).get("/tasks"))["items"] == []
    again = await east.tell(world.south, {"id": referral["clue_id"]})  # with better words it may be told again
    assert again["state"] == "sent"


async def test_nobody_answers_and_the_superior_decides(as_: As, db: Database, world: World, worker: Worker) -> None:
    referral = await told(as_, world)
    path = f"/referrals/{referral['id']}"
    with refused("referrals.wrong_state", 409):  # not before the time is over
        await as_(world.joint).post(f"{path}/designate", {"area_code": world.south.area_code})
    await a_day_goes_by(db, worker)
    await worker.drain()
    waiting = (await as_(world.joint).get("/referrals", state="escalated"))["items"]
    assert [one["id"] for one in waiting] == [referral["id"]]
    assert await owner(as_, world, referral["clue_id"]) == {world.east.area_code}
    with refused("access.way_missing", 403):  # neither side names itself
        await as_(world.south.dispatcher).post(f"{path}/designate", {"area_code": world.south.area_code})
    with refused("referrals.not_a_party", 409):
        await as_(world.joint).post(f"{path}/designate", {"area_code": world.west.area_code})
    settled = await as_(world.joint).post(f"{path}/designate", {"area_code": world.south.area_code})
    assert (settled["state"], settled["owner_area"]) == ("designated", world.south.area_code)
    assert await owner(as_, world, referral["clue_id"]) == {world.south.area_code}


async def test_what_the_superior_left_with_the_sender_is_told_to_nobody_again(
    as_: As, db: Database, world: World, worker: Worker
) -> None:
    referral = await told(as_, world)
    await a_day_goes_by(db, worker)
    await as_(world.joint).post(f"/referrals/{referral['id']}/designate", {"area_code": world.east.area_code})
    with refused("clues.designated", 409):
        await as_(world.east.dispatcher).tell(world.south, {"id": referral["clue_id"]})


async def test_what_was_taken_over_is_not_handed_on(as_: As, world: World) -> None:
    await in_force(as_, world.east, world.south, world.west)
    referral = await as_(world.east.lin).tell(world.south)
    south, path = as_(world.south.dispatcher), f"/referrals/{referral['id']}"
    await south.post(f"{path}/accept")
    with refused("clues.came_from_a_neighbour", 409):
        await south.tell(world.west, {"id": referral["clue_id"]})
    await south.post(f"{path}/ask", {"reason": "示例：点位实在东区"})
    with refused("clues.offered_to_a_neighbour", 409):  # while it is asked nobody takes it up
        await south.post(f"/clues/{referral['clue_id']}/accept", {})
    back = await as_(world.joint).post(f"{path}/designate", {"area_code": world.east.area_code})
    assert (back["state"], back["owner_area"]) == ("designated", world.east.area_code)
    assert await owner(as_, world, referral["clue_id"]) == {world.east.area_code}


async def test_its_photos_are_seen_by_both_sides_as_long_as_it_is_offered(as_: As, world: World) -> None:
    await in_force(as_, world.east, world.south)
    lin = as_(world.east.lin)
    await lin.put_file(PICTURE)
    photo = {"sha256": digest(PICTURE), "size": len(PICTURE), "media_type": "image/png", "taken_at": now().isoformat()}
    body = {
        "id": "01900000-0000-7000-8000-00000000aaaa", "to_area": world.south.area_code, "photos": [photo],
        "clue": {"description": "示例：管口有白沫", "lon": BORDER_POINT[0], "lat": BORDER_POINT[1]},
    }  # fmt: skip
    referral = await lin.post("/referrals", body)
    assert await lin.post("/referrals", body) == referral  # a phone that heard no answer says it again
    assert (await as_(world.east.dispatcher).get("/clues"))["total"] == 1
    with refused("referrals.said_otherwise", 409):
        await as_(world.east.luo).post("/referrals", body)
    (photo_id,) = referral["evidence_ids"]

    async def seen(person: Person) -> int:
        return (await as_(person).ask("GET", f"/evidence/{photo_id}/file")).status_code

    assert [await seen(one) for one in (world.east.luo, world.south.dispatcher, world.west.dispatcher)] == [
        200,
        200,
        404,
    ]
    await as_(world.south.dispatcher).post(f"/referrals/{referral['id']}/return", {"reason": "示例"})
    assert [await seen(one) for one in (world.east.luo, world.south.dispatcher)] == [200, 404]


async def test_the_petitioner_is_told_to_no_neighbour(as_: As, world: World) -> None:
    await in_force(as_, world.east, world.south)
    east = as_(world.east.dispatcher)
    clue = await east.receive_clue(
        kind="petition", petitioner={"name": "示例群众", "phone": "000-0000"}, lon=BORDER_POINT[0] + 0.01,
        lat=BORDER_POINT[1] + 0.01,
    )  # fmt: skip
    referral = await east.tell(world.south, clue)
    for person in (world.south.dispatcher, world.south.leader, world.south.lin):
        said = (await as_(person).ask("GET", f"/referrals/{referral['id']}")).text
        assert "示例群众" not in said
        assert "000-0000" not in said
        refusal = await as_(person).ask("POST", f"/clues/{clue['id']}/petitioner")
        assert refusal.status_code in (403, 404)


async def test_without_a_memorandum_that_says_so_nobody_is_told(as_: As, world: World) -> None:
    east = as_(world.east.lin)
    with refused("referrals.no_memorandum", 409):
        await east.tell(world.south)
    await in_force(as_, world.east, world.south, mechanisms=["contact"])
    with refused("referrals.no_memorandum", 409):
        await east.tell(world.south)
    await in_force(as_, world.east, world.west)
    for neighbour in (world.south, world.foreign):
        with refused("referrals.no_memorandum", 409):
            await east.tell(neighbour)
    with refused("referrals.to_oneself", 409):
        await east.tell(world.east)
    assert (await as_(world.east.dispatcher).get("/clues"))["total"] == 0  # what was refused left nothing behind


@pytest.mark.parametrize(("lon", "lat", "first", "is_border"), [
    (BORDER_POINT[0] + 0.05, BORDER_POINT[1] - 0.05, "south", False),
    (BORDER_POINT[0] + 0.05, BORDER_POINT[1] - 0.001, "south", True),
    (BORDER_POINT[0] + 0.05, BORDER_POINT[1] + 0.001, "south", True),
    (BORDER_POINT[0] - 0.001, BORDER_POINT[1] + 0.05, "north", True),
])  # fmt: skip
async def test_whose_it_probably_is(as_: As, world: World, lon: float, lat: float, first: str, is_border: bool) -> None:
    await in_force(as_, *world.districts)
    found = await as_(world.east.lin).get("/referrals/proposal", lon=lon, lat=lat)
    assert (found["choices"][0]["area_code"], found["is_border"]) == (getattr(world, first).area_code, is_border)
    assert len(found["choices"]) == 3
    assert found["band_m"] == 2000


async def test_every_verb_in_every_state(as_: As, db: Database, world: World, worker: Worker) -> None:
    await in_force(as_, world.east, world.south)
    east, south, joint = as_(world.east.dispatcher), as_(world.south.dispatcher), as_(world.joint)
    asked = {
        "accept": (south, {}), "return": (south, {"reason": "示例"}), "withdraw": (east, {"reason": "示例"}),
        "ask": (south, {"reason": "示例"}), "designate": (joint, {"area_code": world.south.area_code}),
    }  # fmt: skip
    ways = {
        "sent": [], "accepted": ["accept"], "returned": ["return"], "withdrawn": ["withdraw"], "asked": ["accept", "ask"],
        "escalated": ["escalate"], "designated": ["accept", "ask", "designate"],
    }  # fmt: skip
    for state, way in ways.items():
        referral = await east.tell(world.south)
        for verb in way:
            if verb == "escalate":
                await a_day_goes_by(db, worker)
                continue
            await asked[verb][0].post(f"/referrals/{referral['id']}/{verb}", asked[verb][1])
        assert (await east.get(f"/referrals/{referral['id']}"))["state"] == state
        for before, verb, after in REFERRAL_STATES.pairs():
            if before == state and after is None and verb in asked:
                with refused("referrals.wrong_state", 409):
                    await asked[verb][0].post(f"/referrals/{referral['id']}/{verb}", asked[verb][1])
