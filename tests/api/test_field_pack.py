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


async def test_a_pack_has_the_permit_as_the_register_has_it_and_says_what_it_lacks(
    db: Database, world: World, as_: As
) -> None:
    desk, lin, luo = as_(world.east.dispatcher), world.east.lin, world.east.luo
    task = await desk.draft_task(source_id=str(world.factory))
    await desk.assign(task, lin, luo)
    permit = (await as_(lin).get(f"/tasks/{task['id']}/pack"))["permit"]
    assert permit["valid_until"] is None
    assert {"valid_until", "matters"} <= set(permit["gaps"])
    async with db.transaction(Role.worker) as session:
        factory = await session.get_one(Source, world.factory)
        factory.permit_code = "示例许可证001"
        factory.extra = {"许可证有效期至": "2028-01-31", "排污口数量": "2", "联系人": "示例"}
    permit = (await as_(lin).get(f"/tasks/{task['id']}/pack"))["permit"]
    assert (permit["code"], permit["valid_until"], permit["gaps"]) == ("示例许可证001", "2028-01-31", [])
    assert permit["matters"] == {"许可证有效期至": "2028-01-31", "排污口数量": "2"}


async def test_a_pack_has_every_provision_its_bases_rest_on_with_source_and_date(world: World, as_: As) -> None:
    desk, lin, luo = as_(world.east.dispatcher), world.east.lin, world.east.luo
    task = await desk.draft_task(source_id=str(world.factory))
    await desk.assign(task, lin, luo)
    pack = await as_(lin).get(f"/tasks/{task['id']}/pack")
    texts = {one["key"]: one for one in pack["law_texts"]}
    assert {key for basis in pack["problem_bases"] for key in basis["provisions"]} == set(texts)
    assert all(one["gist"] and one["source"] and one["valid_from"] for one in texts.values())
    rules = pack["site_records"]
    assert {kind["key"] for kind in rules["kinds"]} >= {"photo", "video", "voice_note", "sketch"}


async def test_a_pack_has_a_map_of_what_lies_around_as_far_as_one_may_see_it(
    db: Database, world: World, as_: As
) -> None:
    """The factory stands at the border: the officer of the east sees the east's sources, the neighbours' only as borders."""
    async with db.transaction(Role.worker) as session:
        factory = await session.get_one(Source, world.factory)
        lon, lat = factory.lon, factory.lat
        assert lon is not None and lat is not None
        near_by = await session.get_one(Source, world.east.workshop)
        near_by.lon, near_by.lat = lon + 0.01, lat  # some nine hundred metres to the east
        next_door = await session.get_one(Source, world.south.workshop)
        next_door.lon, next_door.lat = lon, lat - 0.005
    desk, lin, luo = as_(world.east.dispatcher), world.east.lin, world.east.luo
    task = await desk.draft_task(source_id=str(world.factory))
    await desk.assign(task, lin, luo)
    around = (await as_(lin).get(f"/tasks/{task['id']}/pack"))["surroundings"]
    found = {one["id"]: one for one in around["sources"]}
    assert set(found) == {str(world.factory), str(world.east.workshop)}
    assert 850 < found[str(world.east.workshop)]["distance_m"] < 950
    assert found[str(world.east.workshop)]["bearing_deg"] == 90
    assert found[str(world.factory)]["distance_m"] == 0
    assert len(around["outlines"]) >= 2  # more than one district's border crosses the sheet
    assert around["district"]["type"] in ("Polygon", "MultiPolygon")
