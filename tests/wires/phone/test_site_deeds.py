"""What is recorded and put right on site: on the spot, recordings, samples, and visits that only help or explain."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.conftest import As
from tests.phone import Phone
from tests.seat import PICTURE, Body, assert_words, refused
from tests.world import BORDER_POINT, World

BEFORE, AFTER = PICTURE + "整改前".encode(), PICTURE + "整改后".encode()
VOICE = "示例录音".encode()
SAMPLE = {
    "number": "示例-01",
    "point": "总排口",
    "method": "瞬时样",
    "container": "聚乙烯瓶",
    "preservative": "硫酸",
    "quantity": "2 瓶",
}


async def sent(as_: As, world: World, kind: str = "routine") -> Phone:
    """A phone of the east on a task of this kind, with the two officers sent."""
    desk = as_(world.east.dispatcher)
    task = await desk.draft_task(source_id=str(world.factory), kind=kind)
    await desk.assign(task, world.east.lin, world.east.luo)
    return Phone(as_(world.east.lin), task)


async def code(phone: Phone, deed: Body) -> str:
    """The code with which a deed is refused."""
    [receipt] = await phone.send([deed])
    assert receipt["outcome"] == "refused", receipt
    assert_words(receipt["problem"])
    return str(receipt["problem"]["code"])


def rectified(phone: Phone, proofs: list[Body], ordered_at: datetime, **more: Any) -> Body:
    said = {
        "problem_id": phone.problem_id,
        "requirement": "示例：立即清理并盖上",
        "ordered_at": ordered_at.isoformat(),
        "statement": "示例：已当场清理并苫盖",
        "confirmed_by": "示例厂长",
        "evidence_ids": [proof["id"] for proof in proofs],
    }
    return phone.note("rectify_on_spot", proofs, inspection_id=phone.inspection_id, **(said | more))


# --- 边检查、边整治 ---------------------------------------------------------------------------------------------------


async def put_right(phone: Phone) -> Body:
    """Found, photographed, ordered, photographed again and claimed: all in one batch from the phone."""
    for content in (BEFORE, AFTER):
        await phone.seat.put_file(content)
    arrived = phone.arrive(BORDER_POINT)
    found = phone.find([arrived])
    phone.photograph(BEFORE, "示例：整改前", [found], problem_id=phone.problem_id)
    ordered_at = phone.clock
    after = phone.photograph(AFTER, "示例：整改后", [found], problem_id=phone.problem_id)
    return rectified(phone, [after], ordered_at)


async def test_what_is_put_right_on_the_spot_reaches_the_office_as_claimed_with_its_proof(
    as_: As, world: World
) -> None:
    phone = await sent(as_, world)
    deed = await put_right(phone)
    await phone.did(*phone.outbox)
    desk, leader = as_(world.east.dispatcher), as_(world.east.leader)
    problem = await desk.get(f"/problems/{phone.problem_id}")
    assert problem["state"] == "claimed"
    assert [(move["before"], move["verb"], move["after"]) for move in problem["moves"]] == [
        (None, "find", "found"),
        ("found", "order", "ordered"),
        ("ordered", "claim", "claimed"),
    ]
    assert problem["moves"][-1]["evidence_ids"] == [deed["needs"][0]]
    assert problem["on_spot_confirmed_by"] == "示例厂长"
    assert datetime.fromisoformat(problem["on_spot_at"]) == phone.clock
    assert problem["requirement"] == "示例：立即清理并盖上"
    assert datetime.fromisoformat(problem["ordered_at"]) < datetime.fromisoformat(problem["claimed_at"])
    await leader.close_out({"id": phone.problem_id})
    assert (await desk.get(f"/problems/{phone.problem_id}"))["state"] == "closed"


async def test_nothing_is_struck_off_whose_proof_is_still_on_the_phone(as_: As, world: World) -> None:
    phone = await sent(as_, world)
    found = phone.find([phone.arrive(BORDER_POINT)])
    said = {"size": len(AFTER), "media_type": "image/png", "problem_id": phone.problem_id}
    ordered_at = phone.clock
    rectified(phone, [phone.photograph(AFTER, "示例：整改后", [found], **said)], ordered_at)
    await phone.did(*phone.outbox)
    leader = as_(world.east.leader)
    with refused("problems.proof_on_its_way", 409) as caught:
        await leader.close_out({"id": phone.problem_id})
    assert "1" in caught[0].body["title"]
    await phone.seat.put_file(AFTER)
    assert (await leader.close_out({"id": phone.problem_id}))["state"] == "closed"


async def test_who_put_it_right_on_the_spot_never_closes_it(as_: As, world: World) -> None:
    """Not the officer: the power is the office's. The same batch again changes nothing."""
    phone = await sent(as_, world)
    await put_right(phone)
    await phone.did(*phone.outbox)
    with refused("access.verb_missing", 403):
        await phone.seat.close_out({"id": phone.problem_id})
    again = await phone.send()
    assert {receipt["outcome"] for receipt in again} == {"repeated"}
    moves = (await phone.seat.get(f"/problems/{phone.problem_id}"))["moves"]
    assert [move["verb"] for move in moves] == ["find", "order", "claim"]


