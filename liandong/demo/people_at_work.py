"""Those who act in the sample operation: signed in through the public interface like anybody else."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import httpx

from liandong.demo.people import OFFICERS_PER_DISTRICT, PINYIN


@dataclass
class Person:
    """Somebody signed in."""

    http: httpx.AsyncClient
    login: str
    token: str
    officer_id: str | None
    area: str

    async def get(self, path: str, **query: Any) -> Any:
        """The JSON at a path."""
        answer = await self.http.get(f"/api{path}", params=query, headers=self._headers())
        answer.raise_for_status()
        return answer.json()

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        """Do something; returns the JSON that comes back."""
        answer = await self.http.post(f"/api{path}", json=body, headers=self._headers())
        if answer.is_error:
            raise RuntimeError(f"{self.login} {path}: {answer.status_code} {answer.text}")
        return answer.json()

    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}


@dataclass
class Cast:
    """Everybody in the operation, by what they do and where."""

    wall: Person
    desks: dict[str, Person] = field(default_factory=dict)
    leaders: dict[str, Person] = field(default_factory=dict)
    officers: dict[str, list[Person]] = field(default_factory=dict)


async def sign_in(http: httpx.AsyncClient, login: str, password: str) -> Person:
    """One person, signed in."""
    answer = await http.post("/api/session", json={"login": login, "password": password})
    answer.raise_for_status()
    said = answer.json()
    actor = said["actor"]
    return Person(http, login, said["token"], actor["officer_id"], actor["agency"]["area_code"])


async def gather_cast(http: httpx.AsyncClient, password: str) -> Cast:
    """Everybody signed in, and the officers on duty. The last officer of each district has no valid certificate."""
    cast = Cast(await sign_in(http, "wall", password))
    for area, login in PINYIN.items():
        cast.desks[area] = await sign_in(http, login, password)
        cast.leaders[area] = await sign_in(http, f"{login}-leader", password)
        numbers = range(1, OFFICERS_PER_DISTRICT)
        cast.officers[area] = [await sign_in(http, f"{login}{number:02d}", password) for number in numbers]
    on_duty = [person for people in cast.officers.values() for person in people]
    await asyncio.gather(*(person.post("/duty", {"is_on_duty": True}) for person in on_duty))
    return cast
