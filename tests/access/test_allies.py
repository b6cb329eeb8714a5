"""The access matrix of allies: what a memorandum opens, to whom, and that it opens nothing before, beside or after.

Each cell says `yes`, or by which rule not: no verb, no way in, or not there at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from liandong.kernel.clock import beijing_today
from liandong.kernel.db import Database, Role
from liandong.kernel.errors import Refused
from liandong.kernel.jobs import Worker
from liandong.registers.access import gate
from liandong.registers.access.door import refreshed
from liandong.registers.access.vocabulary import VERBS, Way
from liandong.registers.alliances.queries import find_memorandum
from tests.access.test_matrix import NO_VERB, NO_WAY, UNSEEN, YES, assert_reason
from tests.access.test_sight_of_feed import lines, names
from tests.allies import a_day_goes_by, in_force
from tests.conftest import As
from tests.phone import Phone
from tests.seat import PICTURE, Body, refused
from tests.world import BORDER_POINT, Person, World

PEOPLE = ("finder", "colleague", "desk", "leader", "ally", "ally_leader", "ally_officer", "member", "joint", "chief",
          "reviewer", "admin", "auditor", "far")  # fmt: skip
"""At the sender's: who found it, a colleague, the desk, the leader. `ally`: the receiver's desk, leader, an officer. `member`:
the desk of a third member, who was not told. Above both: joint, chief, the legal reviewer, admin and auditor. A foreign city."""
SENDERS, RECEIVERS, ABOVE = "finder colleague desk leader", "ally ally_leader ally_officer", "joint chief"
SEES = f"{SENDERS} {RECEIVERS} {ABOVE} reviewer"
POLICY = {
    "GET referral": SEES,
    "GET photo": SEES,
    "POST referral accept": "ally ally_leader",
    "POST referral return": "ally ally_leader",
    "POST referral ask": "ally ally_leader",
    "POST referral withdraw": "desk leader",
    "POST referral designate": ABOVE,
    "GET clue": f"{SENDERS} {ABOVE} reviewer",
    "POST clue accept": f"desk leader {ABOVE}",
    "POST clue decline": f"desk leader {ABOVE}",
    "POST clue petitioner": "desk leader",
}
"""Never an ally: to read the clue itself, to take it up, to decline it, to learn who complained."""
HOLDS_THE_ROLE = {
    "POST referral accept": f"desk leader {ABOVE}",
    "POST referral return": f"desk leader {ABOVE}",
    "POST referral ask": f"desk leader {ABOVE}",
    "POST referral withdraw": f"ally ally_leader {ABOVE}",
    "POST referral designate": "desk leader ally ally_leader",
    "POST clue petitioner": ABOVE,
}
"""Refused for the way, not for the role."""
BODIES = {"return": {"reason": "示例"}, "ask": {"reason": "示例"}, "withdraw": {"reason": "示例"}, "decline": {"reason": "示例"},
          "designate": {"area_code": "990102"}}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What was told: its referral, clue and photo, and the words that no stranger may read."""

    referral: str
    clue: str
    photo: str
    marks: tuple[str, ...]

    def path(self, what: str) -> str:
        """Where a cell's record lies."""
        rooms = {
            "referral": f"/referrals/{self.referral}",
            "clue": f"/clues/{self.clue}",
            "photo": f"/evidence/{self.photo}/file",
        }
        return rooms[what]


@pytest.fixture
def people(world: World) -> dict[str, Person]:
    east, south = world.east, world.south
    at_home = (east.lin, east.luo, east.dispatcher, east.leader)
    allied = (south.dispatcher, south.leader, south.lin, world.west.dispatcher)
    above = (world.joint, world.chief, world.reviewer, world.admin, world.auditor)
    return dict(zip(PEOPLE, (*at_home, *allied, *above, world.foreign.dispatcher), strict=True))


@pytest.fixture
async def told(as_: As, world: World, memorandum: Body) -> Told:
    """The east has told the south of something, with a photo."""
    assert memorandum["holds"]
    phone = Phone(as_(world.east.lin), "")
    await phone.seat.put_file(PICTURE)
    words = "示例：只有双方知道的排口"
    [receipt] = await phone.send([phone.tell(PICTURE, BORDER_POINT, to_area=world.south.area_code, description=words)])
    assert receipt["outcome"] == "accepted"
    shown = await as_(world.south.dispatcher).get(f"/referrals/{receipt['deed_id']}")
    ids = (shown["id"], shown["clue_id"], shown["evidence_ids"][0])
    return Told(*ids, marks=(*ids, shown["number"], shown["clue_number"], words))


@pytest.fixture
async def memorandum(as_: As, world: World) -> Body:
    """East, south and west, for a year."""
    return await in_force(as_, world.east, world.south, world.west)


async def ask(as_: As, person: Person, cell: str, told: Told) -> httpx.Response:
    method, what, *verb = cell.split()
    path = told.path(what) + (f"/{verb[0]}" if verb else "")
    return await as_(person).ask(method, path, **({"json": BODIES.get(verb[0], {})} if verb else {}))


def expected(cell: str, who: str) -> str:
    if who in POLICY[cell].split():
        return YES
    sees = POLICY["GET clue" if " clue" in cell else "GET referral"].split()
    if who not in sees and who not in ("admin", "auditor"):
        return UNSEEN
    return NO_WAY if who in HOLDS_THE_ROLE.get(cell, "").split() else NO_VERB


