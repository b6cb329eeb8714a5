"""A problem's score is kept with it, when it is found and again when its evidence arrives."""

from __future__ import annotations

from liandong.kernel.jobs import Worker
from tests.conftest import As
from tests.phone import Phone
from tests.world import BORDER_POINT, World

PICTURE = "示例图片".encode()
FACTS = "示例：11月3日14时20分检查时，1号车间正在喷涂，风机未开启约3小时，车间门口有明显异味"


async def begun(as_: As, world: World) -> Phone:
    """Two officers stand at the factory."""
    desk, lin, luo = as_(world.east.dispatcher), world.east.lin, world.east.luo
    task = await desk.draft_task(source_id=str(world.factory))
    await desk.assign(task, lin, luo)
    phone = Phone(as_(lin), task)
    await phone.did(phone.arrive(BORDER_POINT))
    return phone


async def test_the_score_is_there_once_it_is_found_and_rises_with_the_evidence(
    world: World, as_: As, worker: Worker
) -> None:
    phone = await begun(as_, world)
    found = phone.find(description=FACTS, requirement="示例：立即开启治理设施并提交记录", rectify_by_on="2099-01-01")
    await phone.did(found)
    shown = await phone.seat.get(f"/problems/{phone.problem_id}")
    assert shown["entry_score"] is None
    await worker.drain()
    first = (await phone.seat.get(f"/problems/{phone.problem_id}"))["entry_score"]
    assert [loss["rule"] for loss in first["lost"]] == ["evidence.attached"]
    assert (first["score"], first["rules_version"], first["recorder_name"]) == (88, 1, world.east.lin.name)
    assert first["lost"][0]["why_zh"] == "这个问题只有 0 份证据，建议至少 2 份（全景和细部）"

    await phone.seat.put_file(PICTURE)
    photo = phone.photograph(PICTURE, "照片", problem_id=phone.problem_id)
    elsewhere = phone.photograph(PICTURE, "示例：厂区全景")
    await phone.did(photo, elsewhere)
    await worker.drain()
    second = (await phone.seat.get(f"/problems/{phone.problem_id}"))["entry_score"]
    assert {loss["rule"]: loss["points"] for loss in second["lost"]} == {
        "evidence.attached": 6,
        "evidence.purposeful": 7,
    }
    assert second["score"] == 87


async def test_a_pasted_text_loses_points_and_scoring_twice_changes_nothing(
    world: World, as_: As, worker: Worker
) -> None:
    phone = await begun(as_, world)
    await phone.did(phone.find(description=FACTS))
    again = Phone(phone.seat, phone.task_id, phone.clock)
    again.inspection_id = phone.inspection_id
    await again.did(again.find(description=FACTS + "。"))
    await worker.drain()
    first = (await phone.seat.get(f"/problems/{phone.problem_id}"))["entry_score"]
    second = (await phone.seat.get(f"/problems/{again.problem_id}"))["entry_score"]
    assert "description.own_words" not in {loss["rule"] for loss in first["lost"]}
    assert "description.own_words" in {loss["rule"] for loss in second["lost"]}
    await worker.drain()
    assert (await phone.seat.get(f"/problems/{again.problem_id}"))["entry_score"] == second


async def test_a_problem_far_from_its_source_says_how_far(world: World, as_: As, worker: Worker) -> None:
    desk, lin, luo = as_(world.east.dispatcher), world.east.lin, world.east.luo
    task = await desk.draft_task(source_id=str(world.factory))
    await desk.assign(task, lin, luo)
    phone = Phone(as_(lin), task)
    await phone.did(phone.arrive((BORDER_POINT[0], BORDER_POINT[1] + 0.01)), phone.find(description=FACTS))
    await worker.drain()
    score = (await as_(lin).get(f"/problems/{phone.problem_id}"))["entry_score"]
    (far,) = [loss for loss in score["lost"] if loss["rule"] == "position.near"]
    assert far["why_zh"].startswith("记录位置距污染源 11")
    assert far["points"] == 4
