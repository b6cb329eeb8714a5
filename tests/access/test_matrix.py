"""Who may do what to the records of the east, and why not. The table is the policy; the code is held to it.

`yes` means that the gate lets the deed pass, whatever the record's state then says to it (409).
"""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from liandong.registers.access.vocabulary import VERBS
from tests.access.scene import Scene
from tests.access.test_routes import ask
from tests.conftest import As
from tests.seat import Refusal, assert_words
from tests.world import Person, World

YES, NO_VERB, NO_WAY, UNSEEN = "yes", "access.verb_missing", "access.way_missing", "kernel.not_found"

PEOPLE = ("desk", "leader", "officer", "lead", "sent", "chief", "joint", "reviewer", "admin", "auditor", "next", "far")
"""At home: desk, leader, an officer not on the task, the lead who is. `sent`: a neighbour's officer on the task. Above:
chief, the centre's dispatcher, the legal reviewer, the admin, the auditor. A neighbour's desk; a foreign city's."""

READ = {"GET /api/sources/{source_id}", "GET /api/tasks/{task_id}", "GET /api/tasks/{task_id}/pack",
        "GET /api/evidence/{evidence_id}", "GET /api/evidence/{evidence_id}/file",
        "GET /api/inspections/{inspection_id}", "GET /api/inspections/{inspection_id}/signatures/{signature_id}",
        "GET /api/problems/{problem_id}", "GET /api/missions/{mission_id}",
        "GET /api/missions/{mission_id}/flights/{number}.kmz"}  # fmt: skip
"""What hangs from the task, and the file of its source. The clue that is still open hangs from no task."""

WORKS = "desk leader officer lead sent chief joint reviewer"
DESKS_AND_ABOVE = "desk leader chief joint"
POLICY: dict[str, str] = {
    **dict.fromkeys(READ, WORKS),
    "GET /api/clues/{clue_id}": WORKS.replace("sent ", ""),
    "POST /api/clues/{clue_id}/accept": DESKS_AND_ABOVE,
    "POST /api/clues/{clue_id}/decline": DESKS_AND_ABOVE,
    "POST /api/clues/{clue_id}/petitioner": "desk leader",
    "POST /api/tasks/{task_id}/assign": DESKS_AND_ABOVE,
    "POST /api/tasks/{task_id}/urge": DESKS_AND_ABOVE,
    "POST /api/tasks/{task_id}/cancel": DESKS_AND_ABOVE,
    "POST /api/missions/{mission_id}/release": DESKS_AND_ABOVE,
    "POST /api/missions/{mission_id}/report_flown": WORKS,
    "POST /api/missions/{mission_id}/orders": WORKS,
    "POST /api/missions/{mission_id}/cancel": DESKS_AND_ABOVE,
    "POST /api/problems/{problem_id}/evidence": "desk leader officer lead sent",
    "POST /api/problems/{problem_id}/order": "desk leader",
    "POST /api/problems/{problem_id}/claim": "desk leader officer lead sent",
    "POST /api/problems/{problem_id}/return": "desk leader",
    "POST /api/problems/{problem_id}/close_out": "desk leader",
    "POST /api/problems/{problem_id}/look_back": WORKS,
    "POST /api/problems/{problem_id}/look_back_day": WORKS,
}
ROLE_HAS_IT: dict[str, str] = {
    # who holds the power by role, though not over this record: refused for the way, not for the role
    "POST /api/clues/{clue_id}/petitioner": "chief joint",
    "POST /api/problems/{problem_id}/evidence": "chief joint reviewer",
    "POST /api/problems/{problem_id}/order": "chief joint",
    "POST /api/problems/{problem_id}/claim": "chief joint reviewer",
    "POST /api/problems/{problem_id}/return": "chief joint",
    "POST /api/problems/{problem_id}/close_out": "chief joint",
}
OUT_OF_SIGHT = {"GET /api/clues/{clue_id}", "POST /api/clues/{clue_id}/accept", "POST /api/clues/{clue_id}/decline",
                "POST /api/clues/{clue_id}/petitioner"}  # fmt: skip


def expected(route: str, who: str) -> str:
    if who in ("next", "far") or (who == "sent" and route in OUT_OF_SIGHT):
        return UNSEEN
    if who in POLICY[route].split():
        return YES
    return NO_WAY if who in ROLE_HAS_IT.get(route, "").split() else NO_VERB