async def test_it_waits_for_the_photo_that_shows_it_and_is_done_in_order(as_: As, world: World) -> None:
    phone = await sent(as_, world)
    deed = await put_right(phone)
    [receipt] = await phone.send([deed])
    assert (receipt["outcome"], receipt["problem"]["code"]) == ("waiting", "deeds.forerunner_missing")
    await phone.did(*reversed(phone.outbox))


async def test_a_photo_from_before_the_order_proves_nothing(as_: As, world: World) -> None:
    phone = await sent(as_, world)
    await phone.seat.put_file(BEFORE)
    found = phone.find([phone.arrive(BORDER_POINT)])
    before = phone.photograph(BEFORE, "示例：整改前", [found], problem_id=phone.problem_id)
    await phone.did(*phone.outbox)
    late = rectified(phone, [before], phone.clock + timedelta(seconds=5))
    assert await code(phone, late) == "problems.evidence_too_old"
    problem = await phone.seat.get(f"/problems/{phone.problem_id}")
    assert (problem["state"], len(problem["moves"])) == ("found", 1)  # refused whole: no order is left behind


async def test_times_out_of_order_are_refused(as_: As, world: World) -> None:
    phone = await sent(as_, world)
    await phone.seat.put_file(AFTER)
    found = phone.find([phone.arrive(BORDER_POINT)])
    after = phone.photograph(AFTER, "示例：整改后", [found], problem_id=phone.problem_id)
    await phone.did(*phone.outbox)
    early = datetime.fromisoformat(found["happened_at"]) - timedelta(seconds=1)
    assert await code(phone, rectified(phone, [after], early)) == "problems.on_spot_out_of_order"
    assert await code(phone, rectified(phone, [after], phone.clock + timedelta(hours=1))) == (
        "problems.on_spot_out_of_order"
    )


async def test_the_problem_of_another_visit_is_not_put_right_here(as_: As, world: World) -> None:
    first, second = await sent(as_, world), await sent(as_, world)
    await put_right(first)
    await first.did(*first.outbox[:-1])
    await second.did(second.arrive(BORDER_POINT))
    await second.seat.put_file(AFTER)
    photo = second.photograph(AFTER, "示例：整改后", second.outbox)
    await second.did(photo)
    deed = rectified(second, [photo], second.clock, problem_id=first.problem_id)
    assert await code(second, deed) == "kernel.not_found"


# --- 帮扶、普法 -------------------------------------------------------------------------------------------------------


