"""The four districts sign their memorandum, each leader for his own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from liandong.demo.places import DISTRICTS
from tests.allies import terms

LEADERS = ("huaiyin-leader", "shizhong-leader", "tianqiao-leader", "changqing-leader")


@asynccontextmanager
async def signed_in(address: str, login: str, password: str) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody at the API."""
    async with httpx.AsyncClient(base_url=f"{address}/api") as client:
        answer = (await client.post("/session", json={"login": login, "password": password})).raise_for_status().json()
        client.headers["Authorization"] = f"Bearer {answer['token']}"
        yield client


async def sign_memorandum(address: str, password: str) -> dict[str, Any]:
    """A memorandum of the four districts is in force."""
    async with signed_in(address, "wall", password) as centre:
        agencies = (await centre.get("/agencies")).raise_for_status().json()
        members = [one["id"] for one in agencies if one["area_code"] in DISTRICTS and one["tier"] == "branch"]
        draft = (await centre.post("/memoranda", json=terms(member_ids=members))).raise_for_status().json()
        path = f"/memoranda/{draft['id']}"
        said = {"text_digest": (await centre.post(f"{path}/offer")).raise_for_status().json()["text_digest"]}
        for login in LEADERS:
            async with signed_in(address, login, password) as leader:
                (await leader.post(f"{path}/sign", json=said)).raise_for_status()
        found: dict[str, Any] = (await centre.get(path)).json()
        assert found["state"] == "in_force"
        return found