@pytest.fixture
def people(world: World) -> dict[str, Person]:
    east = world.east
    found = (east.dispatcher, east.leader, east.luo, east.lin, world.south.luo, world.chief, world.joint)
    above = (world.reviewer, world.admin, world.auditor)
    return dict(zip(PEOPLE, (*found, *above, world.south.dispatcher, world.foreign.dispatcher), strict=True))


async def test_who_may_do_what_to_whose(as_: As, people: dict[str, Person], scene: Scene) -> None:
    for route, who in product(POLICY, PEOPLE):
        answer = await ask(as_, people[who], route, scene)
        code = answer.json().get("code") if answer.status_code >= 400 else YES
        told = code if code in (NO_VERB, NO_WAY, UNSEEN) else YES
        assert told == expected(route, who), f"{route} by {who}: {answer.status_code} {answer.text[:300]}"
        if told in (NO_VERB, NO_WAY):
            assert answer.status_code == 403
            assert_reason(answer.json())


def assert_reason(problem: dict[str, Any]) -> None:
    """Whoever sees a record and may not decide on it is told which rule says so."""
    assert_words(problem)
    rule = problem["rule"]
    assert rule["verb"] in VERBS
    assert rule["zh"] == VERBS[rule["verb"]].zh
    assert rule["roles_needed"]
    if problem["code"] == NO_WAY:
        assert rule["ways_needed"]
        assert not set(rule["ways_found"]) & set(rule["ways_needed"])


async def test_buttons_say_what_the_gate_says(as_: As, people: dict[str, Person], scene: Scene) -> None:
    """A face draws its buttons from `verbs`: each that is offered is let through, none that is refused is offered."""
    moves = {
        "tasks": (scene.task, {"assign": "assign", "cancel": "cancel"}),
        "clues": (scene.open_clue, {"accept": "accept", "decline": "decline"}),
        "problems": (scene.problem, {"claim": "claim", "order": "order", "close_out": "close_out"}),
    }
    for room, who in product(moves, PEOPLE):
        record_id, routes = moves[room]
        try:
            record = await as_(people[who]).get(f"/{room}/{record_id}")
        except Refusal:
            continue
        key = {"tasks": "task_id", "clues": "clue_id", "problems": "problem_id"}[room]
        for verb, path in routes.items():
            allowed = expected(f"POST /api/{room}/{{{key}}}/{path}", who) == YES
            assert allowed or verb not in record["verbs"], f"{who} is offered {verb} of {room}"
            if allowed and verb in ("accept", "decline", "claim"):  # what the state of the scene allows
                assert verb in record["verbs"], f"{who} is not offered {verb} of {room}"


async def test_sight_by_a_task_ends_with_the_task(as_: As, people: dict[str, Person], scene: Scene) -> None:
    sent = as_(people["sent"])
    await sent.get(f"/tasks/{scene.task}")
    again = await as_(people["joint"]).draft_task(source_id=scene.source)
    await as_(people["joint"]).assign(again, people["lead"], people["sent"])
    await as_(people["joint"]).post(f"/tasks/{again['id']}/cancel", {"reason": "示例"})
    with pytest.raises(Refusal) as refused:
        await sent.get(f"/tasks/{again['id']}")
    assert refused.value.code == UNSEEN
    assert (await sent.get(f"/tasks/{scene.task}"))["id"] == scene.task


async def test_a_sources_file_opens_to_officers_sent_there_but_not_their_hands(
    as_: As, people: dict[str, Person], world: World, scene: Scene
) -> None:
    """An officer of the west on another task at the factory reads its earlier problem, and decides nothing on it."""
    task = await as_(people["joint"]).draft_task(source_id=scene.source)
    await as_(people["joint"]).assign(task, world.west.lin, world.west.luo)
    guest = as_(world.west.lin)
    file = await guest.get(f"/sources/{scene.source}")
    assert [problem["id"] for problem in file["problems"]] == [scene.problem]
    assert file["problems"][0]["verbs"] == []
    assert (await guest.get(f"/problems/{scene.problem}"))["id"] == scene.problem
    with pytest.raises(Refusal) as refused:
        await guest.post(f"/problems/{scene.problem}/claim", {"statement": "示例", "evidence_ids": []})
    assert refused.value.code == NO_WAY
    assert_reason(refused.value.body)
