"""现场检查（勘察）笔录 of a visit, through the door: what was recorded stands in it, what was not says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from liandong.demo.phone import sample_picture
from liandong.kernel.db import Database, Role
from liandong.means.documents.words import minute
from liandong.registers.sources.tables import Source
from tests.conftest import As
from tests.means.documents.papers import pages
from tests.phone import Phone
from tests.seat import PICTURE, Body, Seat, refused
from tests.wires.phone.test_site_deeds import recorded, sampled, sent
from tests.world import BORDER_POINT, Person, World

STARTS = datetime(2026, 3, 5, 6, 0, tzinfo=UTC)


def path(phone: Phone) -> str:
    return f"/inspections/{phone.inspection_id}/documents/inspection_record.pdf"


async def record(seat: Seat, phone: Phone) -> bytes:
    answer = await seat.ask("GET", path(phone))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    return answer.content


async def begin(as_: As, world: World) -> Phone:
    """Two officers, one of them from the south, are at the factory."""
    desk = as_(world.east.dispatcher)
    task = await desk.draft_task(source_id=str(world.factory), mode="joint")
    task = await desk.assign(task, world.east.lin, world.south.luo)
    phone = Phone(as_(world.south.luo), task, STARTS)
    phone.accept()
    phone.arrive((BORDER_POINT[0] + 0.001, BORDER_POINT[1]))
    phone.answer("air", "air.facility_running", "no")
    phone.find(description="示例：治理设施停运（现场王𬭎喆）")
    return phone


async def sign(phone: Phone, officers: Sequence[Person]) -> list[Body]:
    deeds = []
    for place, officer in enumerate(officers):
        drawn = sample_picture(place, 200, 60)
        await phone.seat.put_file(drawn)
        deeds.append(phone.sign(drawn, officer))
    return deeds


async def test_what_was_recorded_stands_in_it(as_: As, world: World, db: Database) -> None:
    async with db.transaction(Role.worker) as session:
        source = await session.get_one(Source, world.factory)
        source.address, source.uscc, source.permit_class = "示例路1号", "91370100MA3CMJ5X4T", "key"
    phone = await begin(as_, world)
    await phone.seat.put_file(PICTURE)
    phone.photograph(PICTURE, "示例：证明治理设施停运", caption="风机未运转")
    await sign(phone, [world.east.lin, world.south.luo])
    phone.refuse_to_sign()
    phone.submit()
    await phone.did(*phone.outbox)
    text = "".join(pages(await record(as_(world.east.dispatcher), phone)))
    ended = minute(phone.clock)
    assert f"检查（勘察）时间：2026年3月5日14时01分至{ended}" in text
    assert "被检查（勘察）单位：示例边界化工厂统一社会信用代码：91370100MA3CMJ5X4T单位地址：示例路1号" in text
    assert "现场定位：东经117.00100°、北纬36.60000°，误差约8米，距污染源登记位置约" in text
    for officer in (world.east.lin, world.south.luo):
        assert f"{officer.name}执法证号：示例{officer.login}" in text
    assert "法定代表人（负责人）：未记录现场负责人：示例厂长年龄：未记录" in text
    assert "治理设施停运（现场王𬭎喆）" in text
    assert "管理类别：重点管理" in text
    assert "证明对象：示例：证明治理设施停运；内容说明：风机未运转；拍摄时间：2026年3月5日14时" in text
    assert "示例厂长于2026年3月5日14时" in text
    assert "拒绝签名，理由：示例：不在场" in text
    assert "（五）采样情况：未记录" in text
    assert "草稿" not in text


async def test_it_is_a_draft_until_the_visit_is_submitted_and_then_stays_the_same(as_: As, world: World) -> None:
    phone, desk = await begin(as_, world), as_(world.east.dispatcher)
    await phone.did(*phone.outbox)
    draft = pages(await record(desk, phone))
    assert all("草稿" in page and page.count("签名：未签名") == 3 for page in draft)
    deeds = [*await sign(phone, [world.east.lin, world.south.luo]), phone.refuse_to_sign(), phone.submit()]
    await phone.did(*deeds)
    final = await record(desk, phone)
    await desk.order({"id": phone.problem_id})
    assert await record(desk, phone) == final
    assert await record(as_(world.east.lin), phone) == final


async def test_a_signature_given_anew_takes_the_place_of_the_old_one(as_: As, world: World) -> None:
    phone = await begin(as_, world)
    phone.refuse_to_sign()
    drawn = sample_picture(7, 200, 60)
    await phone.seat.put_file(drawn)
    phone.sign(drawn)
    await phone.did(*phone.outbox)
    text = "".join(pages(await record(phone.seat, phone)))
    assert "拒绝签名情况：无" in text
    assert "示例厂长于2026年3月5日14时03分签名" in text


async def test_a_visit_out_of_sight_has_no_record(as_: As, world: World) -> None:
    phone = await begin(as_, world)
    await phone.did(*phone.outbox)
    for stranger in (world.west.dispatcher, world.foreign.leader):
        with refused("kernel.not_found", 404):
            await as_(stranger).get(path(phone))


async def test_a_character_without_a_shape_is_named(as_: As, world: World) -> None:
    phone = await begin(as_, world)
    phone.find(description="示例\U0010fffd", problem_id="01900000-0000-7000-8000-00000000000a")
    await phone.did(*phone.outbox)
    with refused("documents.glyph_missing", 409) as caught:
        await phone.seat.get(path(phone))
    assert "U+10FFFD" in caught[0].body["title"]


async def test_recordings_and_samples_stand_among_its_attachments(as_: As, world: World) -> None:
    phone = await begin(as_, world)
    voice = await phone.seat.put_file("示例录音".encode(), "audio/webm")
    sheet = await phone.seat.put_file(PICTURE)
    recorded(phone, voice, "voice_note", length_s=12)
    recorded(phone, sheet, "sketch", caption="示例：排口在北侧")
    sampled(phone, party_present="示例厂长")
    await phone.did(*phone.outbox)
    shown = "".join(pages(await record(phone.seat, phone)))
    assert "录音（12秒）" in shown
    assert "勘察示意图" in shown
    for words in ("采样介质：废水", "样品编号：示例-01", "保存剂：硫酸", "在场当事人：示例厂长"):
        assert words in shown


async def test_a_visit_that_helps_has_no_such_paper(as_: As, world: World) -> None:
    phone = await sent(as_, world, "assistance")
    await phone.did(phone.arrive(BORDER_POINT))
    answer = await phone.seat.ask("GET", path(phone))
    assert (answer.status_code, answer.json()["code"]) == (409, "inspections.support_visit")
