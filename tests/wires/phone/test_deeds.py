"""The phone's wire: what becomes of each deed, whatever the order, however often, and whatever is wrong with it."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select

from liandong.kernel import canonical
from liandong.kernel.db import Database, Role
from liandong.wires.phone.frame import true_digest
from liandong.wires.phone.tables import Deed
from tests.conftest import As
from tests.phone import Phone
from tests.seat import PICTURE, Body, assert_words, digest, refused
from tests.world import BORDER_POINT, World

SIGNED = "示例签名".encode()


@pytest.fixture
async def phone(as_: As, world: World) -> Phone:
    """The phone of an officer of the south, sent to the factory in the east together with one of the east."""
    desk = as_(world.east.dispatcher)
    task = await desk.draft_task(source_id=str(world.factory), mode="joint")
    await desk.assign(task, world.east.lin, world.south.luo)
    return Phone(as_(world.south.luo), task)


async def one(phone: Phone, deed: Body) -> Body:
    [receipt] = await phone.send([deed])
    return receipt


async def code(phone: Phone, deed: Body, outcome: str = "refused") -> str:
    """The code with which a deed comes back."""
    receipt = await one(phone, deed)
    assert receipt["outcome"] == outcome, receipt
    assert_words(receipt["problem"])
    return str(receipt["problem"]["code"])


async def kept(db: Database, deed: Body) -> dict[str, str]:
    """The outcomes kept under an id, by digest."""
    async with db.transaction(Role.worker) as session:
        rows = (await session.scalars(select(Deed).where(Deed.id == deed["id"]))).all()
    return {row.digest: row.outcome for row in rows}


def resealed(deed: Body, **changes: Any) -> Body:
    """The same id with other content, truly sealed."""
    changed = {**deed, **changes}
    return {**changed, "digest": true_digest(changed)}


# --- again, otherwise, too early -------------------------------------------------------------------------------------


async def test_a_deed_again_is_a_success_and_is_done_once(phone: Phone, db: Database) -> None:
    deed = phone.accept()
    together = await phone.send([deed, deed])
    assert [receipt["outcome"] for receipt in together] == ["accepted", "repeated"]
    assert (await one(phone, deed))["outcome"] == "repeated"
    assert await kept(db, deed) == {deed["digest"]: "accepted"}
    timeline = await phone.seat.get("/ledger", subject_id=phone.task_id)
    assert [entry["name"] for entry in timeline].count("TaskAccepted") == 1


async def test_other_content_under_the_same_id_is_a_conflict_kept_beside_the_first(phone: Phone, db: Database) -> None:
    await phone.did(phone.arrive(), first := phone.answer("air", "air.no_bypass", "yes"))
    other = resealed(first, payload={**first["payload"], "answer": "no"})
    assert await code(phone, other, "conflict") == "deeds.conflict"
    assert await kept(db, first) == {first["digest"]: "accepted", other["digest"]: "conflict"}
    assert await answers(phone) == {"air.no_bypass": "yes"}  # the first one stands
    assert (await one(phone, first))["outcome"] == "repeated"
    assert (await one(phone, other))["outcome"] == "conflict"
    assert (await kept(db, first))[first["digest"]] == "accepted"
    follows = phone.answer("air", "air.within_limit", "yes", needs=[first])
    assert (await one(phone, follows))["outcome"] == "accepted"  # what rests on the first still does


async def test_a_conflict_within_one_batch_goes_to_the_first_of_the_clock(phone: Phone) -> None:
    first = phone.accept()
    other = resealed(first, lon=117.0, lat=36.6)
    receipts = await phone.send([first, other, other, first])
    assert [receipt["outcome"] for receipt in receipts] == ["accepted", "conflict", "conflict", "repeated"]


async def test_the_same_outbox_sent_twice_at_once_is_done_once(phone: Phone, db: Database) -> None:
    """A phone that lost its signal sends again while the first request is still under way."""
    phone.accept()
    arrived = phone.arrive()
    phone.answer("air", "air.no_bypass", "no", needs=[arrived])
    found = phone.find(needs=[arrived])
    both = await asyncio.gather(*(phone.send() for _ in range(3)))
    for receipts in zip(*both, strict=True):
        outcomes = sorted(receipt["outcome"] for receipt in receipts)
        assert outcomes == ["accepted", "repeated", "repeated"], receipts
    for deed in phone.outbox:
        assert await kept(db, deed) == {deed["digest"]: "accepted"}
    await phone.did(phone.answer("air", "air.within_limit", "yes", needs=[arrived, found]))


async def answers(phone: Phone) -> dict[str, str]:
    record = await phone.seat.get(f"/inspections/{phone.inspection_id}")
    return {given["item_key"]: given["answer"] for given in record["answers"]}


async def test_a_deed_without_its_forerunner_waits_and_is_done_later(phone: Phone, db: Database) -> None:
    arrived = phone.arrive()
    answered = phone.answer("air", "air.no_bypass", "no", needs=[arrived])
    assert await code(phone, answered, "waiting") == "deeds.forerunner_missing"
    assert await kept(db, answered) == {answered["digest"]: "waiting"}
    await phone.did(arrived, answered)
    assert await kept(db, answered) == {answered["digest"]: "accepted"}


async def test_a_forerunner_that_was_refused_holds_back_what_rests_on_it(phone: Phone, world: World) -> None:
    alone = phone.arrive(officer_ids=[str(world.south.luo.officer)])
    answered = phone.answer("air", "air.no_bypass", "no", needs=[alone])
    receipts = await phone.send([answered, alone])
    assert [receipt["outcome"] for receipt in receipts] == ["waiting", "refused"]


async def test_a_deed_that_is_refused_loses_none_of_the_others(phone: Phone) -> None:
    deeds = [
        phone.arrive(),
        phone.answer("air", "air.no_such_item", "no"),
        phone.answer("air", "air.no_bypass", "no"),
        phone.find(basis_key="nothing.known"),
        phone.answer("water", "water.no_bypass", "no"),
        phone.answer("air", "air.within_limit", "yes"),
    ]
    wanted = ["accepted", "refused", "accepted", "refused"]
    receipts = await phone.send(deeds)
    outcomes = [receipt["outcome"] for receipt in receipts]
    assert outcomes[:4] == wanted
    assert outcomes[5] == "accepted"
    assert {"air.no_bypass": "no", "air.within_limit": "yes"}.items() <= (await answers(phone)).items()
    timeline = await phone.seat.get("/ledger", subject_id=phone.inspection_id)
    told = [int(count) for entry in timeline for count in re.findall(r"判定 (\d+) 项", entry["words"])]
    assert sum(told) == outcomes.count("accepted") - 1


async def test_the_answer_of_the_later_clock_stands_in_whichever_order_they_come(phone: Phone) -> None:
    await phone.did(phone.arrive())
    earlier = phone.answer("air", "air.no_bypass", "no")
    later = phone.answer("air", "air.no_bypass", "yes")
    await phone.did(later)
    await phone.did(earlier)
    assert await answers(phone) == {"air.no_bypass": "yes"}


# --- what cannot be read ---------------------------------------------------------------------------------------------


async def test_a_false_digest_is_refused_and_not_kept(phone: Phone, db: Database) -> None:
    deed = {**phone.accept(), "digest": "0" * 64}
    assert await code(phone, deed) == "deeds.digest_mismatch"
    assert await kept(db, deed) == {}
    altered = {**phone.accept(), "lon": 1.0, "lat": 1.0}
    assert await code(phone, altered) == "deeds.digest_mismatch"


UNREADABLE: dict[str, dict[str, Any]] = {
    "unknown kind": {"kind": "burn_down"},
    "no such place": {"lon": 181.0},
    "a naive time": {"happened_at": "2026-03-01T08:00:00"},
    "no time": {"happened_at": "yesterday"},
    "an id that is none": {"id": "1"},
    "a field nobody knows": {"colour": "red"},
    "a payload that is none": {"payload": []},
    "needs that are none": {"needs": ["1"]},
    "a character that cannot be kept": {"payload": {"note": "a\u0000b"}},
    "a time before time": {"happened_at": "0001-01-01T00:00:00+14:00"},
    "a time after time": {"happened_at": "9999-12-31T23:59:59-12:00"},
}


async def test_what_cannot_be_read_is_refused_alone(phone: Phone) -> None:
    for what, changes in UNREADABLE.items():
        good, bad = phone.accept(), resealed(phone.accept(), **changes)
        receipts = await phone.send([bad, good])
        assert receipts[0]["outcome"] == "refused", what
        assert receipts[0]["problem"]["code"] == "deeds.unreadable", what
        assert_words(receipts[0]["problem"])
        assert receipts[1]["outcome"] == "accepted", what


NOT_CANONICAL = ("NaN", "1e400", '"\\ud800"', "123456789012345678901234567890", '"\\u0000"', "[[[[]]]]")


async def test_json_that_no_canonical_form_has_is_refused_alone(phone: Phone) -> None:
    good = phone.accept()
    strange = json.dumps({**good, "id": good["id"][:-1] + "0", "digest": "1" * 64})
    in_payload, in_digest = '"payload": {', '"digest": "' + "1" * 64 + '"'
    for what in NOT_CANONICAL:
        for put in (
            strange.replace(in_payload, f'{in_payload}"x": {what}'),
            strange.replace(in_digest, f'"digest": {what}'),
        ):
            body = f'{{"deeds": [{put}, {json.dumps(good)}]}}'
            headers = {"Content-Type": "application/json"}
            answer = await phone.seat.ask("POST", "/deeds", content=body, headers=headers)
            assert answer.status_code == 200, (put, answer.text)
            first, second = answer.json()["receipts"]
            assert first["outcome"] == "refused", put
            assert second["outcome"] in ("accepted", "repeated"), put


async def test_an_empty_batch_and_one_that_is_too_long(phone: Phone) -> None:
    assert await phone.send([]) == []
    deed = phone.accept()
    with refused("kernel.invalid_input", 422):
        await phone.send([deed] * 501)


# --- receipts --------------------------------------------------------------------------------------------------------


async def test_receipts_come_in_the_order_sent_and_anybody_can_check_them(phone: Phone) -> None:
    await phone.seat.put_file(SIGNED)
    deeds = [phone.sign(SIGNED), phone.arrive(), {"id": "nonsense"}, phone.accept(), phone.submit()]
    key = (await phone.seat.get("/deeds/key"))["public_key"]
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
    receipts = await phone.send(deeds)
    nil = "00000000-0000-0000-0000-000000000000"
    assert [receipt["deed_id"] for receipt in receipts] == [deed["id"] if "kind" in deed else nil for deed in deeds]
    for deed, receipt in zip(deeds, receipts, strict=True):
        assert receipt["digest"] == deed.get("digest", "")
        said = canonical.canonical_bytes({name: receipt[name] for name in receipt if name != "signature"})
        public.verify(bytes.fromhex(receipt["signature"]), said)
        forged = said.replace(b'"refused"', b'"accepted"').replace(b'"waiting"', b'"accepted"')
        if forged != said:
            with pytest.raises(InvalidSignature):
                public.verify(bytes.fromhex(receipt["signature"]), forged)


# --- the rules of a visit --------------------------------------------------------------------------------------------


async def test_one_officer_is_not_enough_and_only_those_sent_count(phone: Phone, world: World) -> None:
    one_of_two = phone.arrive(officer_ids=[str(world.south.luo.officer)])
    assert await code(phone, one_of_two) == "inspections.two_officers_required"
    twice = phone.arrive(officer_ids=[str(world.south.luo.officer)] * 2)
    assert await code(phone, twice) == "inspections.two_officers_required"
    stranger = phone.arrive(officer_ids=[str(world.south.luo.officer), str(world.west.lin.officer)])
    assert await code(phone, stranger) == "inspections.officer_not_sent"
    assert (await one(phone, phone.arrive()))["outcome"] == "accepted"


async def test_a_certificate_must_be_valid_on_the_day_of_the_visit(phone: Phone) -> None:
    """The day is the device's: a visit of long ago is judged by what was valid then."""
    before_any = Phone(phone.seat, phone.task_id, starts_at=datetime(2019, 6, 1, tzinfo=UTC))
    receipt = await one(before_any, before_any.arrive())
    assert receipt["problem"]["code"] == "officers.certificate_expired"
    assert_words(receipt["problem"])


