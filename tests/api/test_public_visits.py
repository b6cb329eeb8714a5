"""亮证: officers show their certificates; whoever scans the code is told who came and why, and gets the paper it signed."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select, update

from liandong.demo.phone import sample_picture
from liandong.kernel.clock import now
from liandong.kernel.db import Database, Role
from liandong.kernel.settings import settings
from liandong.work.dispatch.passes import token_of
from liandong.work.dispatch.tables import PassScan, VisitPass
from tests.conftest import As
from tests.means.documents.papers import pages
from tests.phone import Phone
from tests.seat import Body, Refusal, refused
from tests.world import World

CONFIDENTIAL = "示例：举报人称夜间偷排"


async def code_of(as_: As, world: World, task: Body) -> str:
    """What stands behind the code on Lin's phone, as his pack has it."""
    pack = await as_(world.east.lin).get(f"/tasks/{task['id']}/pack")
    url: str = pack["visit_pass"]["url"]
    assert url.startswith("http://test/public/#/visit/")
    return url.rpartition("/")[2]


async def scan(client: httpx.AsyncClient, token: str, more: str = "") -> httpx.Response:
    """Somebody without any account opens the page behind a code."""
    answer = await client.get(f"/api/public/visits/{token}{more}")
    if answer.status_code >= 400:
        raise Refusal(answer)
    return answer


async def sent(as_: As, world: World, **more: str) -> Body:
    desk = as_(world.east.dispatcher)
    task = await desk.draft_task(source_id=str(world.factory), instruction=CONFIDENTIAL, **more)
    return await desk.assign(task, world.east.lin, world.east.luo)


async def signed_visit(as_: As, world: World, task: Body, *, is_refused: bool = False) -> Phone:
    phone = Phone(as_(world.east.lin), task)
    phone.arrive()
    phone.show(world.east.lin, world.east.luo)
    for place, officer in enumerate((world.east.lin, world.east.luo)):
        drawn = sample_picture(place, 200, 60)
        await phone.seat.put_file(drawn)
        phone.sign(drawn, officer)
    drawn = sample_picture(9, 200, 60)
    await phone.seat.put_file(drawn)
    if is_refused:
        phone.refuse_to_sign()
    else:
        phone.sign(drawn, pages_seen=2)
    phone.submit()
    await phone.did(*phone.outbox)
    return phone


async def test_the_enterprise_reads_who_came_and_why_without_signing_in(
    as_: As, world: World, client: httpx.AsyncClient, db: Database
) -> None:
    task = await sent(as_, world)
    told = (await scan(client, await code_of(as_, world, task))).json()
    assert told["state"] == "announced"
    assert told["party"] == "示例边界化工厂"
    assert [(one["name"], one["certificate"], one["is_valid"]) for one in told["officers"]] == [
        (world.east.lin.name, "示例lin.east", True),
        (world.east.luo.name, "示例luo.east", True),
    ]
    assert told["agencies"] == ["东区分局（示例）"]
    assert any("行政处罚法" in cite and "第五十五条" in cite for cite in told["legal_basis"])
    assert any("回避" in line["zh"] for line in told["notice"]["rights"])
    assert any(channel["value"] == "12345" for channel in told["notice"]["channels"])
    assert told["notice"]["status"] == "unconfirmed"
    async with db.transaction(Role.worker) as session:
        scans = (await session.execute(select(PassScan))).scalars().all()
    assert [(one.opened, str(one.task_id)) for one in scans] == [("page", task["id"])]
    assert set(PassScan.__table__.columns.keys()) == {"id", "pass_id", "task_id", "area_code", "opened", "scanned_at"}


async def test_what_a_complaint_said_and_that_there_was_one_stays_inside(
    as_: As, world: World, client: httpx.AsyncClient
) -> None:
    task = await sent(as_, world, kind="petition_check", title="示例：核查某某的举报")
    answer = await scan(client, await code_of(as_, world, task))
    assert answer.json()["kind"] is None
    assert "举报人" not in answer.text
    assert task["title"] not in answer.text
    assert "petition" not in answer.text


async def test_the_party_fetches_the_record_that_it_signed(
    as_: As, world: World, client: httpx.AsyncClient, db: Database
) -> None:
    task = await sent(as_, world)
    token, paper = await code_of(as_, world, task), "/documents/inspection_record.pdf"
    with refused("dispatch.paper_not_ready", 409):
        await scan(client, token, paper)
    phone = await signed_visit(as_, world, task)
    told = (await scan(client, token)).json()
    assert (told["state"], [one["state"] for one in told["papers"]]) == ("over", ["ready"])
    assert [one["certificate"] for one in told["officers"]] == ["示例******st", "示例******st"]
    copy = await scan(client, token, paper)
    text = "".join(pages(copy.content))
    assert "示例厂长逐页核对2页" in text
    assert "当事人已过目，无异议" in text
    mine = await as_(world.east.dispatcher).ask(
        "GET", f"/inspections/{phone.inspection_id}/documents/inspection_record.pdf"
    )
    assert mine.content == copy.content
    async with db.transaction(Role.worker) as session:
        opened = (await session.execute(select(PassScan.opened).order_by(PassScan.id))).scalars().all()
    assert opened == ["page", "inspection_record"]


