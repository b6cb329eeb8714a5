"""Every kind of deed, sent by somebody whose task it is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from liandong.kernel.db import Database, Role
from liandong.wires.phone.frame import OF_NO_TASK, Kind
from liandong.wires.phone.tables import Deed
from liandong.work.inspections.tables import Inspection
from tests.access.scene import SIGNED, Scene
from tests.conftest import As
from tests.phone import Phone
from tests.seat import PICTURE, Body, assert_words, digest
from tests.world import World

SOMEBODY = "01900000-0000-7000-8000-000000000001"
DEEDS: dict[str, Callable[[Phone], Body]] = {
    "accept_task": lambda phone: phone.accept(),
    "arrive_on_site": lambda phone: phone.arrive(),
    "answer_item": lambda phone: phone.answer("air", "air.facility_running", "yes"),
    "add_photo": lambda phone: phone.photograph(PICTURE, "示例"),
    "find_problem": lambda phone: phone.find(),
    "rectify_on_spot": lambda phone: phone.note(
        "rectify_on_spot",
        inspection_id=phone.inspection_id,
        problem_id=phone.problem_id,
        requirement="示例",
        ordered_at=phone.clock.isoformat(),
        statement="示例",
        confirmed_by="示例",
        evidence_ids=[phone.problem_id],
    ),
    "add_recording": lambda phone: phone.note(
        "add_recording",
        inspection_id=phone.inspection_id,
        kind="sketch",
        sha256=digest(PICTURE),
        purpose="示例",
        taken_at=phone.clock.isoformat(),
    ),
    "take_sample": lambda phone: phone.note(
        "take_sample", inspection_id=phone.inspection_id, medium="wastewater", said={}
    ),
    "note_support": lambda phone: phone.note(
        "note_support", inspection_id=phone.inspection_id, asked="示例", people_count=1
    ),
    "sign_inspection": lambda phone: phone.sign(SIGNED),
    "submit_inspection": lambda phone: phone.submit(),
    "show_certificate": lambda phone: phone.note(
        "show_certificate", inspection_id=phone.inspection_id, officer_ids=[SOMEBODY], answer="silent"
    ),
    "record_particulars": lambda phone: phone.particulars(production="示例"),
    "record_interview": lambda phone: phone.note(
        "record_interview",
        inspection_id=phone.inspection_id,
        interview_id=SOMEBODY,
        officer_ids=[SOMEBODY],
        person={"name": "示例"},
        questions=[],
        began_at=phone.clock.isoformat(),
        ended_at=phone.clock.isoformat(),
    ),
    "amend_record": lambda phone: phone.amend(SOMEBODY),
    "resubmit_inspection": lambda phone: phone.hand_in_again(SOMEBODY),
}


def test_every_kind_of_deed_is_tried() -> None:
    """What hangs from no task has its own tests: tests/work/referrals."""
    assert set(DEEDS) == set(Kind.__args__) - OF_NO_TASK  # type: ignore[attr-defined]


async def everything_else(db: Database) -> tuple[int, ...]:
    async with db.transaction(Role.worker) as session:
        tables = (Inspection, Deed)
        return tuple([(await session.execute(select(func.count()).select_from(one))).scalar_one() for one in tables])


@pytest.mark.parametrize("who", ["neighbour", "foreign", "colleague", "desk"])
async def test_nobody_else_does_the_work_of_those_who_were_sent(
    as_: As, db: Database, world: World, scene: Scene, who: str
) -> None:
    person, code = {
        "neighbour": (world.south.lin, "kernel.not_found"),
        "foreign": (world.foreign.lin, "kernel.not_found"),
        "colleague": (world.east.luo, "access.way_missing"),  # sees the task at home, but was not sent
        "desk": (world.east.dispatcher, "access.verb_missing"),
    }[who]
    phone = Phone(as_(person), scene.task)
    phone.inspection_id = scene.inspection
    visits = (await everything_else(db))[0]
    for kind, act in DEEDS.items():
        [receipt] = await phone.send([act(phone)])
        assert receipt["outcome"] == "refused", kind
        assert receipt["problem"]["code"] == code, kind
        assert_words(receipt["problem"])
    assert await everything_else(db) == (visits, 6 + len(DEEDS))  # nothing was done, and every refused deed is kept


async def test_a_deed_cannot_reach_a_visit_of_another_task(as_: As, world: World, scene: Scene) -> None:
    """Its own task opens the door; the visit it names must belong to that task."""
    task = await as_(world.joint).draft_task(area_code=world.south.area_code)
    await as_(world.joint).assign(task, world.south.luo, world.east.lin)
    phone = Phone(as_(world.south.luo), task)
    phone.inspection_id = scene.inspection
    [receipt] = await phone.send([phone.submit()])
    assert receipt["problem"]["code"] == "kernel.not_found"


async def test_an_id_that_somebody_else_used_harms_neither(as_: As, db: Database, world: World, scene: Scene) -> None:
    """Two officers may share a phone, and ids are made by phones: a deed belongs to whoever signs in and sends it."""
    mine = Phone(as_(world.south.luo), scene.task)
    [first] = await mine.send([mine.accept()])
    answered = await mine.send([mine.photograph(PICTURE, "示例：同一张照片")])
    assert (first["outcome"], answered[0]["outcome"]) == ("accepted", "refused")  # not a visit of this phone's
    hers = await as_(world.east.lin).post("/deeds", {"deeds": mine.outbox})
    assert [receipt["outcome"] for receipt in hers["receipts"]] == ["accepted", "refused"]
    assert [receipt["outcome"] for receipt in await mine.send()] == ["repeated", "refused"]
    strange = await as_(world.foreign.lin).post("/deeds", {"deeds": mine.outbox})
    assert {receipt["problem"]["code"] for receipt in strange["receipts"]} == {"kernel.not_found"}
