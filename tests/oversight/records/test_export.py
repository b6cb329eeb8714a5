"""A record holds the whole visit, holds together, and is the same bytes when it is made again."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO
from typing import get_args

import pytest
from sqlalchemy import select

from liandong.api.records import seal
from liandong.kernel import blobs
from liandong.kernel.db import Database, Role
from liandong.kernel.errors import Broken, Refused
from liandong.kernel.jobs import Worker
from liandong.kernel.ledger import LedgerFact, fact_digest
from liandong.oversight.records.content import find_visit
from liandong.oversight.records.export import seal_visit, write_record
from liandong.oversight.records.proof.case import Doc
from liandong.oversight.records.proof.chain import fact_digest as digest_of_shown
from liandong.oversight.records.proof.verify import verify
from liandong.oversight.records.stretch import fact_json
from liandong.wires.phone.frame import OF_NO_TASK, Kind
from liandong.wires.phone.visit_deeds import deeds_of_task
from tests.conftest import As
from tests.oversight.records.conftest import PICTURES, Exported, export
from tests.oversight.records.mutations import read, unpack
from tests.phone import Phone
from tests.world import World

DERIVED = {
    "accept_task",
    "arrive_on_site",
    "answer_item",
    "add_photo",
    "find_problem",
    "sign_inspection",
    "submit_inspection",
    "rectify_on_spot",
    "add_recording",
    "take_sample",
    "note_support",
    "show_certificate",
    "record_particulars",
    "record_interview",
    "amend_record",
    "resubmit_inspection",
}
"""Deeds that the checks of `proof/rows.py` and `proof/facts.py` follow to what they made."""
ON_SITE = {"rectify_on_spot", "add_recording", "take_sample", "note_support"}
"""Those that the whole visit has none of; `test_site.py` has."""


def test_a_record_holds(exported: Exported) -> None:
    report = verify(exported.content)
    assert report.findings == []
    assert report.exit_code == 0
    assert report.inspection == {"id": exported.inspection_id, "number": exported.number}
    assert report.public_key == exported.public_key
    assert all(check.checked for check in report.checks)


def test_everything_of_the_visit_is_in_it(exported: Exported) -> None:
    entries = dict(unpack(exported.content))
    kinds = [read(body)["deed"]["kind"] for name, body in entries.items() if name.startswith("deeds/")]
    assert set(kinds) == DERIVED - ON_SITE
    outcomes = [read(body)["receipt"]["outcome"] for name, body in entries.items() if name.startswith("deeds/")]
    assert sorted(set(outcomes)) == ["accepted", "refused"]
    originals = [body for name, body in entries.items() if name.startswith("originals/")]
    assert set(PICTURES[:2]) < set(originals)
    assert PICTURES[2] not in originals, "a file that nobody sealed is not part of the visit"
    names = [read(body)["said"]["name"] for name, body in entries.items() if name.startswith("ledger/facts/")]
    assert {"TaskDrafted", "InspectionBegun", "ProblemClosed", "ProblemRelapsed", "LookBackHeld"} < set(names)
    assert [read(body)["comments"] for name, body in entries.items() if name.startswith("record/returns/")]
    assert entries["documents/inspection_record.pdf"].startswith(b"%PDF-")
    assert entries["documents/interview_record_1.pdf"].startswith(b"%PDF-")
    assert entries["ledger/links.txt"].count(b"\n") >= 2
    assert "核验" in entries["README.txt"].decode()
    assert exported.number in entries["README.txt"].decode()


def test_nothing_of_others_is_in_it(exported: Exported) -> None:
    """The clues that came in between are there by number and digest alone."""
    assert "厂房顶部冒黄烟".encode() not in exported.content
    facts = [read(body) for name, body in unpack(exported.content) if name.startswith("ledger/facts/")]
    assert "ClueReceived" not in [fact["said"]["name"] for fact in facts]
    assert min(fact["seq"] for fact in facts) > 1


def test_every_kind_of_deed_is_followed_to_what_it_made() -> None:
    assert set(get_args(Kind)) - OF_NO_TASK <= DERIVED, (
        "a new kind of deed needs its rows and facts in proof/rows.py, proof/site.py and proof/facts.py"
    )


async def test_the_same_visit_is_the_same_bytes(lived: Exported, db: Database) -> None:
    at, made = datetime(2026, 1, 2, tzinfo=UTC), []
    for _ in range(2):
        async with db.transaction(Role.worker, snapshot=True) as session:
            visit = await find_visit(session, lived.number)
            sealed = await seal_visit(session, visit, await deeds_of_task(session, visit.task_id), at)
        out = BytesIO()
        await write_record(sealed, out)
        made.append(out.getvalue())
    assert made[0] == made[1]


async def test_a_fact_is_shown_with_all_that_its_digest_covers(lived: Exported, db: Database) -> None:
    async with db.transaction(Role.worker) as session:
        facts = (await session.execute(select(LedgerFact))).scalars().all()
    assert len(facts) > 20
    for fact in facts:
        assert digest_of_shown(Doc("", fact_json(fact))) == fact.digest == fact_digest(vars(fact))


async def test_a_visit_whose_facts_have_no_number_yet_is_not_sealed(db: Database, world: World, as_: As) -> None:
    task = await as_(world.east.dispatcher).draft_task(source_id=str(world.factory))
    await as_(world.east.dispatcher).assign(task, world.east.lin, world.east.luo)
    phone = Phone(as_(world.east.lin), task)
    await phone.did(phone.arrive())
    with pytest.raises(Refused, match=r"records\.not_stamped"):
        await seal(db, phone.inspection_id)
    with pytest.raises(Refused, match=r"kernel\.not_found"):
        await seal(db, "JC-0")


async def test_a_visit_that_is_still_open_is_sealed_as_it_stands(
    db: Database, world: World, as_: As, worker: Worker
) -> None:
    task = await as_(world.east.dispatcher).draft_task(source_id=str(world.factory))
    await as_(world.east.dispatcher).assign(task, world.east.lin, world.east.luo)
    phone = Phone(as_(world.east.lin), task)
    await phone.did(phone.arrive())
    await worker.drain()
    assert verify(await export(db, phone.inspection_id)).findings == []


async def test_no_record_is_made_when_an_original_is_not_what_it_was(
    lived: Exported, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = await seal(db, lived.number)

    async def altered(sha256: str) -> bytes:
        return b"altered"

    async def gone(sha256: str) -> bytes:
        raise FileNotFoundError

    for fetch, code in ((altered, "records.original_altered"), (gone, "records.original_missing")):
        monkeypatch.setattr(blobs, "fetch", fetch)
        with pytest.raises(Broken) as raised:
            await write_record(sealed, BytesIO())
        assert raised.value.code == code


def test_the_proof_needs_no_server_and_no_database() -> None:
    program = (
        "import sys, liandong.oversight.records.proof.verify\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(eval(done.stdout))  # noqa: S307 - a list that this test printed
    assert "cryptography" in loaded
    assert not loaded & {"sqlalchemy", "fastapi", "starlette", "psycopg", "obstore", "pydantic", "httpx", "uvicorn"}


async def test_receipts_in_the_record_are_those_that_the_phone_was_given(
    db: Database, world: World, as_: As, worker: Worker
) -> None:
    task = await as_(world.east.dispatcher).draft_task(source_id=str(world.factory))
    await as_(world.east.dispatcher).assign(task, world.east.lin, world.east.luo)
    phone = Phone(as_(world.east.lin), task)
    deeds = [phone.arrive(), phone.find(severity="示例"), phone.answer("air", "air.facility_running", "yes")]
    given = {receipt["deed_id"]: receipt for receipt in await phone.send(deeds)}
    assert {receipt["outcome"] for receipt in given.values()} == {"accepted", "refused"}
    await phone.send(deeds[:1])
    await worker.drain()
    kept = [read(body) for name, body in unpack(await export(db, phone.inspection_id)) if name.startswith("deeds/")]
    assert {doc["receipt"]["deed_id"]: doc["receipt"] for doc in kept} == given
