"""Somebody of the cast at the HTTP API: `await as_(world.east.dispatcher).close_out(problem)`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest

from liandong.kernel.clock import beijing_today, now
from liandong.kernel.ids import new_id
from tests.world import BORDER_POINT, District, Person

Body = dict[str, Any]
PICTURE = b"\x89PNG\r\n\x1a\n" + "示例照片".encode()


class Refusal(AssertionError):
    """The API said no where the test did not expect it; `refused` expects it."""

    def __init__(self, answer: httpx.Response) -> None:
        self.status, self.body = answer.status_code, answer.json() if answer.content else {}
        self.code = self.body.get("code")
        super().__init__(f"{answer.request.method} {answer.request.url.path}: {self.status} {answer.text[:600]}")


@contextmanager
def refused(code: str, status: int) -> Iterator[list[Refusal]]:
    """The block is refused with this code, in Chinese and English words that are filled in."""
    caught: list[Refusal] = []
    with pytest.raises(Refusal) as raised:
        yield caught
    caught.append(raised.value)
    assert (raised.value.code, raised.value.status) == (code, status), raised.value
    assert raised.value.body["status"] == status
    assert raised.value.body["request_id"]
    assert_words(raised.value.body)


def assert_words(problem: Body) -> None:
    """A problem says why in both languages, with nothing left to fill in."""
    for language in ("title", "title_en"):
        words = problem[language]
        assert words, problem
        assert words != problem["code"], f"{problem['code']} has no words"
        assert "{" not in words, words
    assert any("\u4e00" <= letter <= "\u9fff" for letter in problem["title"])


def digest(content: bytes) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(content).hexdigest()


class Seat:
    """A person signed in. Every method returns the answer, or raises `Refusal`."""

    def __init__(self, client: httpx.AsyncClient, person: Person) -> None:
        self.client, self.person = client, person

    async def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """The bare answer."""
        headers = {"Authorization": f"Bearer {self.person.token}", **more.pop("headers", {})}
        return await self.client.request(method, f"/api{path}", headers=headers, **more)

    async def _said(self, method: str, path: str, **more: Any) -> Any:
        answer = await self.ask(method, path, **more)
        if answer.status_code >= 400:
            raise Refusal(answer)
        return answer.json() if answer.content else None

    async def get(self, path: str, **params: Any) -> Any:
        """What the API shows."""
        return await self._said("GET", path, params=params)

    async def post(self, path: str, body: Any = None) -> Any:
        """What the API says to a deed."""
        return await self._said("POST", path, json=body if body is not None else {})

    async def put_file(self, content: bytes, media_type: str = "image/png", sha256: str | None = None) -> str:
        """A file is in the store; its digest is returned."""
        named = sha256 or digest(content)
        headers = {"Content-Type": media_type}
        await self._said("PUT", f"/evidence/files/{named}", content=content, headers=headers)
        return named

    async def post_file(self, path: str, content: bytes) -> Any:
        """What the API says to a file."""
        return await self._said("POST", path, files={"file": ("示例.json", content, "application/json")})

    async def receive_clue(self, **more: Any) -> Body:
        """A clue about something at the border point, a sighting unless said otherwise."""
        told = {"kind": "sighting", "description": "示例：厂房顶部冒黄烟", "element": "air"}
        return await self.post("/clues", told | more)  # type: ignore[no-any-return]

    async def tell(self, to: District, clue: Body | None = None, **more: Any) -> Body:
        """A neighbour is told of a clue: of this one, or of what was just come upon at the border point."""
        found = {"description": "示例：沟渠有异味", "element": "water", "lon": BORDER_POINT[0], "lat": BORDER_POINT[1]}
        what = {"clue_id": clue["id"]} if clue else {"clue": found | more}
        return await self.post("/referrals", {"id": str(new_id()), "to_area": to.area_code} | what)  # type: ignore[no-any-return]

    async def accept_clue(self, clue: Body, **more: Any) -> Body:
        """The clue is taken up and has its task."""
        return await self.post(f"/clues/{clue['id']}/accept", more)  # type: ignore[no-any-return]

    async def draft_task(self, **more: Any) -> Body:
        """A task of this person's own area."""
        return await self.post("/tasks", {"kind": "routine", "title": "示例检查"} | more)  # type: ignore[no-any-return]

    async def assign(self, task: Body | str, *officers: Person, lead: Person | None = None) -> Body:
        """These officers are sent; the first one leads."""
        task_id = task if isinstance(task, str) else task["id"]
        ids = [str(officer.officer_id) for officer in officers]
        body = {"officer_ids": ids, "lead_officer_id": str((lead or officers[0]).officer_id)}
        return await self.post(f"/tasks/{task_id}/assign", body)  # type: ignore[no-any-return]

    async def seal(self, problem: Body, what: str, taken_at: datetime | None = None) -> Body:
        """A picture is evidence of a problem or of its rectification."""
        content = PICTURE + what.encode()
        form = {"sha256": digest(content), "purpose": what, "taken_at": (taken_at or now()).isoformat()}
        files = {"file": ("示例.png", content, "image/png")}
        return await self._said(  # type: ignore[no-any-return]
            "POST", f"/problems/{problem['id']}/evidence", data=form, files=files
        )

    async def order(self, problem: Body, rectify_by_on: date | None = None) -> Body:
        """The party is told what to put right, within ten days unless said otherwise."""
        day = rectify_by_on or beijing_today() + timedelta(days=10)
        return await self._move(problem, "order", rectify_by_on=str(day), requirement="示例：停止排放并改正")

    async def claim(self, problem: Body, *proofs: Body) -> Body:
        """It is put right, and shown."""
        return await self._move(problem, "claim", statement="示例：已整改", evidence_ids=[one["id"] for one in proofs])

    async def return_claim(self, problem: Body) -> Body:
        """The claim does not hold."""
        return await self._move(problem, "return", reason="示例：照片看不清")

    async def close_out(self, problem: Body) -> Body:
        """Struck off."""
        return await self._move(problem, "close_out", opinion="示例：属实，同意销号")

    async def look_back(self, problem: Body, outcome: str, *proofs: Body) -> Body:
        """Looked back: `held` or `relapsed`."""
        evidence = [one["id"] for one in proofs]
        return await self._move(problem, "look_back", outcome=outcome, note="示例：复查", evidence_ids=evidence)

    async def set_look_back_day(self, problem: Body, due_on: date) -> Body:
        """The look-back is due on another day."""
        return await self._move(problem, "look_back_day", due_on=str(due_on))

    async def _move(self, problem: Body, verb: str, **said: Any) -> Body:
        return await self.post(f"/problems/{problem['id']}/{verb}", said)  # type: ignore[no-any-return]
