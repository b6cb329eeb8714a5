"""Two leaders sign in the office and see before what each will see; a clue is told from one desk and accepted at the next."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Locator, Page, expect

from tests.allies import terms
from tests.story.faces.allies import signed_in
from tests.story.faces.browser import Machine
from tests.story.faces.house import House
from tests.story.faces.office import Desk
from tests.story.test_recorders import no_sideways

OFFICE = (1366, 768)
KEPT = os.environ.get("KEEP_PICTURES_IN")
HOME, NEIGHBOUR = "370104", "370103"


@pytest.fixture
async def offered(house: House) -> str:
    """A memorandum of Huaiyin and Shizhong waits for both."""
    async with signed_in(house.desk.address, "huaiyin", house.password) as desk:
        agencies = (await desk.get("/agencies")).json()
        members = [one["id"] for one in agencies if one["area_code"] in (HOME, NEIGHBOUR) and one["tier"] == "branch"]
        draft = (await desk.post("/memoranda", json=terms(member_ids=members))).raise_for_status().json()
        (await desk.post(f"/memoranda/{draft['id']}/offer")).raise_for_status()
        return str(draft["id"])


@pytest.fixture
async def desks(house: House, machine: Machine) -> AsyncIterator[dict[str, Desk]]:
    """Two leaders and two desks, each in an office of their own."""
    found = {}
    for login in ("huaiyin-leader", "shizhong-leader", "huaiyin", "shizhong"):
        desk = Desk(await machine.seat(OFFICE), house.desk.address)
        await desk.sign_in(login, house.password)
        found[login] = desk
    yield found
    for desk in found.values():
        await desk.page.context.close()


async def look(page: Page, name: str) -> None:
    await no_sideways(page)
    if KEPT:
        await page.screenshot(path=f"{KEPT}/allies-{name}.png")


async def sign(desk: Desk, memorandum_id: str) -> None:
    await desk.go(f"/memoranda/{memorandum_id}")
    await expect(desk.page.locator("[data-test=preview]")).to_contain_text("线索通报联合办案机制")
    await desk.button("签署").click()
    await desk.page.get_by_role("dialog").get_by_role("button", name="签署", exact=True).click()


def owner(desk: Desk) -> Locator:
    return desk.page.locator("[data-test=owner]")


async def test_they_sign_and_a_clue_changes_hands(house: House, desks: dict[str, Desk], offered: str) -> None:
    first, second = desks["huaiyin-leader"], desks["shizhong-leader"]
    await first.go(f"/memoranda/{offered}")
    await expect(first.page.locator("[data-test=preview] .gained").first).to_be_visible()
    await look(first.page, "preview")
    await sign(first, offered)
    await sign(second, offered)
    for desk in (first, second):
        await desk.is_in_state("生效")
    await look(second.page, "in-force")
    await second.go("/memoranda")
    await expect(second.page.locator("[data-test=memoranda]")).to_contain_text("2 / 2")
    await look(second.page, "memoranda")
    async with signed_in(house.desk.address, "huaiyin", house.password) as api:
        line = next(one for one in (await api.get(f"/areas/{HOME}/borders")).json() if one["area_code"] == NEIGHBOUR)[
            "line"
        ]
        lon, lat = line[len(line) // 2]
        clue = {"kind": "patrol", "description": "示例：交界处沟渠发黑", "element": "water", "lon": lon, "lat": lat}
        found = (await api.post("/clues", json=clue)).raise_for_status().json()
    sender, receiver = desks["huaiyin"], desks["shizhong"]
    if found["area_code"] != HOME:
        pytest.fail(f"the place on the border is said to lie in {found['area_code']}")
    await sender.go(f"/clues/{found['id']}")
    dialog = await sender.open("通报邻区")
    await expect(dialog.get_by_role("radio", name="市中区")).to_be_checked()
    await look(sender.page, "tell")
    await sender.confirm(dialog, "通报")
    await expect(owner(sender)).to_have_text("槐荫区")
    await look(sender.page, "told")
    await receiver.go("/referrals")
    row = receiver.page.locator("[data-test=referrals] .el-table__row", has_text="示例：交界处沟渠发黑")
    await expect(row).to_contain_text("待接收")
    await look(receiver.page, "received")
    await row.get_by_role("link").click()
    await receiver.button("接收").click()
    await expect(owner(receiver)).to_have_text("市中区")
    await expect(owner(sender)).to_have_text("市中区")  # by itself
    await look(receiver.page, "accepted")
