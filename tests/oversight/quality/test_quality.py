"""问题录入质量 and 记录退回率: averages by officer and by agency, and the figures of the efficiency report."""

from __future__ import annotations

from typing import Any

from liandong.kernel.clock import beijing_today
from liandong.kernel.jobs import Worker
from tests.conftest import As
from tests.phone import Phone
from tests.seat import refused
from tests.world import CITY, District, World

GOOD = "示例：11月3日14时20分，1号车间正在喷涂，风机未开启约3小时，有明显异味"


async def visited(as_: As, district: District, description: str | None) -> Phone:
    """A submitted visit at the district's workshop, with one problem if it is described."""
    lin, luo = district.lin, district.luo
    task = await as_(district.dispatcher).draft_task(source_id=str(district.workshop))
    await as_(district.dispatcher).assign(task, lin, luo)
    phone = Phone(as_(lin), task)
    await phone.did(phone.arrive())
    if description:
        await phone.did(phone.find(description=description))
    for officer in (lin, luo):
        content = f"示例签名 {officer.login}".encode()
        await phone.seat.put_file(content)
        await phone.did(phone.sign(content, officer))
    await phone.did(phone.refuse_to_sign(), phone.submit())
    return phone


def days() -> dict[str, str]:
    return {"from": str(beijing_today().replace(day=1)), "to": str(beijing_today())}


def by_name(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in rows}


async def test_averages_and_returns_by_officer_and_agency(world: World, as_: As, worker: Worker) -> None:
    good = await visited(as_, world.east, GOOD)
    bad = await visited(as_, world.east, "示例：脏")
    await visited(as_, world.north, None)
    await worker.drain()
    for _ in range(2):
        comments = {"comments": [{"words": "示例：请写明事实"}]}
        await as_(world.east.leader).post(f"/inspections/{bad.inspection_id}/comments", comments)
    scores = [
        (await as_(world.chief).get(f"/problems/{phone.problem_id}"))["entry_score"]["score"] for phone in (good, bad)
    ]
    assert scores[0] > scores[1]

    report = await as_(world.chief).get("/quality", area_code=CITY, **days())
    average = round(sum(scores) / 2 + 1e-9, 1)
    assert report["whole"] == {"entries": 2, "average": average, "records": 3, "returned": 1, "return_rate": 33.3}
    officers = by_name(report["officers"])
    lin, luo = officers[world.east.lin.name], officers[world.east.luo.name]
    assert (lin["entries"], lin["average"], lin["records"], lin["returned"], lin["return_rate"]) == (
        2,
        average,
        2,
        1,
        50,
    )
    assert (luo["entries"], luo["average"], luo["records"], luo["return_rate"]) == (0, None, 2, 50)
    agencies = by_name(report["agencies"])
    assert (agencies["东区分局"]["entries"], agencies["东区分局"]["records"], agencies["东区分局"]["return_rate"]) == (
        2,
        2,
        50,
    )
    assert (agencies["北区分局"]["average"], agencies["北区分局"]["return_rate"]) == (None, 0)
    costs = {row["rule"]: row for row in report["rules"]}
    assert costs["evidence.attached"] == {"rule": "evidence.attached", "times": 2, "points": 24.0}
    assert costs["fact.time"]["times"] == 1

    north = await as_(world.north.leader).get("/quality", area_code=world.north.area_code, **days())
    assert north["whole"] == {"entries": 0, "average": None, "records": 1, "returned": 0, "return_rate": 0}
    figures = await as_(world.chief).get("/efficiency", area_code=CITY, **days())
    assert figures["entry_quality"]["value"] == average
    assert figures["return_rate"]["value"] == 33.3
    for figure, rows in (("return_rate", 3), ("entry_quality", 2)):
        behind = await as_(world.chief).get("/efficiency/rows", figure=figure, area_code=CITY, **days())
        assert behind["total"] == rows


async def test_a_neighbour_is_not_answered_and_nothing_is_no_figure(world: World, as_: As) -> None:
    with refused("access.other_area", 403):
        await as_(world.north.leader).get("/quality", area_code=world.east.area_code, **days())
    report = await as_(world.east.leader).get("/quality", area_code=world.east.area_code, **days())
    assert report["whole"] == {"entries": 0, "average": None, "records": 0, "returned": 0, "return_rate": None}
    assert (report["officers"], report["rules"]) == ([], [])
