"""The door: signing in, being locked out, and input that no room should ever see."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from liandong.api import health
from liandong.kernel.clock import now
from liandong.kernel.db import Database, Role
from liandong.kernel.ledger import LedgerFact
from liandong.kernel.settings import settings
from liandong.registers.access.tables import Account, SignInSession
from tests.conftest import As
from tests.seat import assert_words
from tests.world import PASSWORD, World

DESK = {"login": "dispatcher.east", "password": PASSWORD}
WRONG = {**DESK, "password": "wrong"}


async def sign_in(client: httpx.AsyncClient, body: dict[str, str]) -> httpx.Response:
    return await client.post("/api/session", json=body)


async def change(db: Database, login: str, **values: object) -> None:
    async with db.transaction(Role.worker) as session:
        await session.execute(update(Account).where(Account.login == login).values(**values))


# --- signing in ------------------------------------------------------------------------------------------------------


async def test_a_session_opens_and_ends(client: httpx.AsyncClient, world: World, db: Database) -> None:
    answer = await sign_in(client, DESK)
    told = answer.json()
    assert told["actor"]["name"] == world.east.dispatcher.name
    assert told["actor"]["areas"] == [world.east.area_code]
    assert "tasks:assign" in told["actor"]["verbs"]
    cookie = answer.headers["set-cookie"]
    assert all(guard in cookie for guard in ("HttpOnly", "SameSite=strict", "Path=/api"))
    assert (await client.get("/api/session")).json()["account_id"] == told["actor"]["account_id"]  # by the cookie
    client.cookies.clear()
    bearer = {"Authorization": f"Bearer {told['token']}"}
    assert (await client.get("/api/session", headers=bearer)).status_code == 200
    async with db.transaction(Role.worker) as session:
        kept = (await session.scalars(select(SignInSession.token_hash))).all()
    assert told["token"] not in kept  # only its hash is
    assert (await client.delete("/api/session", headers=bearer)).status_code == 204
    assert (await client.get("/api/session", headers=bearer)).json()["code"] == "access.sign_in_required"


async def test_a_login_is_found_whatever_its_case_and_spaces(client: httpx.AsyncClient, world: World) -> None:
    assert (await sign_in(client, {**DESK, "login": " Dispatcher.EAST "})).status_code == 200


async def test_five_failures_lock_the_account_even_for_the_right_password(
    client: httpx.AsyncClient, world: World, db: Database
) -> None:
    for _ in range(settings().sign_in_attempts):
        answer = await sign_in(client, WRONG)
        assert (answer.status_code, answer.json()["code"]) == (401, "access.wrong_password")
    answer = await sign_in(client, DESK)
    assert (answer.status_code, answer.json()["code"]) == (403, "access.locked")
    assert_words(answer.json())
    assert str(settings().sign_in_lock_minutes) in answer.json()["title"]
    other = await sign_in(client, {"login": "chief", "password": PASSWORD})
    assert other.status_code == 200  # nobody else is locked out
    await change(db, "dispatcher.east", locked_until=now() - timedelta(seconds=1))
    assert (await sign_in(client, DESK)).status_code == 200
    async with db.transaction(Role.worker) as session:
        about = select(LedgerFact.name).where(LedgerFact.room == "access").order_by(LedgerFact.entry_no)
        told = (await session.scalars(about)).all()
    assert told == ["SignInFailed"] * 5 + ["SignedIn"] * 2


async def test_a_right_password_clears_the_count(
    client: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "sign_in_attempts", 2)
    for body in (WRONG, DESK, WRONG):
        await sign_in(client, body)
    assert (await sign_in(client, DESK)).status_code == 200


async def test_failures_at_once_are_all_counted(client: httpx.AsyncClient, world: World) -> None:
    answers = await asyncio.gather(*(sign_in(client, WRONG) for _ in range(6)))
    assert {answer.json()["code"] for answer in answers} <= {"access.wrong_password", "access.locked"}
    assert (await sign_in(client, DESK)).json()["code"] == "access.locked"


async def test_a_login_that_does_not_exist_is_answered_like_a_wrong_password(
    client: httpx.AsyncClient, world: World
) -> None:
    unknown, wrong = await sign_in(client, {**WRONG, "login": "nobody"}), await sign_in(client, WRONG)
    assert {**unknown.json(), "request_id": ""} == {**wrong.json(), "request_id": ""}


async def test_an_account_out_of_use_and_an_expired_session_open_nothing(
    client: httpx.AsyncClient, as_: As, world: World, db: Database
) -> None:
    await change(db, "dispatcher.east", is_active=False)
    assert (await sign_in(client, DESK)).status_code == 401
    assert (await as_(world.east.dispatcher).ask("GET", "/session")).status_code == 401
    async with db.transaction(Role.worker) as session:
        await session.execute(update(SignInSession).values(expires_at=now() - timedelta(seconds=1)))
    assert (await as_(world.chief).ask("GET", "/session")).status_code == 401


# --- bad input -------------------------------------------------------------------------------------------------------


def assert_problem(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text[:300]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert_words(answer.json())


async def test_malformed_json(as_: As, world: World) -> None:
    for body in (b"{", b"\xff\xfe", b"[1,2", b"nonsense"):
        answer = await as_(world.joint).ask(
            "POST", "/clues", content=body, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code in (400, 422), body
        assert answer.json()["code"] == "kernel.invalid_input"
        assert_words(answer.json())


async def test_each_field_that_cannot_be_used_is_named(as_: As, world: World) -> None:
    answer = await as_(world.joint).ask("POST", "/clues", json={"kind": "rumour", "lon": 181, "description": ""})
    assert_problem(answer, 422, "kernel.invalid_input")
    assert {error["field"] for error in answer.json()["field_errors"]} == {"kind", "lon", "description"}
    assert all(error["message"] and error["message_en"] for error in answer.json()["field_errors"])


async def test_a_body_that_is_too_large(as_: As, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "max_body_bytes", 1000)
    large = json.dumps({"kind": "patrol", "description": "示" * 2000})
    answer = await as_(world.joint).ask("POST", "/clues", content=large, headers={"Content-Type": "application/json"})
    assert_problem(answer, 413, "kernel.body_too_large")


async def test_a_file_that_is_too_large(as_: As, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "max_file_bytes", 1000)
    content = {"content": b"x" * 1001, "headers": {"Content-Type": "image/png"}}
    answer = await as_(world.joint).ask("PUT", f"/evidence/files/{'0' * 64}", **content)
    assert_problem(answer, 413, "evidence.file_too_large")


async def test_a_file_of_an_unknown_kind(as_: As, world: World) -> None:
    for media_type in ("text/html", "image/svg+xml", "application/x-msdownload", ""):
        sent = {"content": b"<script>", "headers": {"Content-Type": media_type}}
        answer = await as_(world.joint).ask("PUT", f"/evidence/files/{'0' * 64}", **sent)
        assert_problem(answer, 415, "evidence.media_type")


async def test_a_digest_that_is_none(as_: As, world: World) -> None:
    for name in ("0" * 63, "G" * 64, "../../etc/passwd", "A" * 64):
        sent = {"content": b"x", "headers": {"Content-Type": "image/png"}}
        answer = await as_(world.joint).ask("PUT", f"/evidence/files/{name}", **sent)
        assert answer.status_code in (404, 405, 422), name


async def test_wrong_ways_in(as_: As, client: httpx.AsyncClient, world: World) -> None:
    assert_problem(await client.get("/api/nowhere"), 404, "kernel.not_found")
    assert_problem(await client.put("/api/clues"), 405, "kernel.method_not_allowed")
    answer = await as_(world.joint).ask("GET", "/tasks?limit=201")
    assert_problem(answer, 422, "kernel.invalid_input")
    answer = await as_(world.joint).ask("GET", "/tasks?state=asleep")
    assert_problem(answer, 422, "kernel.invalid_input")


async def test_what_breaks_of_ours_is_logged_with_its_number_and_tells_nothing(
    app: FastAPI, world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr(health, "HealthOut", breaks)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.get("/api/health")
    assert_problem(answer, 500, "kernel.broken")
    assert "secret" not in answer.text
    [logged] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert answer.json()["request_id"] in logged.getMessage()


async def test_every_answer_makes_a_browser_careful(client: httpx.AsyncClient, world: World) -> None:
    for path in ("/api/health", "/api/nowhere"):
        headers = (await client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"


async def test_only_a_key_opens_the_way_to_a_public_map(
    as_: As, client: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "tianditu" not in (await client.get("/api/nowhere")).headers["content-security-policy"]
    assert await as_(world.east.lin).get("/base-map") is None
    monkeypatch.setattr(settings(), "tianditu_key", "0123456789abcdef")
    policy = (await client.get("/api/nowhere")).headers["content-security-policy"]
    [connect] = [part for part in policy.split(";") if part.strip().startswith("connect-src")]
    assert [origin for origin in connect.split() if "tianditu" in origin] == [
        f"https://t{number}.tianditu.gov.cn" for number in range(8)
    ]
    assert policy.count("tianditu") == 8
    offered = await as_(world.east.lin).get("/base-map")
    assert all(url.split("/")[2] in connect and url.endswith("&tk=0123456789abcdef") for url in offered["ground"])
