"""调查询问笔录, and what the form of the 现场检查笔录 asks beside the checklists: from the phone onto the paper."""

from __future__ import annotations

import pytest

from liandong.demo.phone import sample_picture
from tests.conftest import As
from tests.means.documents.papers import pages
from tests.phone import Phone
from tests.seat import Body, refused
from tests.world import Person, World

INTERVIEW = "01900000-0000-7000-8000-0000000000aa"


async def on_site(as_: As, world: World) -> Phone:
    """Lin and Luo are at the factory."""
    desk = as_(world.east.dispatcher)
    task = await desk.draft_task(source_id=str(world.factory))
    await desk.assign(task, world.east.lin, world.east.luo)
    phone = Phone(as_(world.east.lin), task)
    await phone.did(phone.arrive())
    return phone


async def drawn(phone: Phone, seed: int) -> bytes:
    content = sample_picture(seed, 200, 60)
    await phone.seat.put_file(content)
    return content


async def text_of(phone: Phone, path: str) -> str:
    answer = await phone.seat.ask("GET", f"/inspections/{phone.inspection_id}{path}")
    assert answer.status_code == 200, answer.text
    return "".join(pages(answer.content))


async def refusal(phone: Phone, deed: Body) -> str:
    [receipt] = await phone.send([deed])
    assert receipt["outcome"] == "refused", receipt
    return str(receipt["problem"]["code"])


async def test_what_was_asked_and_answered_stands_in_it(as_: As, world: World) -> None:
    phone, team = await on_site(as_, world), (world.east.lin, world.east.luo)
    person = {"name": "示例班长", "sex": "female", "age": 41, "relation": "直接责任人"}
    await phone.did(
        phone.interview(*team, interview_id=INTERVIEW, person=person, place="示例会议室", badge="看清楚了",
                        rights="不申请回避", recorder_id=str(world.east.luo.officer)),
    )  # fmt: skip
    path = f"/interviews/{INTERVIEW}/interview_record.pdf"
    draft = await text_of(phone, path)
    for words in ("示例班长", "性别：女", "年龄：41", "与本案关系：直接责任人", "询问地点：示例会议室", "看清楚了"):
        assert words in draft
    assert "何时停运？" in draft
    assert "三月一日起。" in draft
    assert f"记录人：{world.east.luo.name}" in draft
    assert "住址：未记录" in draft
    assert "签名：未签名" in draft
    assert "草稿" in draft


async def test_a_correction_stands_beside_what_was_said_first_and_all_three_sign(as_: As, world: World) -> None:
    phone, team = await on_site(as_, world), (world.east.lin, world.east.luo)
    corrections = [{"was": "三月一日起", "now": "三月二日起"}]
    await phone.did(
        phone.interview(*team, interview_id=INTERVIEW),
        phone.interview(*team, interview_id=INTERVIEW, corrections=corrections),
    )
    for place, officer in enumerate(team):
        content = await drawn(phone, place)
        await phone.did(phone.sign(content, officer, interview_id=INTERVIEW, pages_seen=2))
    asked = {"signer": "interviewee", "signer_name": "示例班长", "interview_id": INTERVIEW, "pages_seen": 2}
    await phone.did(phone.sign(await drawn(phone, 5), **asked))
    text = await text_of(phone, f"/interviews/{INTERVIEW}/interview_record.pdf")
    assert "示例：三月一日起。" in text
    assert "原记为“三月一日起”，更正为：三月二日起" in text
    assert "示例班长逐页核对2页，于" in text
    assert "未签名" not in text
    record = await phone.seat.get(f"/inspections/{phone.inspection_id}")
    assert [one["kind"] for one in record["entries"]] == ["record_interview", "record_interview"]  # the first stays
    seen = await phone.seat.get(f"/inspections/{phone.inspection_id}/interviews/{INTERVIEW}/pages")
    assert len(seen["pages"]) >= 1


async def test_who_was_asked_may_refuse_to_sign_before_a_witness(as_: As, world: World) -> None:
    phone = await on_site(as_, world)
    await phone.did(
        phone.interview(world.east.lin, world.east.luo, interview_id=INTERVIEW),
        phone.refuse_to_sign(signer="interviewee", interview_id=INTERVIEW, witness="示例村委会张某"),
    )
    text = await text_of(phone, f"/interviews/{INTERVIEW}/interview_record.pdf")
    assert "拒绝签名，理由：示例：不在场；见证人：示例村委会张某" in text


