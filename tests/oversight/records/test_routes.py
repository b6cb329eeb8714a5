"""The record over HTTP: for the visit's own area and those above it, and for nobody else."""

from __future__ import annotations

import pytest

from liandong.kernel.jobs import Worker
from liandong.oversight.records.proof.verify import verify
from tests.conftest import As
from tests.oversight.records.conftest import Exported
from tests.phone import visit
from tests.world import World


@pytest.mark.parametrize("who", ["dispatcher.east", "leader.east", "lin.east", "chief", "reviewer"])
async def test_home_and_those_above_take_the_record_out(lived: Exported, world: World, as_: As, who: str) -> None:
    answer = await as_(world.everyone[who]).ask("GET", f"/inspections/{lived.inspection_id}/record.zip")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert lived.number in answer.headers["content-disposition"]
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert verify(answer.content, lived.public_key).findings == []


async def test_who_is_only_sent_there_sees_the_visit_but_not_its_record(world: World, as_: As, worker: Worker) -> None:
    desk, lin = as_(world.joint), as_(world.south.lin)
    task = await desk.draft_task(source_id=str(world.factory), mode="joint")
    await desk.assign(task, world.south.lin, world.east.lin)
    phone = await visit(lin, task, [world.south.lin, world.east.lin])
    await worker.drain()
    task = await desk.draft_task(source_id=str(world.factory), mode="joint")
    await desk.assign(task, world.south.lin, world.east.lin)
    path = f"/inspections/{phone.inspection_id}"
    assert (await lin.ask("GET", path)).status_code == 200, "an earlier visit to the source one is sent to is in sight"
    refusal = await lin.ask("GET", f"{path}/record.zip")
    assert (refusal.status_code, refusal.json()["code"]) == (403, "access.way_missing")
    assert refusal.json()["rule"]["ways_needed"] == ["home", "superior"]


@pytest.mark.parametrize(("who", "status"), [("dispatcher.south", 404), ("leader.foreign", 404), ("auditor", 403)])
async def test_nobody_else_does(lived: Exported, world: World, as_: As, who: str, status: int) -> None:
    answer = await as_(world.everyone[who]).ask("GET", f"/inspections/{lived.inspection_id}/record.zip")
    assert answer.status_code == status