async def test_a_second_arrival_does_not_begin_a_second_visit(phone: Phone) -> None:
    await phone.did(phone.arrive())
    again = Phone(phone.seat, phone.task_id)
    assert await code(again, again.arrive()) == "dispatch.wrong_state"


async def test_a_photo_waits_for_its_file_and_its_file_must_be_itself(phone: Phone) -> None:
    await phone.did(phone.arrive())
    photo = phone.photograph(PICTURE, "示例：烟囱")
    assert await code(phone, photo, "waiting") == "evidence.file_missing"
    with refused("evidence.digest_mismatch", 422):
        await phone.seat.put_file(PICTURE + b"touched up", sha256=digest(PICTURE))
    assert await code(phone, photo, "waiting") == "evidence.file_missing"
    await phone.seat.put_file(PICTURE)
    assert (await one(phone, photo))["outcome"] == "accepted"
    sealed = await phone.seat.get(f"/evidence/{photo['id']}")
    assert (sealed["sha256"], sealed["size"]) == (digest(PICTURE), len(PICTURE))
    file = await phone.seat.ask("GET", f"/evidence/{photo['id']}/file")
    assert file.content == PICTURE


async def test_a_record_needs_two_officers_and_the_manager(phone: Phone, world: World) -> None:
    await phone.seat.put_file(SIGNED)
    await phone.did(phone.arrive(), phone.sign(SIGNED, world.south.luo))
    assert await code(phone, phone.submit()) == "inspections.signatures_missing"
    await phone.did(phone.sign(SIGNED, world.south.luo))  # the same hand twice is one hand
    assert await code(phone, phone.submit()) == "inspections.signatures_missing"
    await phone.did(phone.sign(SIGNED, world.east.lin))
    assert await code(phone, phone.submit()) == "inspections.signatures_missing"
    silent = phone.sign(SIGNED, is_refused=True, refusal_reason=None)
    assert await code(phone, silent) == "inspections.refusal_without_reason"
    stranger = phone.sign(SIGNED, world.west.lin)
    assert await code(phone, stranger) == "inspections.officer_not_present"
    unsigned = phone.sign(b"never sent")
    assert await code(phone, unsigned, "waiting") == "evidence.file_missing"
    await phone.did(phone.refuse_to_sign(), phone.submit())


