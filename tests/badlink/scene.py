"""An officer on a bad link: a whole visit with photos made in the app in a real browser, then the link, then the server."""

from __future__ import annotations

import asyncio
import hashlib
import random
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import expect

from liandong.demo.people_at_work import Person, sign_in
from liandong.demo.phone import sample_picture
from tests.badlink.link import BadLink
from tests.story.faces.browser import Machine
from tests.story.faces.house import House
from tests.story.faces.pocket import Pocket

TITLE = "示例：信号差的厂区检查"
RELOAD_AFTER = 4
"""So many photos are in when the page is started anew, in the middle of the next one."""


LOOK_EVERY_S = 0.25
"""The office asks no oftener: the machine that measures is the one that serves."""


async def until(holds: Callable[[], Awaitable[bool]], what: str, within_s: float) -> None:
    """Afterwards it holds; a time-out says what did not come."""
    ends = time.monotonic() + within_s
    while not await holds():
        assert time.monotonic() < ends, f"not within {within_s:.0f} s: {what}"
        await asyncio.sleep(LOOK_EVERY_S)


@dataclass
class Figures:
    """What was seen; times as on the real link, whatever the scale."""

    photos: int
    bytes_of_photos: int
    form_s: float = 0.0
    photos_in_with_form: int = 0
    all_s: float = 0.0
    seen: list[str] = field(default_factory=list)
    line: dict[str, Any] = field(default_factory=dict)

    @property
    def sent_twice_percent(self) -> float:
        """How much more the line carried upwards than the photos are: headers, deeds, and what was sent again."""
        return round(100 * (self.line["carried_up"] / self.bytes_of_photos - 1), 2)


def made_photos(count: int, size: int, seed: int) -> list[bytes]:
    """Pictures that open and show nothing, each padded to about `size` bytes that no line can compress."""
    chance = random.Random(seed)  # noqa: S311  samples
    return [sample_picture(number) + chance.randbytes(size - number) for number in range(count)]


@dataclass
class Scene:
    """The officer's phone behind the link, and the desk that looks on from the office over a good line."""

    house: House
    link: BadLink
    phone: Pocket
    http: httpx.AsyncClient
    photos: Sequence[bytes]
    tell: Callable[[str], None] = lambda _: None
    known: int = 0
    task_id: str = ""
    desk: Person | None = None

    async def record(self) -> dict[str, Any]:
        """The visit as the office sees it; nothing before the visit is there."""
        assert self.desk is not None
        task = await self.desk.get(f"/tasks/{self.task_id}")
        return await self.desk.get(f"/inspections/{task['inspection_id']}") if task["inspection_id"] else {}  # type: ignore[no-any-return]

    async def visit_without_signal(self) -> None:
        """Afterwards everything is on the phone and nothing of it at the office."""
        self.desk = await sign_in(self.http, "huaiyin", self.house.password)
        officers = [await sign_in(self.http, login, self.house.password) for login in ("huaiyin01", "huaiyin02")]
        source = (await self.desk.get("/sources", q="示例槐荫涂装"))["items"][0]
        body = {"kind": "routine", "title": TITLE, "source_id": source["id"]}
        self.task_id = (await self.desk.post("/tasks", body))["id"]
        ids = [one.officer_id for one in officers]
        await self.desk.post(f"/tasks/{self.task_id}/assign", {"officer_ids": ids, "lead_officer_id": ids[0]})
        phone = self.phone
        await phone.sign_in("huaiyin01", self.house.password)
        await phone.prepare(TITLE)
        await phone.lose_signal()
        await phone.accept()
        await phone.arrive()
        await self._take_photos()
        await phone.sign_all("示例厂长")
        await phone.hand_in("示例：未发现问题")

    async def _take_photos(self) -> None:
        phone = self.phone
        await phone.step("photos")
        drafts = phone.page.locator(".cell.draft")
        with tempfile.TemporaryDirectory() as folder:
            files = [Path(folder, f"示例{number}.png") for number in range(len(self.photos))]
            for file, photo in zip(files, self.photos, strict=True):
                file.write_bytes(photo)
            await phone.page.locator(".album [data-test=camera]").set_input_files(files)
            await expect(drafts).to_have_count(len(files), timeout=60_000)
        for left in range(len(self.photos) - 1, -1, -1):
            await drafts.first.click()
            await phone.page.get_by_role("button", name="排放口状况", exact=True).click()
            await phone.on("save-photo").click()
            await expect(drafts).to_have_count(left)

    async def send(self, scale: float) -> Figures:
        """Afterwards every photo is at the office. The form goes over the link as slow as it is, the photos `scale` times faster."""
        figures = Figures(len(self.photos), sum(map(len, self.photos)))
        self.link.is_bad, began = True, time.monotonic()
        await self.phone.find_signal()
        await until(self._is_handed_in, "the form is in", 120)
        figures.form_s = round(time.monotonic() - began, 1)
        figures.photos_in_with_form = (await self.record())["arrived_photo_count"]
        self.link.scale = scale
        went_on = time.monotonic()
        within_s = 60 + 6_000 / scale
        await until(lambda: self._has(RELOAD_AFTER), f"{RELOAD_AFTER} photos are in", within_s)
        await self._look(figures)
        await self.phone.reload()
        await until(lambda: self._has(len(self.photos)), "all photos are in", within_s)
        figures.all_s = round(figures.form_s + (time.monotonic() - went_on) * scale)
        figures.line = asdict(self.link.tally)
        return figures

    async def _look(self, figures: Figures) -> None:
        record = await self.record()
        figures.seen.append(f"{record['state']} {record['arrived_photo_count']}/{record['photo_count']}")
        figures.seen.append(await self.phone.on("files").inner_text())

    async def _is_handed_in(self) -> bool:
        return (await self.record()).get("state") == "submitted"

    async def _has(self, count: int) -> bool:
        arrived = int((await self.record())["arrived_photo_count"])
        if arrived != self.known:
            self.known = arrived
            self.tell(f"{arrived}/{len(self.photos)} photos in, {self.link.tally.cuts} cuts")
        return arrived >= count

    async def arrived(self) -> list[str]:
        """The digests of the photos as the office gets them, byte for byte."""
        assert self.desk is not None
        found = []
        for photo in (await self.record())["photos"]:
            headers = {"authorization": f"Bearer {self.desk.token}"}
            answer = await self.http.get(f"/api/evidence/{photo['id']}/file", headers=headers)
            answer.raise_for_status()
            found.append(hashlib.sha256(answer.content).hexdigest())
        return found


async def open_scene(
    house: House, machine: Machine, link: BadLink, http: httpx.AsyncClient, photos: list[bytes]
) -> Scene:
    """The phone stands at the factory; the link is still good."""
    page = await machine.phone(lon=116.9, lat=36.65)
    return Scene(house, link, Pocket(page, link.address), http, photos)


def digests(photos: Sequence[bytes]) -> set[str]:
    """What they are known by."""
    return {hashlib.sha256(photo).hexdigest() for photo in photos}
