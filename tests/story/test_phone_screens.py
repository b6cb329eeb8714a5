"""Every screen of the phone at 360×740, with data in it: for a screen reader, for a thumb, and in Chinese."""

from __future__ import annotations

import re

import httpx

from tests.story.faces.allies import sign_memorandum
from tests.story.faces.browser import FAKE_MEDIA, Machine
from tests.story.faces.day import Day, Errands
from tests.story.faces.house import House
from tests.story.faces.pocket import Pocket
from tests.story.faces.screen_checks import faults
from tools.setup_web import APPS

BROWSER_FLAGS = FAKE_MEDIA
STEPS = {"list", "photos", "problems", "party", "sign", "submit"}
SHOWN_WHATEVER_THE_STEP = {"support"}
"""The note of a visit that only helps is its first page under any address."""


async def test_every_screen_can_be_read_and_reached(house: House, machine: Machine) -> None:
    phone = Pocket(await machine.phone(lon=116.9, lat=36.65, hears=True), house.desk.address)
    found: dict[str, list[str]] = {}
    addresses: set[str] = set()
    names: set[str] = set()

    async def look(name: str) -> None:
        names.add(name)
        addresses.add(phone.page.url.partition("#")[2].partition("?")[0])
        if wrong := await faults(phone.page):
            found[name] = wrong

    await sign_memorandum(house.desk.address, house.password)
    async with httpx.AsyncClient(base_url=house.desk.address) as office:
        signed = await office.post("/api/session", json={"login": "huaiyin", "password": house.password})
        assert signed.is_success, signed.text
        await Day(phone, Errands(office), house.password, look).walk()
    assert not found, "\n".join(f"{name}: {line}" for name, lines in found.items() for line in lines)
    assert [route for route in routes() if not any(re.fullmatch(route, one) for one in addresses)] == []
    assert {one.rpartition("/")[2] for one in addresses if re.fullmatch("/visit/[^/]+/[^/]+", one)} >= STEPS
    assert names >= SHOWN_WHATEVER_THE_STEP


def routes() -> list[str]:
    """The addresses of the phone as its router has them, each as a pattern; a new screen has to be walked to."""
    words = (APPS / "mobile" / "frame" / "router.ts").read_text(encoding="utf-8")
    paths = [one for one in re.findall(r'path: "(/[^"]*)"', words) if ":other" not in one]
    assert len(paths) > 15, "the router has changed its looks"
    parts = ((r":\w+\(([^)]*)\)", r"(\1)"), (r"/:\w+\?", "(/[^/]+)?"), (r":\w+", "[^/]+"))
    for pattern, put in parts:
        paths = [re.sub(pattern, put, one) for one in paths]
    return paths
