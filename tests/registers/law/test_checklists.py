"""Checklists for a kind of source and matter: who is offered what, and which question an answer is given to."""

from __future__ import annotations

from datetime import date

import pytest

from liandong.kernel.errors import Invalid, Refused
from liandong.registers import law
from liandong.registers.law import SourceFacts
from liandong.registers.law.glossary import terms
from liandong.registers.law.loader import rulebook

DAY, BEFORE_SPLIT = date(2026, 11, 23), date(2026, 11, 22)
NINE = {"voc", "wastewater_plant", "hazardous_waste", "site", "noise", "permit", "construction", "farm", "catering"}


def keys(source: SourceFacts, *matters: str) -> list[str]:
    return [one.key for one in law.checklists_for(source, matters, on=DAY)]


def test_the_nine_kinds_are_there_and_every_item_can_be_cited() -> None:
    lists = law.checklists(on=DAY)
    assert {one.key for one in lists} >= NINE
    known = {basis.key: basis.element for basis in law.problem_bases(on=DAY)}
    for one in lists:
        for item in one.items:
            assert known[item.suggests_problem] == item.element
            assert "《" in item.cite and item.help


def test_an_item_has_one_key_in_the_whole_rulebook_of_a_day() -> None:
    asked = [item.key for one in law.checklists(on=DAY) for item in one.items]
    assert len(asked) == len(set(asked))


def test_kinds_of_object_in_offers_are_words_of_the_glossary() -> None:
    offers = [offer for file in rulebook().checklists.values() for offer in file.offered]
    named = {kind for offer in offers for kind in offer.object_kinds}
    assert named <= {term.removeprefix("object_kind.") for term in terms() if term.startswith("object_kind.")}


@pytest.mark.parametrize(
    ("source", "offered", "not_offered"),
    [
        (
            SourceFacts(["air"], "C2614"),
            {"voc", "air", "permit", "construction"},
            {"farm", "site", "catering", "noise"},
        ),
        (SourceFacts(["air"], "3021"), {"air", "permit"}, {"voc"}),
        (SourceFacts(["water"], "4620"), {"wastewater_plant", "water", "permit"}, {"air", "voc"}),
        (SourceFacts(object_kind="wastewater_plant"), {"wastewater_plant", "permit", "solid_waste"}, {"farm"}),
        (SourceFacts(["solid_waste"]), {"solid_waste", "hazardous_waste"}, {"air", "site"}),
        (SourceFacts(object_kind="site"), {"site", "noise", "construction"}, {"permit", "air"}),
        (SourceFacts(industry_code="0313"), {"farm"}, {"voc", "catering"}),
        (SourceFacts(["air"], "6210"), {"catering", "air"}, {"voc", "permit"}),
        (SourceFacts(["air"], object_kind="service"), {"catering", "air"}, {"site"}),
        (SourceFacts(["noise"], object_kind="service"), {"noise"}, {"catering"}),
    ],
)
def test_what_is_offered_fits_the_source(source: SourceFacts, offered: set[str], not_offered: set[str]) -> None:
    found = set(keys(source))
    assert offered <= found
    assert not found & not_offered


def test_the_lists_of_the_matter_come_first_and_those_for_a_kind_before_those_of_an_element() -> None:
    found = keys(SourceFacts(["air", "water"], "2614"), "air")
    assert found[:2] == ["voc", "air"]
    assert "water" in found
    assert keys(SourceFacts(["air"]), "farm")[0] == "farm"


def test_where_nothing_is_known_every_list_is_taken_along() -> None:
    assert keys(SourceFacts()) == [one.key for one in law.checklists(on=DAY)]
    assert set(keys(SourceFacts(), "noise")) == {"noise"}


def asked(named: str, item: str, on: date = DAY) -> tuple[str, int] | None:
    found = law.checklist_item(named, item, on=on)
    return found and (found[0].key, found[0].version)


def test_an_answer_finds_its_question_whatever_the_phone_was_packed_with() -> None:
    assert asked("voc", "voc.collected") == ("voc", 1)
    assert asked("air", "voc.collected") == ("voc", 1)  # a phone that knows elements only
    assert asked("solid_waste", "hazardous_waste.labelled") == ("hazardous_waste", 1)
    assert asked("solid_waste", "hazardous_waste.labelled", BEFORE_SPLIT) == ("solid_waste", 1)
    assert asked("solid_waste", "solid_waste.ledger_kept") == ("solid_waste", 2)
    assert asked("voc", "air.permitted") is None  # the other way round would hide a mistake
    assert asked("water", "voc.collected") is None
    with pytest.raises(Invalid, match=r"law\.element_unknown"):
        law.checklist_item("light", "voc.collected", on=DAY)
    with pytest.raises(Refused, match=r"law\.checklist_missing"):
        law.checklist_item("hazardous_waste", "hazardous_waste.labelled", on=BEFORE_SPLIT)