async def test_who_may_do_what_while_it_is_offered(as_: As, people: dict[str, Person], told: Told) -> None:
    for cell, who in product(POLICY, PEOPLE):
        if cell.startswith("POST") and expected(cell, who) == YES:
            continue  # done below: it would change what the others are asked about
        answer = await ask(as_, people[who], cell, told)
        code = answer.json().get("code") if answer.status_code >= 400 else YES
        assert code == expected(cell, who), f"{cell} by {who}: {answer.status_code} {answer.text[:300]}"
        if code in (NO_VERB, NO_WAY):
            assert_reason(answer.json())
    while_it_is_the_senders = sorted(POLICY, key=lambda cell: " clue" not in cell)
    for cell, who in product(while_it_is_the_senders, PEOPLE):
        if cell.startswith("POST") and expected(cell, who) == YES:
            answer = await ask(as_, people[who], cell, told)
            code = answer.json().get("code") if answer.status_code >= 400 else YES
            assert code not in (NO_VERB, NO_WAY, UNSEEN), f"{cell} by {who}: {answer.text[:300]}"


def test_no_ally_closes_out_files_decides_or_seals() -> None:
    """What is open to allies beside reading is their own answer and their own signature, and nothing else."""
    open_to_allies = {name for name, verb in VERBS.items() if Way.allied in verb.ways and not name.endswith(":read")}
    assert open_to_allies == {
        "memoranda:sign", "memoranda:leave", "referrals:accept", "referrals:return", "referrals:ask",
    }  # fmt: skip


async def test_whoever_stands_over_one_of_them_alone_looks_and_leaves_it(as_: As, db: Database, world: World) -> None:
    """A foreign city sees what its district signs with ours. It neither takes it back nor gives it up."""
    memorandum = await in_force(as_, world.east, world.foreign)
    district = await refreshed(db, world.foreign.leader.account_id)
    city = replace(district, home_area="980100", areas=district.areas | {"980100"})
    async with db.transaction(Role.app, city.scope()) as session:
        seen = await find_memorandum(session, city, UUID(memorandum["id"]))
        assert gate.ways_to(city, seen) == {Way.superior}
        for verb in ("memoranda:draft", "memoranda:sign", "memoranda:leave"):
            assert not gate.allowed(city, verb, seen), verb
            with pytest.raises(Refused, match=r"access\.way_missing"):
                await find_memorandum(session, city, seen.id, verb)


async def test_nothing_of_it_leaks_to_a_third_member(
    as_: As, app: FastAPI, people: dict[str, Person], world: World, worker: Worker, memorandum: Body
) -> None:
    """Not by lists and their counts, search, the ledger, the live line, the picture, or the words of a refusal."""
    await worker.drain()
    watching = {who: people[who] for who in ("desk", "ally", "member", "joint", "far")}
    async with lines(app, watching) as open_lines:
        phone = Phone(as_(world.east.lin), "")
        words = "示例：只有双方知道的排口"
        [receipt] = await phone.send(
            [phone.tell(PICTURE, BORDER_POINT, to_area=world.south.area_code, description=words)]
        )
        referral = receipt["deed_id"]
        clue = (await as_(world.south.dispatcher).get(f"/referrals/{referral}"))["clue_id"]
        await worker.drain()
        for line in open_lines.values():
            await line.catch_up()
        assert "ReferralSent" in names(open_lines["desk"])
        assert names(open_lines["ally"]) == ["ReferralSent"]  # not the clue: that is the east's
        assert "ReferralSent" in names(open_lines["joint"])
        assert names(open_lines["member"]) == names(open_lines["far"]) == []
    asked: list[tuple[str, dict[str, str]]] = [
        ("/referrals", {}), ("/referrals", {"clue_id": clue}), ("/referrals", {"direction": "received"}), ("/clues", {}),
        ("/picture", {}), ("/ledger", {"subject_id": referral}), ("/ledger", {"subject_id": clue}), ("/sources", {"q": "排口"}),
    ]  # fmt: skip
    for who, (path, params) in product(("member", "far"), asked):
        answer = await as_(people[who]).ask("GET", path, params=params)
        assert answer.status_code == 200
        assert words not in answer.text, f"{path} by {who}"
        assert "TB20" not in answer.text, f"{path} by {who}"
        if isinstance(answer.json(), dict) and "total" in answer.json():
            assert answer.json()["total"] == len(answer.json()["items"])
    for body in ({"clue_id": clue}, {"clue": {"description": "示例"}}):
        said = {"id": referral, "to_area": world.south.area_code} | body
        answer = await as_(people["member"]).ask("POST", "/referrals", json=said)
        assert answer.status_code in (404, 409)
        assert words not in answer.text


async def neighbours(as_: As, person: Person) -> list[str]:
    return [one["area_code"] for one in (await as_(person).get("/referrals/proposal"))["choices"]]


async def test_before_its_term_and_after_it_nobody_is_told(as_: As, db: Database, world: World, worker: Worker) -> None:
    """What was told while it held stays between the two, and one of them still has to answer for it."""
    today = beijing_today()
    term = {"from_on": str(today + timedelta(days=1)), "until_on": str(today + timedelta(days=1))}
    await in_force(as_, world.east, world.south, **term)
    with refused("referrals.no_memorandum", 409):
        await as_(world.east.lin).tell(world.south)
    assert world.south.area_code not in await neighbours(as_, world.east.lin)
    await a_day_goes_by(db)
    referral = await as_(world.east.lin).tell(world.south)
    await a_day_goes_by(db)
    with refused("referrals.no_memorandum", 409):
        await as_(world.east.lin).tell(world.south)
    assert await neighbours(as_, world.south.lin) == []
    accepted = await as_(world.south.dispatcher).post(f"/referrals/{referral['id']}/accept")
    assert accepted["owner_area"] == world.south.area_code
    with refused("kernel.not_found", 404):
        await as_(world.west.dispatcher).get(f"/referrals/{referral['id']}")
