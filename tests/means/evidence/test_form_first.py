"""A form does not wait for its pictures: sealed first, arrived later, and what needs the bytes says that they are not here."""

from __future__ import annotations

import httpx
from sqlalchemy import select

from liandong.kernel.db import Database, Role
from liandong.kernel.jobs import Worker
from liandong.kernel.ledger import LedgerFact
from liandong.means.evidence.events import EvidenceArrived
from tests.conftest import As
from tests.means.documents.papers import pages
from tests.means.evidence.sender import Sender, receipt_in
from tests.phone import Phone
from tests.seat import PICTURE, Seat, digest, refused
from tests.world import World

PHOTOS = [PICTURE + str(number).encode() for number in range(3)]


async def handed_in(as_: As, world: World) -> Phone:
    """A joint visit in the east is handed in by an officer of the south; its photos are still on the phone."""
    east, south = world.east, world.south
    desk = as_(east.dispatcher)
    task = await desk.draft_task(source_id=str(world.factory), mode="joint")
    task = await desk.assign(task, south.luo, east.lin)
    phone = Phone(as_(south.luo), task)
    drawn = [f"示例签名 {officer.login}".encode() for officer in (south.luo, east.lin)]
    for content in drawn:
        await phone.seat.put_file(content)
    phone.accept()
    phone.arrive()
    photos = [
        phone.photograph(content, "示例：排放口", size=len(content), media_type="image/png") for content in PHOTOS
    ]
    phone.sign(drawn[0], south.luo)
    phone.sign(drawn[1], east.lin)
    phone.refuse_to_sign()
    phone.submit(needs=photos)
    await phone.did(*phone.outbox)
    return phone


async def photos_of(seat: Seat, phone: Phone) -> tuple[int, int]:
    record = await seat.get(f"/inspections/{phone.inspection_id}")
    assert record["state"] == "submitted"
    [listed] = (await seat.get("/inspections"))["items"]
    counts = record["arrived_photo_count"], record["photo_count"]
    assert counts == (listed["arrived_photo_count"], listed["photo_count"])
    assert sum(photo["arrived_at"] is not None for photo in record["photos"]) == counts[0]
    return counts


async def test_a_record_is_in_before_its_photos(
    as_: As, world: World, client: httpx.AsyncClient, db: Database, worker: Worker
) -> None:
    phone, desk = await handed_in(as_, world), as_(world.east.dispatcher)
    await worker.drain()
    assert await photos_of(desk, phone) == (0, 3)
    record = await desk.get(f"/inspections/{phone.inspection_id}")
    with refused("evidence.file_not_here", 409):
        await desk.get(f"/evidence/{record['photos'][0]['id']}/file")
    with refused("records.originals_awaited", 409) as caught:
        await desk.get(f"/inspections/{phone.inspection_id}/record.zip")
    assert "3" in caught[0].body["title"]
    paper = await desk.ask("GET", f"/inspections/{phone.inspection_id}/documents/inspection_record.pdf")
    assert "".join(pages(paper.content)).count("原件仍在手机上") == 3

    sender = Sender(client, world.south.luo)  # the task is over, and so is this officer's sight of the east
    assert (await phone.seat.ask("GET", f"/inspections/{phone.inspection_id}")).status_code == 404
    for number, content in enumerate(PHOTOS, 1):
        where = (await sender.begin(content, "image/png")).headers["location"]
        assert receipt_in(await sender.patch(where, 0, content))["sha256"] == digest(content)
        assert await photos_of(desk, phone) == (number, 3)
    await worker.drain()
    async with db.transaction(Role.worker) as session:
        told = select(LedgerFact).where(LedgerFact.name == EvidenceArrived.__name__).order_by(LedgerFact.seq)
        facts = (await session.execute(told)).scalars().all()
    assert [fact.payload["sha256"] for fact in facts] == [digest(content) for content in PHOTOS]
    assert {fact.area_code for fact in facts} == {world.east.dispatcher.area_code}
    assert {str(fact.subject_id) for fact in facts} == {photo["id"] for photo in record["photos"]}
    answer = await desk.ask("GET", f"/evidence/{record['photos'][0]['id']}/file")
    assert answer.content in PHOTOS
    assert (await desk.ask("GET", f"/inspections/{phone.inspection_id}/record.zip")).status_code == 200
    paper = await desk.ask("GET", f"/inspections/{phone.inspection_id}/documents/inspection_record.pdf")
    assert "原件仍在手机上" not in "".join(pages(paper.content))


async def test_a_photo_that_does_not_say_what_it_is_waits_for_its_bytes(as_: As, world: World) -> None:
    desk = as_(world.east.dispatcher)
    task = await desk.assign(await desk.draft_task(source_id=str(world.factory)), world.east.lin, world.east.luo)
    phone = Phone(as_(world.east.lin), task)
    phone.accept()
    phone.arrive()
    phone.photograph(PICTURE, "示例：排放口")
    phone.photograph(PICTURE, "示例：排放口", size=len(PICTURE), media_type="text/html")
    outcomes = [receipt["outcome"] for receipt in await phone.send()]
    assert outcomes == ["accepted", "accepted", "waiting", "refused"]
    await phone.seat.put_file(PICTURE)
    assert (await phone.send(phone.outbox[2:3]))[0]["outcome"] == "accepted"
