"""出发前准备: the pack of a task holds the checklists of its source and matter, and answers may be given to them."""

from __future__ import annotations

from liandong.kernel.db import Database, Role
from liandong.registers.sources.tables import Source
from tests.conftest import As
from tests.phone import Phone
from tests.world import World


async def test_a_pack_offers_what_fits_and_carries_the_rest(db: Database, world: World, as_: As) -> None:
    async with db.transaction(Role.worker) as session:
        factory = await session.get_one(Source, world.factory)
        factory.industry_code = "2614"
    desk, lin, luo = as_(world.east.dispatcher), world.east.lin, world.east.luo
    task = await desk.draft_task(source_id=str(world.factory), matters=["air"])
    await desk.assign(task, lin, luo)
    pack = await as_(lin).get(f"/tasks/{task['id']}/pack")
    offered = [one["key"] for one in pack["checklists"]]
    others = [one["key"] for one in pack["other_checklists"]]
    assert offered[:2] == ["voc", "air"]
    assert {"water", "permit", "construction"} <= set(offered)
    assert {"farm", "site", "catering", "noise"} <= set(others)
    assert not set(offered) & set(others)
    assert sum(rule["weight"] for rule in pack["entry_quality"]["rules"]) == 100
    everything = await as_(lin).get("/checklists")
    assert sorted(offered + others) == sorted(one["key"] for one in everything)


async def test_answers_are_given_to_lists_for_a_kind_of_source(world: World, as_: As) -> None:
    desk, lin, luo = as_(world.east.dispatcher), world.east.lin, world.east.luo
    task = await desk.draft_task(source_id=str(world.factory))
    await desk.assign(task, lin, luo)
    phone = Phone(as_(lin), task)
    phone.arrive()
    phone.answer("voc", "voc.collected", "no")
    phone.answer("air", "voc.ledger_kept", "yes")  # a phone that knows elements only
    phone.answer("site", "site.noise_plan", "yes")  # not offered, but found on site
    await phone.did(*phone.outbox)
    unknown = phone.answer("water", "voc.collected", "yes")
    receipts = await phone.send([unknown])
    assert receipts[0]["problem"]["code"] == "inspections.item_unknown"
    record = await as_(lin).get(f"/inspections/{phone.inspection_id}")
    given = {(one["element"], one["item_key"]) for one in record["answers"]}
    assert given == {("voc", "voc.collected"), ("voc", "voc.ledger_kept"), ("site", "site.noise_plan")}
