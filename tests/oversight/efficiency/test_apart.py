"""What is counted on its own: problems put right on the spot, and visits that help and explain."""

from __future__ import annotations

from typing import Any

import pytest

from liandong.kernel.clock import beijing_today
from tests.conftest import As
from tests.phone import visit
from tests.seat import Body, Seat
from tests.wires.phone.test_site_deeds import noted, put_right, sent
from tests.world import BORDER_POINT, World


async def report(desk: Seat, area: str) -> Body:
    day = str(beijing_today())
    return await desk.get("/efficiency", area_code=area, **{"from": day, "to": day})  # type: ignore[no-any-return]


async def rows(desk: Seat, area: str, figure: str) -> list[Any]:
    day = str(beijing_today())
    query = {"figure": figure, "area_code": area, "from": day, "to": day}
    return list((await desk.get("/efficiency/rows", **query))["items"])


@pytest.mark.parametrize("kind", ["assistance", "outreach"])
async def test_a_visit_that_helps_counts_on_its_own_and_in_no_figure_of_enforcement(
    as_: As, world: World, kind: str
) -> None:
    phone = await sent(as_, world, kind)
    phone.arrive(BORDER_POINT)
    noted(phone, people_count=7)
    phone.submit()
    await phone.did(*phone.outbox)
    desk, area = as_(world.east.dispatcher), world.east.area_code
    shown = await report(desk, area)
    assert (shown["site_visits"]["value"], shown["officer_turnouts"]["value"]) == (0, 0)
    assert shown["activity_index"]["value"] in (0, None)
    assert shown["return_rate"]["value"] is None
    assert shown["people_reached"]["value"] == 7
    own, other = f"{kind}_visits", {"assistance": "outreach_visits", "outreach": "assistance_visits"}[kind]
    assert (shown[own]["value"], shown[other]["value"]) == (1, 0)
    assert await rows(desk, area, "site_visits") == []
    [row] = await rows(desk, area, own)
    assert (row["id"], row["people_count"]) == (phone.inspection_id, 7)
    file = await desk.get(f"/sources/{world.factory}")
    assert (len(file["visits"]), file["visit_count_12m"]) == (1, 0)  # no 行政检查, so it uses up none of the year's


async def test_a_visit_that_enforces_still_counts(as_: As, world: World) -> None:
    desk = as_(world.east.dispatcher)
    task = await desk.draft_task(source_id=str(world.factory))
    await desk.assign(task, world.east.lin, world.east.luo)
    await visit(as_(world.east.lin), task, [world.east.lin, world.east.luo])
    shown = await report(desk, world.east.area_code)
    assert (shown["site_visits"]["value"], shown["officer_turnouts"]["value"]) == (1, 2)
    assert shown["assistance_visits"]["value"] == shown["on_spot_rectified"]["value"] == 0
    assert (await desk.get(f"/sources/{world.factory}"))["visit_count_12m"] == 1


async def test_what_was_put_right_on_the_spot_is_counted_until_the_office_returns_it(as_: As, world: World) -> None:
    phone = await sent(as_, world)
    await put_right(phone)
    await phone.did(*phone.outbox)
    desk, leader, area = as_(world.east.dispatcher), as_(world.east.leader), world.east.area_code
    assert (await report(desk, area))["on_spot_rectified"]["value"] == 1
    [row] = await rows(desk, area, "on_spot_rectified")
    assert (row["problem_id"], row["state"]) == (phone.problem_id, "claimed")
    await leader.return_claim({"id": phone.problem_id})
    assert (await report(desk, area))["on_spot_rectified"]["value"] == 0
    assert await rows(desk, area, "on_spot_rectified") == []


async def test_what_was_closed_still_counts_after_a_relapse(as_: As, world: World) -> None:
    phone = await sent(as_, world)
    await put_right(phone)
    await phone.did(*phone.outbox)
    leader, problem = as_(world.east.leader), {"id": phone.problem_id}
    await leader.close_out(problem)
    proof = await leader.seal(problem, "示例：又堆上了")
    await leader.look_back(problem, "relapsed", proof)
    await leader.order(problem)
    again = await as_(world.east.dispatcher).seal(problem, "示例：再次清理")
    await as_(world.east.dispatcher).claim(problem, again)
    await leader.return_claim(problem)
    assert (await report(leader, world.east.area_code))["on_spot_rectified"]["value"] == 1
