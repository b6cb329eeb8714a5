"""补正: a returned record is added to by those who made the visit, never changed, and handed in again."""

from __future__ import annotations

from datetime import timedelta

from liandong.kernel.clock import beijing_today
from tests.conftest import As
from tests.phone import Phone, visit
from tests.seat import Body, refused
from tests.world import World


async def returned(as_: As, world: World) -> tuple[Phone, str]:
    """Lin and Luo made a visit, and the leader sent its record back."""
    desk = as_(world.east.dispatcher)
    task = await desk.draft_task(source_id=str(world.factory))
    await desk.assign(task, world.east.lin, world.east.luo)
    phone = await visit(as_(world.east.lin), task, [world.east.lin, world.east.luo])
    phone.outbox.clear()
    return phone, await send_back(as_, world, phone)


async def send_back(as_: As, world: World, phone: Phone) -> str:
    body = {"comments": [{"words": "示例：请补充废气走向", "about": "air.facility_running"}]}
    returned = await as_(world.east.leader).post(f"/inspections/{phone.inspection_id}/comments", body)
    return str(returned["id"])


async def said(phone: Phone, deed: Body) -> str:
    """With which code the deed was refused."""
    [receipt] = await phone.send([deed])
    assert receipt["outcome"] == "refused", receipt
    return str(receipt["problem"]["code"])


async def record_of(as_: As, world: World, phone: Phone) -> Body:
    found: Body = await as_(world.east.dispatcher).get(f"/inspections/{phone.inspection_id}")
    return found


async def return_rate(as_: As, world: World) -> tuple[int, int]:
    """How many records were returned, of how many."""
    day = beijing_today()
    period = {"from": str(day - timedelta(days=1)), "to": str(day), "area_code": world.east.area_code}
    whole = (await as_(world.east.leader).get("/quality", **period))["whole"]
    return whole["returned"], whole["records"]


async def test_what_is_added_stands_beside_what_was_signed(as_: As, world: World) -> None:
    phone, return_id = await returned(as_, world)
    before = await record_of(as_, world, phone)
    assert before["state"] == "returned"
    amended = phone.amend(return_id)
    await phone.did(amended, phone.hand_in_again(return_id, [amended]))
    after = await record_of(as_, world, phone)
    assert after["state"] == "submitted"
    for untouched in ("answers", "signatures", "conclusion", "submitted_at", "ended_at", "returns"):
        assert after[untouched] == before[untouched]
    [amendment, again] = after["entries"]
    assert amendment["content"] == {
        "return_id": return_id, "about": "air.facility_running", "words": "示例：废气经15米排气筒排放",
        "reason": "示例：现场漏记",
    }  # fmt: skip
    assert (amendment["author_name"], again["kind"]) == (world.east.lin.name, "resubmit_inspection")


async def test_the_officers_see_the_task_again_until_it_is_handed_in_again(as_: As, world: World) -> None:
    phone, return_id = await returned(as_, world)

    async def _mine() -> list[str]:
        return [task["id"] for task in (await as_(world.east.luo).get("/tasks", mine=True))["items"]]

    assert await _mine() == [phone.task_id]
    colleague = Phone(as_(world.east.luo), phone.task_id)
    colleague.inspection_id = phone.inspection_id
    await colleague.did(colleague.amend(return_id))  # either of the two may
    await phone.did(phone.hand_in_again(return_id))
    assert await _mine() == []


async def test_nothing_else_is_added_to_a_returned_record(as_: As, world: World) -> None:
    phone, return_id = await returned(as_, world)
    assert await said(phone, phone.hand_in_again(return_id)) == "inspections.nothing_amended"
    assert await said(phone, phone.amend("01900000-0000-7000-8000-000000000001")) == "inspections.return_unknown"
    assert await said(phone, phone.answer("air", "air.facility_running", "yes")) == "inspections.wrong_state"
    assert await said(phone, phone.particulars(production="示例")) == "inspections.wrong_state"
    assert await said(phone, phone.submit()) == "inspections.wrong_state"


async def test_a_record_that_did_not_come_back_takes_no_amendment(as_: As, world: World) -> None:
    phone, return_id = await returned(as_, world)
    await phone.did(phone.amend(return_id), phone.hand_in_again(return_id))
    assert await said(phone, phone.amend(return_id)) == "dispatch.reported_already"


async def test_a_record_returned_twice_is_amended_twice_and_counts_once(as_: As, world: World) -> None:
    phone, first = await returned(as_, world)
    assert await return_rate(as_, world) == (1, 1)
    await phone.did(phone.amend(first), phone.hand_in_again(first))
    assert await return_rate(as_, world) == (1, 1)  # handing in again does not take it back
    second = await send_back(as_, world, phone)
    assert await said(phone, phone.amend(first)) == "inspections.return_unknown"
    assert (
        await said(phone, phone.hand_in_again(second)) == "inspections.nothing_amended"
    )  # the first round's do not count
    await phone.did(phone.amend(second), phone.hand_in_again(second))
    record = await record_of(as_, world, phone)
    assert (record["state"], len(record["returns"]), len(record["entries"])) == ("submitted", 2, 4)
    assert await return_rate(as_, world) == (1, 1)


async def test_who_did_not_make_the_visit_amends_nothing(as_: As, world: World) -> None:
    phone, return_id = await returned(as_, world)
    stranger = Phone(as_(world.south.lin), phone.task_id)
    stranger.inspection_id = phone.inspection_id
    [receipt] = await stranger.send([stranger.amend(return_id)])
    assert receipt["problem"]["code"] == "kernel.not_found"
    with refused("access.verb_missing", 403):
        await as_(world.east.lin).post(
            f"/inspections/{phone.inspection_id}/comments", {"comments": [{"words": "示例"}]}
        )