async def test_a_visit_does_not_end_before_it_began(phone: Phone) -> None:
    await phone.did(arrived := phone.arrive())
    said = {"inspection_id": phone.inspection_id, "conclusion": "示例"}
    early = phone.note("submit_inspection", ended_at=before(arrived), **said)
    assert await code(phone, early) == "inspections.ends_before_arrival"
    for no_instant in ("2026-03-01T08:00:00", "0001-01-01T00:00:00+14:00", "tomorrow"):
        nowhere = phone.note("submit_inspection", ended_at=no_instant, **said)
        assert await code(phone, nowhere) in ("deeds.unreadable", "inspections.ends_before_arrival")


def before(deed: Body) -> str:
    return (datetime.fromisoformat(deed["happened_at"]) - timedelta(seconds=1)).isoformat()


async def test_a_problem_rests_on_a_basis_of_its_own_element(phone: Phone) -> None:
    await phone.did(phone.arrive())
    assert await code(phone, phone.find(basis_key="water.no_permit")) == "problems.basis_of_other_element"
    assert await code(phone, phone.find(basis_key="nothing.known")) == "law.basis_unknown"
    assert await code(phone, phone.find(rectify_by_on="2000-01-01")) == "problems.deadline_before_finding"
    assert await code(phone, phone.find(severity="terrible")) == "deeds.unreadable"
    await phone.did(phone.find())
    assert await code(phone, phone.find()) == "deeds.already_there"  # another deed, the same problem id