def noted(phone: Phone, **more: Any) -> Body:
    said = {
        "asked": "示例：如何记台账",
        "advice": ["示例：补记活性炭更换", "示例：对照许可证核查"],
        "materials": [{"name": "示例：普法手册", "count": 3}],
        "people_count": 5,
    }
    return phone.note("note_support", phone.outbox[:1], inspection_id=phone.inspection_id, **(said | more))


@pytest.mark.parametrize("kind", ["assistance", "outreach"])
async def test_a_visit_that_helps_is_noted_in_a_short_form_and_needs_no_signatures(
    as_: As, world: World, kind: str
) -> None:
    phone = await sent(as_, world, kind)
    phone.arrive(BORDER_POINT)
    noted(phone, people_count=4)
    noted(phone)
    phone.submit()
    await phone.did(*phone.outbox)
    visit = await as_(world.east.dispatcher).get(f"/inspections/{phone.inspection_id}")
    assert (visit["kind"], visit["state"]) == (kind, "submitted")
    assert visit["support"]["people_count"] == 5
    assert visit["support"]["advice"] == ["示例：补记活性炭更换", "示例：对照许可证核查"]
    assert visit["support"]["materials"] == [{"name": "示例：普法手册", "count": 3}]


async def test_an_earlier_note_does_not_replace_a_later_one(as_: As, world: World) -> None:
    phone = await sent(as_, world, "assistance")
    phone.arrive(BORDER_POINT)
    early, late = noted(phone, people_count=1), noted(phone, people_count=9)
    await phone.did(phone.outbox[0], late)
    await phone.did(early)
    visit = await phone.seat.get(f"/inspections/{phone.inspection_id}")
    assert visit["support"]["people_count"] == 9


@pytest.mark.parametrize("kind", ["assistance", "outreach"])
async def test_a_visit_that_helps_finds_no_problem_and_answers_no_checklist(as_: As, world: World, kind: str) -> None:
    phone = await sent(as_, world, kind)
    await phone.did(phone.arrive(BORDER_POINT))
    assert await code(phone, phone.find()) == "problems.support_visit"
    assert await code(phone, phone.answer("air", "air.no_bypass", "no")) == "inspections.support_visit"
    assert await code(phone, sampled(phone)) == "inspections.support_visit"
    assert (await as_(world.east.dispatcher).get("/problems"))["total"] == 0


async def test_a_visit_that_helps_is_not_over_without_its_note(as_: As, world: World) -> None:
    phone = await sent(as_, world, "outreach")
    await phone.did(phone.arrive(BORDER_POINT))
    assert await code(phone, phone.submit()) == "inspections.support_note_missing"
    assert await code(phone, noted(phone, asked=None, advice=[], materials=[])) == "inspections.support_note_empty"


async def test_a_visit_that_enforces_has_no_such_note_and_still_needs_its_signatures(as_: As, world: World) -> None:
    phone = await sent(as_, world)
    await phone.did(phone.arrive(BORDER_POINT))
    assert await code(phone, noted(phone)) == "inspections.enforcement_visit"
    assert await code(phone, phone.submit()) == "inspections.signatures_missing"


# --- 录像、录音、示意图 -----------------------------------------------------------------------------------------------


def recorded(phone: Phone, content_sha256: str, kind: str, **more: Any) -> Body:
    said = {"sha256": content_sha256, "purpose": "示例：治理设施运行状况", "taken_at": phone.clock.isoformat()}
    return phone.note("add_recording", phone.outbox[:1], inspection_id=phone.inspection_id, kind=kind, **(said | more))