async def test_asking_takes_two_officers_who_are_there(as_: As, world: World) -> None:
    phone = await on_site(as_, world)
    alone = phone.interview(world.east.lin, interview_id=INTERVIEW)
    assert await refusal(phone, alone) == "inspections.two_officers_required"
    twice = phone.interview(world.east.lin, world.east.lin, interview_id=INTERVIEW)
    assert await refusal(phone, twice) == "inspections.two_officers_required"
    absent = phone.interview(world.east.lin, world.south.luo, interview_id=INTERVIEW)
    assert await refusal(phone, absent) == "inspections.officer_not_present"
    assert await refusal(phone, phone.show(world.south.luo)) == "inspections.officer_not_present"


async def test_a_signature_on_an_interview_is_none_on_the_record(as_: As, world: World) -> None:
    phone, team = await on_site(as_, world), (world.east.lin, world.east.luo)
    unknown = phone.refuse_to_sign(signer="interviewee", interview_id=INTERVIEW)
    assert await refusal(phone, unknown) == "inspections.interview_unknown"
    await phone.did(phone.interview(*team, interview_id=INTERVIEW))
    for place, officer in enumerate(team):
        await phone.did(phone.sign(await drawn(phone, place), officer, interview_id=INTERVIEW))
    await phone.did(phone.refuse_to_sign(signer="interviewee", interview_id=INTERVIEW))
    assert await refusal(phone, phone.submit()) == "inspections.signatures_missing"
    assert await refusal(phone, phone.refuse_to_sign(interview_id=INTERVIEW)) == "inspections.signer_unknown"
    assert await refusal(phone, phone.refuse_to_sign(signer="interviewee")) == "inspections.signer_unknown"


async def test_what_the_form_asks_of_the_party_stands_in_the_record(as_: As, world: World) -> None:
    phone = await on_site(as_, world)
    told = {
        "manager_name": "示例厂长", "manager_age": 45, "manager_post": "示例经理", "manager_phone": "000-0000",
        "manager_relation": "环保负责人", "legal_person": "示例法人", "participants": "示例网格员",
        "rights": "听清楚了，不申请回避", "production": "示例：两条线正常生产", "conclusion": "示例：未发现问题",
        "recorder_id": str(world.east.luo.officer),
    }  # fmt: skip
    await phone.did(
        phone.show(world.east.lin, world.east.luo, answer="disputed", note="示例：要求打电话核实"),
        phone.particulars(production="示例：停产"),
        phone.particulars(**told),
    )
    text = await text_of(phone, "/documents/inspection_record.pdf")
    for words in ("年龄：45", "职务：示例经理", "法定代表人（负责人）：示例法人", "示例网格员", "两条线正常生产",
                  "听清楚了，不申请回避", "当事人提出异议：示例：要求打电话核实", "（七）检查结论：示例：未发现问题"):  # fmt: skip
        assert words in text
    assert f"记录人：{world.east.luo.name}执法证号：示例luo.east" in text
    assert "停产" not in text  # the latest counts
    assert "公民身份号码：未记录" in text


async def test_what_is_handed_in_is_what_was_signed(as_: As, world: World) -> None:
    phone = await on_site(as_, world)
    await phone.did(phone.particulars(conclusion="示例：签字时的结论"))
    for place, officer in enumerate((world.east.lin, world.east.luo)):
        await phone.did(phone.sign(await drawn(phone, place), officer))
    await phone.did(phone.refuse_to_sign(witness="示例见证人"))
    assert await refusal(phone, phone.submit()) == "inspections.conclusion_changed"
    said = {"conclusion": "示例：签字时的结论", "ended_at": phone.clock.isoformat()}
    await phone.did(phone.note("submit_inspection", inspection_id=phone.inspection_id, **said))
    assert "见证人：示例见证人" in await text_of(phone, "/documents/inspection_record.pdf")


@pytest.mark.parametrize("wrong", [
    {"manager_age": 400}, {"manager_name": ""}, {"favourite_colour": "示例"}, {"recorder_id": "示例"},
])  # fmt: skip
async def test_what_the_form_does_not_ask_is_not_taken(as_: As, world: World, wrong: Body) -> None:
    phone = await on_site(as_, world)
    assert await refusal(phone, phone.particulars(**wrong)) == "deeds.unreadable"


async def test_an_interview_that_is_not_there_is_not_found(as_: As, world: World) -> None:
    phone = await on_site(as_, world)
    with refused("kernel.not_found", 404):
        await phone.seat.get(f"/inspections/{phone.inspection_id}/interviews/{INTERVIEW}/interview_record.pdf")
    stranger: Person = world.north.leader
    with refused("kernel.not_found", 404):
        await as_(stranger).get(f"/inspections/{phone.inspection_id}/documents/inspection_record/pages")