async def test_a_record_that_the_party_did_not_sign_is_not_handed_out(
    as_: As, world: World, client: httpx.AsyncClient
) -> None:
    task = await sent(as_, world)
    token = await code_of(as_, world, task)
    await signed_visit(as_, world, task, is_refused=True)
    assert (await scan(client, token)).json()["papers"][0]["state"] == "not_signed"
    with refused("dispatch.paper_not_ready", 409):
        await scan(client, token, "/documents/inspection_record.pdf")


async def test_a_code_stays_the_same_until_it_is_renewed(as_: As, world: World, client: httpx.AsyncClient) -> None:
    task = await sent(as_, world)
    first = await code_of(as_, world, task)
    assert await code_of(as_, world, task) == first
    luo = await as_(world.east.luo).get(f"/tasks/{task['id']}/pack")
    assert not luo["visit_pass"]["url"].endswith(first)
    with refused("access.verb_missing", 403):
        await as_(world.east.lin).post(f"/tasks/{task['id']}/passes/renew")
    await as_(world.east.dispatcher).post(f"/tasks/{task['id']}/passes/renew")
    with refused("dispatch.pass_revoked", 410):
        await scan(client, first)
    assert (await scan(client, await code_of(as_, world, task))).status_code == 200


async def test_a_code_of_a_task_that_was_called_off_or_given_to_others_opens_nothing(
    as_: As, world: World, client: httpx.AsyncClient
) -> None:
    task = await sent(as_, world)
    first = await code_of(as_, world, task)
    await as_(world.east.dispatcher).assign(task, world.east.lin, world.south.luo)
    with refused("dispatch.pass_revoked", 410):
        await scan(client, first)
    second = await code_of(as_, world, task)
    await as_(world.east.dispatcher).post(f"/tasks/{task['id']}/cancel", {"reason": "示例"})
    with refused("dispatch.pass_revoked", 410):
        await scan(client, second)


async def test_a_code_runs_out(as_: As, world: World, client: httpx.AsyncClient, db: Database) -> None:
    token = await code_of(as_, world, await sent(as_, world))
    async with db.transaction(Role.worker) as session:
        await session.execute(update(VisitPass).values(expires_at=now() - timedelta(seconds=1)))
    with refused("dispatch.pass_expired", 410):
        await scan(client, token)


@pytest.mark.parametrize("change", [0, 20, 30])
async def test_a_code_cannot_be_made_up(as_: As, world: World, client: httpx.AsyncClient, change: int) -> None:
    token = await code_of(as_, world, await sent(as_, world))
    other = "A" if token[change] != "A" else "B"
    for made_up in (token[:change] + other + token[change + 1 :], token[:22], token + "A", "示例", "%00"):
        with refused("kernel.not_found", 404):
            await scan(client, made_up)


async def test_whoever_reads_the_database_cannot_make_a_code(as_: As, world: World, db: Database) -> None:
    token = await code_of(as_, world, await sent(as_, world))
    async with db.transaction(Role.worker) as session:
        rows = (await session.execute(select(VisitPass))).scalars().all()
    assert token in {token_of(row.id) for row in rows}
    assert not [row for row in rows if token in str({**vars(row)})]


async def test_a_code_that_is_asked_for_too_often_has_to_wait(
    as_: As, world: World, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "scans_per_minute", 2)
    token = await code_of(as_, world, await sent(as_, world))
    for _ in range(2):
        await scan(client, token)
    with refused("kernel.too_many_requests", 429):
        await scan(client, token)


async def test_the_address_that_people_scan_is_a_setting(
    as_: As, world: World, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = await sent(as_, world)
    assert (await client.get("/api/addresses")).json()["mobile"] == "http://test/mobile/"
    monkeypatch.setattr(settings(), "public_url", "https://enforcement.example.org/")
    assert (await client.get("/api/addresses")).json()["mobile"] == "https://enforcement.example.org/mobile/"
    pack = await as_(world.east.lin).get(f"/tasks/{task['id']}/pack")
    assert pack["visit_pass"]["url"].startswith("https://enforcement.example.org/public/#/visit/")
    assert next((card["name"], card["certificate"]) for card in pack["officers"]) == (
        world.east.lin.name,
        "示例lin.east",
    )
    assert {"production", "permit"} <= {question["key"] for question in pack["interview_questions"]}