async def test_a_voice_note_and_a_sketch_are_evidence_of_the_visit(as_: As, world: World) -> None:
    phone = await sent(as_, world)
    phone.arrive(BORDER_POINT)
    voice = await phone.seat.put_file(VOICE, "audio/webm")
    sheet = await phone.seat.put_file(PICTURE)
    drawn = {"width": 328, "height": 400, "strokes": [[1, 2, 30, 40]], "stamps": [[10, 20, "outlet"]]}
    recorded(phone, voice, "voice_note", length_s=12)
    recorded(phone, sheet, "sketch", sketch=drawn, caption="示例：排口在北侧")
    await phone.did(*phone.outbox)
    items = (await phone.seat.get(f"/inspections/{phone.inspection_id}"))["photos"]
    assert [(item["kind"], item["details"]) for item in items] == [("voice_note", {"length_s": 12}), ("sketch", drawn)]
    original = await phone.seat.ask("GET", f"/evidence/{items[0]['id']}/file")
    assert original.content == VOICE


@pytest.mark.parametrize(
    ("kind", "media_type", "length_s", "expected"),
    [
        ("voice_note", "audio/webm", 3600, "evidence.kind_too_long"),
        ("video", "video/webm", 63, "evidence.kind_too_long"),
        ("video", "audio/webm", 5, "evidence.kind_media_type"),
        ("sketch", "video/mp4", None, "evidence.kind_media_type"),
    ],
)
async def test_a_recording_beyond_its_limits_is_refused(
    as_: As, world: World, kind: str, media_type: str, length_s: int | None, expected: str
) -> None:
    phone = await sent(as_, world)
    await phone.did(phone.arrive(BORDER_POINT))
    content = await phone.seat.put_file(f"示例 {expected} {kind}".encode(), media_type)
    assert await code(phone, recorded(phone, content, kind, length_s=length_s)) == expected


async def test_a_file_larger_than_its_kind_allows_is_refused(as_: As, world: World) -> None:
    phone = await sent(as_, world)
    await phone.did(phone.arrive(BORDER_POINT))
    large = await phone.seat.put_file(b"\x00" * (5 * 1024 * 1024 + 1))
    assert await code(phone, recorded(phone, large, "sketch")) == "evidence.kind_too_large"


# --- 采样 -----------------------------------------------------------------------------------------------------------


def sampled(phone: Phone, medium: str = "wastewater", said: Any = None, **more: Any) -> Body:
    return phone.note(
        "take_sample", phone.outbox[:1], BORDER_POINT, inspection_id=phone.inspection_id, medium=medium,
        said=SAMPLE if said is None else said, **more,
    )  # fmt: skip


async def test_a_sample_is_on_record_with_who_took_it_and_who_stood_by(as_: As, world: World) -> None:
    phone = await sent(as_, world)
    phone.arrive(BORDER_POINT)
    sampled(phone, party_present="示例厂长", note="示例：水色发黑")
    await phone.did(*phone.outbox)
    [sample] = (await phone.seat.get(f"/inspections/{phone.inspection_id}"))["samples"]
    assert (sample["medium"], sample["said"]) == ("wastewater", SAMPLE)
    assert sample["fields"][0] == {"key": "number", "zh": "样品编号", "en": "Sample number", "value": "示例-01"}
    assert "HJ 91.1" in sample["standard"]
    assert (sample["sampler_name"], sample["party_present"]) == (world.east.lin.name, "示例厂长")
    assert datetime.fromisoformat(sample["sampled_at"]) == phone.clock


@pytest.mark.parametrize(
    ("medium", "said", "expected"),
    [
        ("示例", SAMPLE, "inspections.medium_unknown"),
        ("wastewater", {**SAMPLE, "preservative": " "}, "inspections.sample_incomplete"),
        ("wastewater", {**SAMPLE, "colour": "黑"}, "inspections.sample_incomplete"),
    ],
)
async def test_a_sample_without_what_the_rules_ask_for_is_refused(
    as_: As, world: World, medium: str, said: Body, expected: str
) -> None:
    phone = await sent(as_, world)
    await phone.did(phone.arrive(BORDER_POINT))
    assert await code(phone, sampled(phone, medium, said)) == expected
    assert (await phone.seat.get(f"/inspections/{phone.inspection_id}"))["samples"] == []
