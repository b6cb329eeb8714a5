"""Whatever the order in which deeds and files come in, and however the outbox is cut up, the record is the same."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.conftest import As
from tests.phone import Phone
from tests.seat import Body
from tests.world import World

PHOTO, SIGNED = "示例照片".encode(), "示例签名".encode()
DEEDS = 10


def whole_visit(phone: Phone, world: World) -> list[Body]:
    """A visit in which an answer is taken back, with everything that needs something before it saying so."""
    phone.accept()
    arrived = phone.arrive()
    first = phone.answer("air", "air.no_bypass", "no", [arrived])
    second = phone.answer("air", "air.no_bypass", "yes", [arrived])
    found = phone.find([arrived])
    photo = phone.photograph(PHOTO, "示例", [found], problem_id=phone.problem_id)
    signed = [phone.sign(SIGNED, who, [arrived]) for who in (world.east.lin, world.south.luo)]
    manager = phone.refuse_to_sign([arrived])
    phone.submit([first, second, found, photo, *signed, manager])
    assert len(phone.outbox) == DEEDS
    return phone.outbox


async def record(as_: As, world: World, phone: Phone) -> dict[str, Any]:
    """The record without what differs from visit to visit."""
    desk = as_(world.east.dispatcher)
    visit = await desk.get(f"/inspections/{phone.inspection_id}")
    problem = await desk.get(f"/problems/{phone.problem_id}")
    return {
        "state": visit["state"],
        "task": (await desk.get(f"/tasks/{phone.task_id}"))["state"],
        "answers": [(given["item_key"], given["answer"]) for given in visit["answers"]],
        "signatures": sorted((sign["signer"], sign["is_refused"]) for sign in visit["signatures"]),
        "photos": [photo["sha256"] for photo in visit["photos"]],
        "problem": (problem["state"], problem["element"], [item["sha256"] for item in problem["evidence"]]),
    }


async def send_all(phone: Phone, order: list[int], cuts: set[int], files_at: int) -> None:
    """The outbox has been sent in this order, cut here, with the files somewhere between, until nothing waits."""
    sent = 0
    for batch in batches(order, cuts):
        if sent <= files_at < sent + len(batch):
            await phone.seat.put_file(PHOTO)
            await phone.seat.put_file(SIGNED)
        await phone.send([phone.outbox[place] for place in batch])
        sent += len(batch)
    for _ in range(DEEDS):
        receipts = await phone.send([phone.outbox[place] for place in order])
        outcomes = {receipt["outcome"] for receipt in receipts}
        if "waiting" not in outcomes:
            return
        assert outcomes <= {"waiting", "accepted", "repeated"}, receipts


def batches(order: list[int], cuts: set[int]) -> list[list[int]]:
    edges = [0, *sorted(cuts), len(order)]
    return [order[start:end] for start, end in pairwise(edges) if start < end]


@hypothesis_settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.reuse, Phase.generate],  # to make an example smaller takes longer than to read it
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    order=st.permutations(range(DEEDS)),
    cuts=st.sets(st.integers(1, DEEDS - 1)),
    files_at=st.integers(0, DEEDS - 1),
)
async def test_the_record_is_the_same(as_: As, world: World, order: list[int], cuts: set[int], files_at: int) -> None:
    desk = as_(world.east.dispatcher)
    found = []
    for sending in (order, list(range(DEEDS))):
        task = await desk.draft_task(source_id=str(world.factory))
        await desk.assign(task, world.east.lin, world.south.luo)
        phone = Phone(as_(world.south.luo), task)
        whole_visit(phone, world)
        await send_all(phone, sending, cuts if sending is order else set(), files_at)
        found.append(await record(as_, world, phone))
    assert found[0] == found[1]
    assert (found[1]["state"], found[1]["task"]) == ("submitted", "reported")