async def test_after_the_record_is_in_nothing_more_is_written(phone: Phone, as_: As, world: World) -> None:
    await phone.seat.put_file(SIGNED)
    await phone.did(phone.arrive(), phone.sign(SIGNED, world.south.luo), phone.sign(SIGNED, world.east.lin))
    await phone.did(phone.sign(SIGNED), phone.submit())
    late = Phone(as_(world.east.lin), phone.task_id)
    late.inspection_id = phone.inspection_id
    for deed in (late.answer("air", "air.no_bypass", "no"), late.find(), late.sign(SIGNED), late.submit()):
        assert await code(late, deed) == "dispatch.reported_already"
    assert await code(phone, phone.submit()) == "dispatch.reported_already"  # told, though the sight of it has ended
    assert (await phone.seat.ask("GET", f"/tasks/{phone.task_id}")).status_code == 404


async def test_a_phone_without_signal_learns_why_its_task_is_no_longer_its_own(
    phone: Phone, as_: As, world: World
) -> None:
    desk, told = as_(world.joint), "示例：重复派发"
    await desk.assign(phone.task_id, world.east.lin, world.east.luo)
    assert await code(phone, phone.accept()) == "dispatch.given_to_others"
    await desk.post(f"/tasks/{phone.task_id}/cancel", {"reason": told})
    [receipt] = await phone.send([phone.arrive()])
    assert receipt["problem"]["code"] == "dispatch.cancelled_meanwhile"
    assert told in receipt["problem"]["title"]
    never_sent = Phone(as_(world.foreign.lin), phone.task_id)
    assert await code(never_sent, never_sent.accept()) == "kernel.not_found"


async def test_the_distance_to_the_source_is_measured(phone: Phone) -> None:
    await phone.did(phone.arrive((BORDER_POINT[0], BORDER_POINT[1] + 0.01)))
    record = await phone.seat.get(f"/inspections/{phone.inspection_id}")
    assert record["distance_m"] == pytest.approx(1111.95, abs=2.0)
    assert record["accuracy_m"] == 8.0
