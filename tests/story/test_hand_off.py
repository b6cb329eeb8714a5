"""Telling the neighbour is as fast as a chat message: three taps from opening the app, and without a signal it goes later."""

from __future__ import annotations

import os
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import FilePayload, Page, expect

from tests.story.faces.allies import sign_memorandum, signed_in
from tests.story.faces.browser import Machine
from tests.story.faces.house import House
from tests.story.faces.pocket import SENT_MS, Pocket
from tests.story.faces.screen_checks import faults

HOME, LOGIN = "370104", "huaiyin01"
MOST_TAPS, MOST_SECONDS = 3, 15
KEPT = os.environ.get("KEEP_PICTURES_IN")
PHOTO = Path(__file__).parents[2] / "liandong" / "demo" / "pictures"
COUNT_TAPS = "sessionStorage.taps ??= 0; addEventListener('pointerup', () => { sessionStorage.taps++; }, true);"


def picture() -> FilePayload:
    """What the camera brings."""
    found = next(iter(sorted(PHOTO.glob("*.jpg")) or sorted(PHOTO.glob("*.jpeg"))))
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": found.read_bytes()}


@pytest.fixture
async def border(house: House) -> tuple[str, tuple[float, float]]:
    """A neighbour, and a place on the border with it."""
    await sign_memorandum(house.desk.address, house.password)
    async with signed_in(house.desk.address, "wall", house.password) as centre:
        borders = (await centre.get(f"/areas/{HOME}/borders")).raise_for_status().json()
        found = next(one for one in borders if one["area_code"] in {"370103", "370105", "370113"})
        return found["area_code"], tuple(found["line"][len(found["line"]) // 2])


@pytest.fixture
async def phone(house: House, machine: Machine, border: tuple[str, tuple[float, float]]) -> AsyncIterator[Pocket]:
    """An officer at the border, whose phone has heard whom it may tell."""
    page = await machine.phone(*border[1])
    pocket = Pocket(page, house.desk.address)
    await pocket.sign_in(LOGIN, house.password)
    await expect(pocket.on("tell-camera")).to_be_attached()
    await page.add_init_script(COUNT_TAPS)
    yield pocket
    await page.context.close()


async def look(page: Page, name: str, found: dict[str, list[str]]) -> None:
    if wrong := await faults(page):
        found[name] = wrong
    if KEPT:
        await page.screenshot(path=f"{KEPT}/hand-off-{name}.png")


async def tell(phone: Pocket, words: str) -> None:
    """Photo, words, send: three taps."""
    async with phone.page.expect_file_chooser() as opened:
        await phone.page.locator("label.tell").tap()
    await (await opened.value).set_files(picture())
    await phone.page.get_by_role("button", name=words, exact=True).tap()
    await phone.on("tell").tap()


async def test_three_taps_from_opening_the_app_to_sent(
    house: House, phone: Pocket, border: tuple[str, tuple[float, float]]
) -> None:
    page, found = phone.page, dict[str, list[str]]()
    began = time.monotonic()
    await page.goto(f"{phone.address}/mobile/")
    await expect(page.locator("label.tell")).to_be_visible()
    await look(page, "today", found)
    async with page.expect_file_chooser() as opened:
        await page.locator("label.tell").tap()
    await (await opened.value).set_files(picture())
    await expect(page.locator(f"[data-area='{border[0]}']")).to_have_class(re.compile(r"\bon\b"))
    await look(page, "tell", found)
    await page.get_by_role("button", name="疑似偷排污水", exact=True).tap()
    await look(page, "words", found)
    await phone.on("tell").tap()
    await expect(phone.on("told")).to_have_attribute("data-state", "accepted", timeout=SENT_MS)
    seconds, taps = time.monotonic() - began, int(await page.evaluate("sessionStorage.taps"))
    await look(page, "sent", found)
    print(f"{taps} taps, {seconds:.1f} s from opening the app to sent")
    assert taps <= MOST_TAPS
    assert seconds <= MOST_SECONDS
    assert not found
    login = {"370103": "shizhong", "370105": "tianqiao", "370113": "changqing"}[border[0]]
    async with signed_in(house.desk.address, login, house.password) as neighbour:
        (told,) = (await neighbour.get("/referrals", params={"direction": "received"})).json()["items"]
        assert (told["description"], told["element"], told["state"]) == ("疑似偷排污水", "water", "sent")
        photo = await neighbour.get(f"/evidence/{told['evidence_ids'][0]}/file")
        assert photo.content == picture()["buffer"]


async def test_without_a_signal_it_goes_once_there_is_one(phone: Pocket) -> None:
    page, found = phone.page, dict[str, list[str]]()
    await phone.lose_signal()
    await tell(phone, "现场有异味")
    await expect(page.get_by_text("已保存在本机，有信号自动发送")).to_be_visible()
    await look(page, "offline", found)
    await phone.find_signal()
    await expect(phone.on("told")).to_have_attribute("data-state", "accepted", timeout=SENT_MS)
    assert not found
