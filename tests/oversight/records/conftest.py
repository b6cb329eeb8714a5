"""A visit that has everything: answers, photos, a problem from order to relapse, a refused deed, facts of others between."""

from __future__ import annotations

import io
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI

from liandong import flow
from liandong.api.app import make_app
from liandong.api.records import seal
from liandong.kernel.db import Database
from liandong.kernel.jobs import Worker
from liandong.oversight.records.export import public_key, write_record
from tests.conftest import CAST, As
from tests.databases import Stock
from tests.phone import Phone
from tests.seat import Body, Seat
from tests.world import World

INTERVIEW = "01900000-0000-7000-8000-0000000000aa"
PICTURES = [b"\x89PNG\r\n\x1a\n" + f"示例照片 {number}".encode() for number in range(3)]


@dataclass(frozen=True)
class Exported:
    """A sealed record, the visit it is of and the key that signed it."""

    content: bytes
    inspection_id: str
    number: str
    public_key: str


async def whole_visit(world: World, as_: As, worker: Worker) -> Phone:
    """The visit has been made by two officers, and its problem went on to relapse."""
    desk, lin, luo = as_(world.east.dispatcher), as_(world.east.lin), as_(world.east.luo)
    await desk.receive_clue()
    await worker.drain()
    task = await desk.draft_task(source_id=str(world.factory), matters=["air", "water"])
    await desk.assign(task, world.east.lin, world.east.luo)
    phone = Phone(lin, task)
    strokes = [f"示例签名 {person.login}".encode() for person in (world.east.lin, world.east.luo)]
    for content in (*PICTURES, *strokes):
        await lin.put_file(content)
    accepted = phone.accept()
    arrived = phone.arrive((117.0001, 36.6002))
    team = (world.east.lin, world.east.luo)
    phone.show(*team)
    phone.particulars(manager_name="示例厂长", production="示例：正常生产")
    phone.interview(*team, interview_id=INTERVIEW)
    phone.sign(strokes[0], world.east.lin, interview_id=INTERVIEW, pages_seen=2)
    phone.refuse_to_sign(signer="interviewee", interview_id=INTERVIEW, witness="示例见证人")
    phone.answer("air", "air.facility_running", "no", [arrived])
    phone.answer("air", "air.facility_running", "yes", [arrived])
    phone.answer("water", "water.permitted", "no", [arrived])
    found = phone.find([arrived])
    phone.photograph(PICTURES[0], "示例：烟囱", [arrived])
    phone.photograph(PICTURES[1], "示例：治理设施", [found], problem_id=phone.problem_id, caption="示例")
    await phone.did(accepted, *phone.outbox[1:])
    await worker.drain()
    await desk.receive_clue()
    too_early = phone.submit()
    assert [one["outcome"] for one in await phone.send([too_early])] == ["refused"]
    signed = [phone.sign(stroke, who) for stroke, who in zip(strokes, (world.east.lin, world.east.luo), strict=True)]
    signed += [phone.refuse_to_sign(), phone.submit()]
    await phone.did(*signed)
    await worker.drain()
    comments = [{"words": "示例：请补充说明", "about": "air.facility_running"}, {"words": "示例：结论过简"}]
    path = f"/inspections/{phone.inspection_id}"
    returned = await as_(world.east.leader).post(f"{path}/comments", {"comments": comments})
    amended = phone.amend(returned["id"])
    await phone.did(amended, phone.hand_in_again(returned["id"], [amended]))
    await afterwards(world, as_, worker, {"id": phone.problem_id})
    assert luo.person.officer_id is not None
    return phone


async def afterwards(world: World, as_: As, worker: Worker, problem: Body) -> None:
    """The problem is ordered, claimed, returned, claimed again, closed, looked back at, and has relapsed."""
    desk, leader = as_(world.east.dispatcher), as_(world.east.leader)
    await worker.drain()
    await leader.order(problem)
    proof = await desk.seal(problem, "示例：整改后")
    await desk.claim(problem, proof)
    await leader.return_claim(problem)
    await desk.receive_clue()
    await worker.drain()
    await desk.claim(problem, await desk.seal(problem, "示例：再次整改后"))
    await leader.close_out(problem)
    await worker.drain()
    await leader.look_back(problem, "relapsed", await desk.seal(problem, "示例：回潮"))
    await worker.drain()


async def export(db: Database, named: str) -> bytes:
    """The sealed record of a visit."""
    out = io.BytesIO()
    size = await write_record(await seal(db, named), out)
    assert size == len(out.getvalue())
    return out.getvalue()


async def make(db: Database, world: World, as_: As, worker: Worker) -> Exported:
    """The record of the whole visit, made in this database."""
    phone = await whole_visit(world, as_, worker)
    visit = await as_(world.east.dispatcher).get(f"/inspections/{phone.inspection_id}")
    content = await export(db, phone.inspection_id)
    return Exported(content, phone.inspection_id, visit["number"], public_key())


@pytest.fixture
async def lived(app: FastAPI, db: Database, world: World, as_: As, worker: Worker) -> Exported:
    """The record of the whole visit, which is in this test's database."""
    return await make(db, world, as_, worker)


@pytest.fixture(scope="session")
async def exported(stock: Stock, cast: World) -> Exported:
    """The record of the whole visit, made once; its database is gone, as it is for whoever checks a record."""
    database = stock.copy(await stock.template(CAST))
    flow.connect()
    app = make_app(database)
    try:
        async with app.router.lifespan_context(app), _client(app) as client:
            worker = Worker(database, flow.afterwards(), flow.TIMETABLE)
            return await make(database, cast, lambda person: Seat(client, person), worker)
    finally:
        await database.close()
        stock.drop(database)


def _client(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")
