"""Two sample aircraft over the meeting point of the districts: registered by a desk, and sent like any encoder's picture."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

import httpx

from liandong.demo.encoder import Tag, read_film, send_film
from liandong.demo.people_at_work import Cast, Person

log = logging.getLogger(__name__)

PICTURES = Path(__file__).with_name("pictures")
AIRCRAFT = {
    "370104": ("示例无人机一号 · 交界巡查", "drone-1.flv"),
    "370113": ("示例无人机二号 · 河道巡查", "drone-2.flv"),
}
AGAIN_SECONDS = 2.0


async def fly(cast: Cast) -> None:
    """Both aircraft send until cancelled; one whose connection breaks dials again with a new ticket."""
    async with asyncio.TaskGroup() as group:
        for area, (title, file) in AIRCRAFT.items():
            group.create_task(_fly_one(cast.desks[area], title, read_film(PICTURES / file)))


async def _fly_one(desk: Person, title: str, film: list[Tag]) -> None:
    while True:
        try:
            stream = await _stream_of(desk, title)
            ticket = await desk.post(f"/streams/{stream['id']}/publish_ticket", {})
            await send_film(ticket["addresses"][0]["url"], film)
        except (OSError, httpx.TransportError) as error:
            log.info("%s: %s", title, error)
        await asyncio.sleep(AGAIN_SECONDS)


async def _stream_of(desk: Person, title: str) -> dict[str, Any]:
    """The stream with this title, registered if there is none yet."""
    for stream in await desk.get("/streams"):
        if stream["title"] == title:
            return dict(stream)
    registered: dict[str, Any] = await desk.post("/streams", {"kind": "drone", "title": title})
    return registered
