"""A phone's raw outbox from a file: the same intake, idempotent, and what is damaged is named while the rest goes in."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from liandong.kernel.db import Database, Role
from liandong.wires.phone.frame import true_digest
from liandong.wires.phone.take_in import take_in_outbox
from tests.conftest import As
from tests.phone import Phone
from tests.seat import PICTURE, Body, Seat, digest, refused
from tests.world import Person, World


async def a_visit(as_: As, world: World) -> tuple[Phone, dict[str, bytes]]:
    """A whole visit that no server has heard of, and its files."""
    desk = as_(world.east.dispatcher)
    task = await desk.draft_task(source_id=str(world.east.workshop))
    await desk.assign(task, world.east.lin, world.east.luo)
    phone = Phone(as_(world.east.lin), task)
    contents = [PICTURE + f"示例{number}".encode() for number in range(4)]
    arrival = phone.arrive()
    problem = phone.find([arrival])
    phone.photograph(contents[0], "示例：证明", [arrival, problem], problem_id=phone.problem_id)
    phone.photograph(contents[1], "示例：位置", [arrival])
    phone.sign(contents[2], world.east.lin, [arrival])
    phone.sign(contents[3], world.east.luo, [arrival])
    phone.refuse_to_sign([arrival])
    phone.submit(phone.outbox[:])
    return phone, {digest(content): content for content in contents}


def outbox(person: Person, deeds: list[Body], files: dict[str, bytes], receipts: list[Body] | None = None) -> bytes:
    """The file as the field app writes it."""
    rows = [
        {"id": deed["id"], "account_id": str(person.account_id), "kind": deed["kind"], "state": "kept", "deed": deed}
        for deed in deeds
    ]
    kept = [
        {"sha256": name, "bytes": base64.b64encode(content).decode(), "size": len(content), "media_type": "image/png"}
        for name, content in files.items()
    ]
    heard = [{"deed_id": one["deed_id"], "receipt": one} for one in receipts or []]
    head = {"format": "liandong.outbox/1", "exported_at": "2026-03-01T00:00:00.000Z", "device_id": "示例手机"}
    return json.dumps(
        head | {"deeds": rows, "receipts": heard, "drafts": [], "files": kept}, ensure_ascii=False
    ).encode()


async def hand_in(seat: Seat, data: bytes) -> Body:
    return dict(await seat.post_file("/imports/outbox", data))


async def test_a_visit_from_a_file_is_a_visit_and_the_file_again_changes_nothing(as_: As, world: World) -> None:
    phone, files = await a_visit(as_, world)
    data, desk = outbox(world.east.lin, phone.outbox, files), as_(world.east.dispatcher)
    first = await hand_in(desk, data)
    assert first["counts"] == {"accepted": len(phone.outbox), "damaged": 0}
    assert first["files"] == len(files)
    record = await desk.get(f"/inspections/{phone.inspection_id}")
    assert record["state"] == "submitted"
    assert {photo["taker_name"] for photo in record["photos"]} == {world.east.lin.name}  # not the dispatcher's
    again = await hand_in(desk, data)
    assert again["counts"] == {"already_there": len(phone.outbox), "damaged": 0}
    assert {receipt["outcome"] for receipt in await phone.send()} == {"repeated"}  # the phone comes back after all


async def test_it_is_on_the_ledger_who_took_it_in(as_: As, world: World, db: Database) -> None:
    phone, files = await a_visit(as_, world)
    await hand_in(as_(world.east.dispatcher), outbox(world.east.lin, phone.outbox, files))
    asked = text("SELECT author_name, payload FROM ledger_fact WHERE name = 'OutboxImported'")
    async with db.transaction(Role.worker) as session:
        [(author, payload)] = (await session.execute(asked)).all()
    assert author == world.east.dispatcher.name
    assert payload["counts"]["accepted"] == len(phone.outbox)


async def test_what_was_in_already_is_told_apart_from_what_is_new(as_: As, world: World) -> None:
    phone, files = await a_visit(as_, world)
    receipts = await phone.send(phone.outbox[:2])
    report = await hand_in(as_(world.east.dispatcher), outbox(world.east.lin, phone.outbox, files, receipts))
    assert report["counts"] == {"accepted": len(phone.outbox) - 2, "already_there": 2, "damaged": 0}


async def test_refusals_and_conflicts_come_back_with_their_code(as_: As, world: World) -> None:
    phone, files = await a_visit(as_, world)
    wrong = phone.note(
        "answer_item", inspection_id=phone.inspection_id, element="noise", item_key="no.such", answer="yes"
    )
    await phone.send(phone.outbox[:1])
    other = Phone(phone.seat, phone.task_id)
    changed = {**other.arrive(), "id": phone.outbox[0]["id"]}
    changed["digest"] = true_digest({name: value for name, value in changed.items() if name != "digest"})
    report = await hand_in(as_(world.east.dispatcher), outbox(world.east.lin, [changed, wrong], files))
    assert {line["outcome"]: line["problem"]["code"] for line in report["deeds"]} == {
        "conflict": "deeds.conflict", "refused": "inspections.item_unknown",
    }  # fmt: skip


Harm = Callable[[str, Phone, list[str]], str]


def change_a_deed(data: str, phone: Phone, files: list[str]) -> str:
    return data.replace("示例：位置", "示例：别处")


def change_a_photo(data: str, phone: Phone, files: list[str]) -> str:
    start = data.index('"bytes": "') + 40
    return data[:start] + ("A" if data[start] != "A" else "B") + data[start + 1 :]


def cut_off_the_end(data: str, phone: Phone, files: list[str]) -> str:
    return data[: data.rindex(files[-1]) + 90]


def lose_a_brace(data: str, phone: Phone, files: list[str]) -> str:
    at = data.index(f'"id": "{phone.outbox[3]["id"]}"')
    return data[: at - 1] + data[at:]


@pytest.mark.parametrize(
    ("harm", "named", "lost"),
    [
        (change_a_deed, "add_photo", {3}),
        (change_a_photo, "file ", {2}),
        (cut_off_the_end, "files @", {5}),
        (lose_a_brace, "deeds @", {3}),
    ],
)
async def test_what_is_damaged_is_named_and_the_rest_goes_in(
    as_: As, world: World, harm: Harm, named: str, lost: set[int]
) -> None:
    phone, files = await a_visit(as_, world)
    data = harm(outbox(world.east.lin, phone.outbox, files).decode(), phone, list(files)).encode()
    report = await hand_in(as_(world.east.dispatcher), data)
    assert len(report["damaged"]) == 1, report["damaged"]
    assert report["damaged"][0]["what"].startswith(named)
    done = {line["deed_id"] for line in report["deeds"] if line["outcome"] == "accepted"}
    last = len(phone.outbox) - 1  # the record cannot be handed in before what it rests on
    assert done == {deed["id"] for number, deed in enumerate(phone.outbox) if number not in lost | {last}}


async def test_a_receipt_that_is_not_ours_is_named(as_: As, world: World) -> None:
    phone, files = await a_visit(as_, world)
    [receipt] = await phone.send(phone.outbox[:1])
    forged = receipt | {"outcome": "refused"}
    report = await hand_in(as_(world.east.dispatcher), outbox(world.east.lin, phone.outbox, files, [forged]))
    assert [one["code"] for one in report["damaged"]] == ["deeds.signature_wrong"]


async def test_what_the_officer_gave_up_stays_given_up(as_: As, world: World) -> None:
    phone, files = await a_visit(as_, world)
    data = json.loads(outbox(world.east.lin, phone.outbox, files))
    data["deeds"][3]["state"] = "set_aside"
    data["deeds"][-1]["state"] = "mended"
    report = await hand_in(as_(world.east.dispatcher), json.dumps(data).encode())
    assert report["counts"] == {"accepted": len(phone.outbox) - 2, "set_aside": 2, "damaged": 0}


async def test_only_the_officers_own_agency_takes_it_in(as_: As, world: World, db: Database) -> None:
    phone, files = await a_visit(as_, world)
    data = outbox(world.east.lin, phone.outbox, files)
    report = await hand_in(as_(world.south.dispatcher), data)
    assert {line["problem"]["code"] for line in report["deeds"]} == {"deeds.other_agency"}
    assert report["counts"] == {"refused": len(phone.outbox), "damaged": 0}
    for person in (world.east.lin, world.auditor):
        with refused("access.verb_missing", 403):
            await as_(person).post_file("/imports/outbox", data)
    assert (await take_in_outbox(db, data, None)).counts["accepted"] == len(phone.outbox)  # whoever has the machine


@pytest.mark.parametrize("data", [b"", b"{}", b"\xff\xfe", b'{"format": "liandong.outbox/2"}', b"[1, 2"])
async def test_another_file_is_refused(as_: As, world: World, data: bytes) -> None:
    with refused("deeds.not_an_outbox", 422):
        await as_(world.east.dispatcher).post_file("/imports/outbox", data)


def unknown_account(rows: dict[str, Any]) -> None:
    for row in rows["deeds"]:
        row["account_id"] = "nobody"


async def test_deeds_of_nobody_are_not_done(as_: As, world: World) -> None:
    phone, files = await a_visit(as_, world)
    rows = json.loads(outbox(world.east.lin, phone.outbox, files))
    unknown_account(rows)
    report = await hand_in(as_(world.east.dispatcher), json.dumps(rows).encode())
    assert {line["problem"]["code"] for line in report["deeds"]} == {"deeds.account_unknown"}
