"""The score of an entry: each lost point says why, and the phone's scorer is held to the same vectors."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from liandong.kernel.errors import Refused
from liandong.registers import law
from liandong.work.problems.entry_score import EntryFacts, PhotoFacts, score_entry
from tests.work.problems import entry_vectors

RULES = law.entry_rules(on=date(2026, 11, 23))
ARRIVED = 1_790_000_000_000
MINUTE = 60_000
GOOD = EntryFacts(
    element="air",
    severity="major",
    description="2026年11月3日14时20分检查时，1号喷漆车间正在喷涂作业，活性炭吸附装置风机未开启，约3小时，车间门口有明显异味。",
    basis_key="air.evasion",
    basis_title="以逃避监管的方式排放大气污染物",
    requirement="立即开启治理设施，查明原因并提交运行记录",
    rectify_by_on="2026-11-10",
    others=("厂区东侧危废暂存间外露天堆放废油漆桶20个，未设置识别标志，有渗漏风险",),
    photos=(
        PhotoFacts("证明吸附装置风机未开启", ARRIVED + 5 * MINUTE),
        PhotoFacts("证明喷漆车间正在生产", ARRIVED + 6 * MINUTE),
    ),
    is_positioned=True,
    distance_m=120.0,
    accuracy_m=8.0,
    arrived_at_ms=ARRIVED,
    ended_at_ms=ARRIVED + 60 * MINUTE,
)


def lost(facts: EntryFacts) -> dict[str, float]:
    return {loss.rule: loss.points for loss in score_entry(facts, RULES).lost}


def test_a_good_entry_loses_nothing() -> None:
    assert score_entry(GOOD, RULES).lost == ()
    assert score_entry(GOOD, RULES).score == 100


@pytest.mark.parametrize(
    ("description", "missing"),
    [
        ("1号车间喷涂作业约3小时，风机未开启，门口有异味，已要求改正", {"fact.time"}),
        ("11月3日正在喷涂作业约3小时，风机未开启，有明显异味", {"fact.place"}),
        ("11月3日1号车间约有3小时味道很大，闻到刺鼻异味，情况不太好", {"fact.act"}),
        ("11月3日在1号车间看到风机未开启，闻到刺鼻异味，已经拍照", {"fact.circumstances"}),
        ("11月3日在1号车间看到风机未开启，约3小时，已经拍照并记录", {"fact.consequence"}),
        (
            "脏乱差",
            {
                "fact.time",
                "fact.place",
                "fact.act",
                "fact.circumstances",
                "fact.consequence",
                "description.long_enough",
            },
        ),
    ],
)
def test_each_of_the_five_facts_is_asked_for(description: str, missing: set[str]) -> None:
    assert set(lost(replace(GOOD, description=description))) == missing


def test_a_date_is_no_circumstance() -> None:
    said = "2026年11月3日14时20分，1号车间风机未开启，有明显异味"
    assert set(lost(replace(GOOD, description=said))) == {"fact.circumstances"}


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"basis_key": None}, {"basis.chosen": 9}),
        ({"severity": ""}, {"fields.chosen": 1.5}),
        ({"requirement": " \u3000\n"}, {"requirement.given": 5, "requirement.specific": 4}),
        ({"requirement": "立即整改"}, {"requirement.specific": 2}),
        ({"rectify_by_on": None}, {"deadline.given": 5}),
        ({"photos": GOOD.photos[:1]}, {"evidence.attached": 6}),
        ({"photos": ()}, {"evidence.attached": 12}),
        ({"is_positioned": False, "distance_m": None}, {"position.recorded": 3}),
        ({"distance_m": 507.0}, {}),  # 8 m of doubt
        ({"distance_m": 600.0}, {"position.near": 4}),
        ({"distance_m": None}, {}),  # the source has no position
        ({"others": (GOOD.description,)}, {"description.own_words": 5}),
        ({"basis_title": GOOD.description}, {"description.own_words": 5}),
        ({"ended_at_ms": None}, {}),
        ({"arrived_at_ms": ARRIVED + 30 * MINUTE}, {"media.in_visit": 4}),
        ({"arrived_at_ms": ARRIVED + 15 * MINUTE + MINUTE // 2}, {"media.in_visit": 2}),
    ],
)
def test_what_is_missing_is_lost(changes: dict[str, object], missing: dict[str, float]) -> None:
    assert lost(replace(GOOD, **changes)) == missing  # type: ignore[arg-type]


def test_a_photo_that_proves_nothing_is_said_to() -> None:
    photos = (PhotoFacts("现 场照片", ARRIVED), GOOD.photos[0], PhotoFacts("图", ARRIVED))
    (loss,) = score_entry(replace(GOOD, photos=photos), RULES).lost
    assert (loss.rule, loss.field, loss.points) == ("evidence.purposeful", "photos", 4.7)
    assert loss.why_zh == "3 份证据中 2 份没有写清证明对象"
    assert loss.why_en == "2 of 3 items do not say what they prove"


def test_nothing_at_all_is_worth_no_more_than_what_cannot_be_judged() -> None:
    empty = score_entry(EntryFacts(), RULES)
    unjudged = {"description.own_words", "evidence.purposeful", "position.near", "media.in_visit"}
    assert {rule.key for rule in RULES.rules} - {loss.rule for loss in empty.lost} == unjudged
    assert empty.score == 20


def test_every_reason_is_filled_and_points_add_up() -> None:
    for case in entry_vectors.vectors()["cases"]:
        for score in case["scores"][:1]:
            assert round(100 - sum(loss["points"] for loss in score["lost"]), 6) == score["score"]
            assert 0 <= score["score"] <= 100
            for loss in score["lost"]:
                assert loss["points"] > 0
                assert "{" not in loss["why_zh"] + loss["why_en"]


def test_the_vectors_of_both_scorers_are_what_the_rules_say() -> None:
    """If this fails, the rules or the scorer changed: python -m tests.work.problems.entry_vectors, and run both tests."""
    assert entry_vectors.FILE.read_text(encoding="utf-8") == entry_vectors.text()


def test_the_vectors_try_every_rule_both_ways() -> None:
    cases = json.loads(entry_vectors.FILE.read_text(encoding="utf-8"))["cases"]
    lost_in = [{loss["rule"] for loss in case["scores"][0]["lost"]} for case in cases]
    for rule in RULES.rules:
        assert any(rule.key in one for one in lost_in), rule.key
        assert any(rule.key not in one for one in lost_in), rule.key


def test_before_the_first_version_there_are_no_rules() -> None:
    with pytest.raises(Refused, match=r"law\.rule_not_in_force"):
        law.entry_rules(on=date(2014, 12, 31))
