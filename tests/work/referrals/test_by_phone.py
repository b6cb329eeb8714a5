"""A neighbour is told from a phone, with or without signal, once however often the phone says it."""

from __future__ import annotations

import pytest

from tests.allies import in_force
from tests.conftest import As
from tests.phone import Phone
from tests.seat import PICTURE, assert_words
from tests.world import BORDER_POINT, World

IN_SOUTH = (BORDER_POINT[0] + 0.05, BORDER_POINT[1] - 0.003)
JUST_AT_HOME = (BORDER_POINT[0] + 0.05, BORDER_POINT[1] + 0.003)
FAR_FROM_ALL = (BORDER_POINT[0] + 0.05, BORDER_POINT[1] + 0.05)


@pytest.mark.parametrize("place", [IN_SOUTH, JUST_AT_HOME])
async def test_without_a_word_the_place_says_whose_it_is(as_: As, world: World, place: tuple[float, float]) -> None:
    await in_force(as_, *world.districts)
    phone = Phone(as_(world.east.lin), "")
    deed = phone.tell(PICTURE, place)
    for outcome in ("accepted", "repeated"):  # its answer was lost, and it says it again
        [receipt] = await phone.send([deed])
        assert receipt["outcome"] == outcome
    (referral,) = (await as_(world.south.dispatcher).get("/referrals"))["items"]
    assert (referral["id"], referral["to_area"], referral["state"]) == (deed["id"], world.south.area_code, "sent")
    photo = f"/evidence/{referral['evidence_ids'][0]}"
    assert (await as_(world.south.dispatcher).ask("GET", f"{photo}/file")).status_code == 409  # not here yet
    await phone.seat.put_file(PICTURE)
    assert (await as_(world.south.dispatcher).ask("GET", f"{photo}/file")).content == PICTURE


async def test_where_nobody_is_near_a_person_must_say_whom(as_: As, world: World) -> None:
    await in_force(as_, *world.districts)
    phone = Phone(as_(world.east.lin), "")
    for place in (FAR_FROM_ALL, None):
        [receipt] = await phone.send([phone.tell(PICTURE, place)])
        assert (receipt["outcome"], receipt["problem"]["code"]) == ("refused", "referrals.neighbour_unclear")
        assert_words(receipt["problem"])
    [receipt] = await phone.send([phone.tell(PICTURE, None, to_area=world.west.area_code)])
    assert receipt["outcome"] == "accepted"
    assert (await as_(world.east.dispatcher).get("/clues"))["total"] == 1  # what was refused left nothing behind


async def test_a_deed_of_no_task_names_none_and_others_name_theirs(as_: As, world: World) -> None:
    phone = Phone(as_(world.east.lin), str(world.factory))
    told, accepted = phone.tell(PICTURE), phone.accept()
    told |= {"task_id": str(world.factory)}
    del accepted["task_id"]
    for deed in (told, accepted):
        [receipt] = await phone.send([deed])
        assert receipt["problem"]["code"] == "deeds.unreadable"
