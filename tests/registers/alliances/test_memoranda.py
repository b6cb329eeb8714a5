"""A memorandum grants what it says from its first day to its last, and only when every member has signed these very words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from liandong.kernel.clock import beijing_today, now
from liandong.kernel.db import Database, Role
from liandong.kernel.jobs import Worker
from liandong.registers.access.door import refreshed
from liandong.registers.alliances.states import MEMORANDUM_STATES
from tests.allies import MECHANISMS, SHARES, a_day_goes_by, in_force, offered, sign, terms
from tests.conftest import As
from tests.seat import Body, Refusal, Seat, refused
from tests.world import Person, World


async def granted(db: Database, person: Person) -> set[str]:
    return {what for what, _ in (await refreshed(db, person.account_id)).granted}


async def test_nothing_is_granted_before_the_last_signature(as_: As, db: Database, world: World) -> None:
    four = world.districts
    memorandum = await offered(as_, *four)
    for signed, member in enumerate(four, 1):
        assert await granted(db, world.east.lin) == set()
        memorandum = await sign(as_, memorandum, member)
        assert [one["signed_at"] is not None for one in memorandum["members"]].count(True) == signed
    assert (memorandum["state"], memorandum["holds"]) == ("in_force", True)
    for member in four:
        assert await granted(db, member.lin) == {*MECHANISMS, *SHARES}
    for stranger in (world.foreign.dispatcher, world.chief):  # above sees by being above, not by the memorandum
        assert await granted(db, stranger) == set()


async def test_it_grants_exactly_what_it_says_for_as_long_as_it_says(
    as_: As, db: Database, world: World, worker: Worker
) -> None:
    today = beijing_today()
    begins, ends = today + timedelta(days=2), today + timedelta(days=4)
    said = {"mechanisms": ["clue_referral"], "shares": ["border_list"], "from_on": str(begins), "until_on": str(ends)}
    memorandum = await in_force(as_, world.east, world.south, **said)
    assert memorandum["state"] == "in_force"
    assert memorandum["holds"] is False  # signed, and its term has not begun
    for day in range(7):
        on = today + timedelta(days=day)
        expected = {"clue_referral", "border_list"} if begins <= on <= ends else set()
        assert await granted(db, world.south.leader) == expected, on
        await worker.keep_timetable(now() + timedelta(days=day))
        await a_day_goes_by(db)
    shown = await as_(world.east.leader).get(f"/memoranda/{memorandum['id']}")
    assert shown["state"] == "expired"


async def test_whoever_signs_names_the_text_he_read(as_: As, world: World, worker: Worker) -> None:
    memorandum = await offered(as_, world.east, world.south)
    desk, south = as_(world.east.dispatcher), as_(world.south.leader)
    path = f"/memoranda/{memorandum['id']}"
    await sign(as_, memorandum, world.east)
    await desk.post(f"{path}/revise")
    changed = terms(world.east, world.south, goals="示例：改了一个字")
    await put(desk, path, changed)
    again = await desk.post(f"{path}/offer")
    await worker.drain()
    told = [one["name"] for one in await south.get("/ledger", subject_id=memorandum["id"])]
    assert "MemorandumRewritten" in told  # what one is asked to sign was changed, and by whom
    assert again["text_digest"] != memorandum["text_digest"]
    assert [one["signed_at"] for one in again["members"]] == [None, None]  # what was signed of the other text is void
    with refused("alliances.text_changed", 409):
        await south.post(f"{path}/sign", {"text_digest": memorandum["text_digest"]})
    assert (await sign(as_, again, world.south, world.east))["state"] == "in_force"
    with refused("alliances.wrong_state", 409):
        await south.post(f"{path}/sign", {"text_digest": again["text_digest"]})


async def put(seat: Seat, path: str, body: Body) -> Body:
    answer = await seat.ask("PUT", path, json=body)
    if answer.status_code >= 400:
        raise Refusal(answer)
    return answer.json()  # type: ignore[no-any-return]


async def test_who_may_draft_sign_and_leave(as_: As, world: World) -> None:
    east, south, west = world.east, world.south, world.west
    with refused("access.verb_missing", 403):
        await as_(east.lin).post("/memoranda", terms(east, south))
    with refused("alliances.not_concerned", 403):
        await as_(west.dispatcher).post("/memoranda", terms(east, south))
    by_centre = await as_(world.joint).post("/memoranda", terms(east, south))  # over both, a member of neither
    path = f"/memoranda/{by_centre['id']}"
    with refused("access.way_missing", 403):  # a member does not change what the centre wrote
        await as_(south.dispatcher).post(f"{path}/offer")
    text_digest = (await as_(world.joint).post(f"{path}/offer"))["text_digest"]
    with refused("access.verb_missing", 403):
        await as_(east.dispatcher).post(f"{path}/sign", {"text_digest": text_digest})
    with refused("alliances.not_a_member", 403):
        await as_(world.chief).post(f"{path}/sign", {"text_digest": text_digest})
    assert "sign" in (await as_(east.leader).get(path))["verbs"]
    await as_(east.leader).post(f"{path}/sign", {"text_digest": text_digest})
    assert "sign" not in (await as_(east.leader).get(path))["verbs"]
    with refused("alliances.signed_already", 409):
        await as_(east.leader).post(f"{path}/sign", {"text_digest": text_digest})
    with refused("kernel.not_found", 404):
        await as_(west.leader).get(path)


@pytest.mark.parametrize(
    ("wrong", "code", "status"),
    [
        ({"member_ids": 1}, "alliances.too_few_members", 422),
        ({"member_ids": ["00000000-0000-7000-8000-000000000000"] * 2}, "alliances.too_few_members", 422),
        ({"until_on": "2020-01-01", "from_on": "2020-01-02"}, "alliances.term_reversed", 422),
        ({"mechanisms": ["decide_for_others"]}, "kernel.invalid_input", 422),
        ({"band_m": 0}, "kernel.invalid_input", 422),
        ({"replaces_id": "00000000-0000-7000-8000-000000000000"}, "alliances.nothing_to_replace", 409),
    ],
)
async def test_what_no_memorandum_can_say(as_: As, world: World, wrong: Body, code: str, status: int) -> None:
    if wrong.get("member_ids") == 1:
        wrong = {"member_ids": [str(world.east.agency_id)]}
    with refused(code, status):
        await as_(world.east.dispatcher).post("/memoranda", terms(world.east, world.south) | wrong)


async def test_a_member_that_leaves_is_granted_nothing_and_the_others_go_on(
    as_: As, db: Database, world: World
) -> None:
    east, south, west = world.east, world.south, world.west
    memorandum = await in_force(as_, east, south, west)
    path = f"/memoranda/{memorandum['id']}"
    after = await as_(south.leader).post(f"{path}/leave", {"reason": "示例：机构调整"})
    assert after["state"] == "in_force"
    assert await granted(db, south.lin) == set()
    assert await granted(db, west.lin) == {*MECHANISMS, *SHARES}
    with refused("alliances.not_a_member", 403):
        await as_(south.leader).post(f"{path}/leave", {"reason": "再次"})
    ended = await as_(west.leader).post(f"{path}/leave", {"reason": "示例"})
    assert ended["state"] == "ended"
    assert await granted(db, east.lin) == await granted(db, west.lin) == set()


async def test_each_member_sees_before_signing_what_changes(as_: As, db: Database, world: World) -> None:
    """One that replaces another: what is new, kept and lost, and to a newcomer nothing of what others had."""
    east, south, west = world.east, world.south, world.west
    former = await in_force(as_, east, south, mechanisms=["contact", "clue_referral"], shares=["border_list"])
    newer = await offered(
        as_, east, south, west, mechanisms=["clue_referral", "joint_operation"], shares=[], replaces_id=former["id"]
    )
    seen = {one["area_code"]: one for one in await as_(south.leader).get(f"/memoranda/{newer['id']}/preview")}
    changes = {one["what"]: one["change"] for one in seen[south.area_code]["granted"]}
    assert changes == {"clue_referral": "kept", "joint_operation": "gained", "contact": "lost", "border_list": "lost"}
    assert {one["change"] for one in seen[west.area_code]["granted"]} == {"gained"}
    by_newcomer = {one["area_code"]: one for one in await as_(west.leader).get(f"/memoranda/{newer['id']}/preview")}
    assert {one["change"] for one in by_newcomer[west.area_code]["granted"]} == {"gained"}
    assert {one["change"] for one in by_newcomer[east.area_code]["granted"]} == {None}
    assert "contact" not in str(by_newcomer)
    await sign(as_, newer, east, south, west)
    assert await granted(db, south.lin) == {"clue_referral", "joint_operation"}  # what it promised
    assert (await as_(east.leader).get(f"/memoranda/{former['id']}"))["holds"] is False


async def test_every_verb_in_every_state(as_: As, db: Database, world: World) -> None:
    memorandum = await offered(as_, world.east, world.south)
    path, text_digest = f"/memoranda/{memorandum['id']}", memorandum["text_digest"]
    desk, leader = as_(world.east.dispatcher), as_(world.east.leader)
    asked = {
        "offer": (desk, {}), "revise": (desk, {}), "discard": (desk, {"reason": "示例"}),
        "sign": (leader, {"text_digest": text_digest}), "leave": (leader, {"reason": "示例"}),
    }  # fmt: skip
    for state, verb, after in MEMORANDUM_STATES.pairs():
        if verb not in asked or after is not None:
            continue
        forced = "UPDATE memorandum SET state = :state, text_digest = :digest WHERE id = :id"
        said = {"state": state.value, "digest": None if state == "draft" else text_digest, "id": memorandum["id"]}
        async with db.transaction(Role.worker) as session:
            await session.execute(text(forced), said)
        seat, body = asked[verb]
        with refused("alliances.wrong_state", 409):
            await seat.post(f"{path}/{verb}", body)
