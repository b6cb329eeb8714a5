"""What the law room answers, and what it refuses."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liandong.kernel.errors import Broken, LiandongError, Refused
from liandong.registers import law
from liandong.registers.law.deadlines import add_months
from liandong.registers.law.loader import rulebook

MAY_8 = date(2023, 5, 8)
DAYS_FROM = date(2021, 7, 15)
DAYS = st.dates(DAYS_FROM, date(2026, 6, 1))
DEADLINES = sorted(
    key
    for key, entry in rulebook().rules.items()
    if entry.kind == "deadline" and entry.versions[0].unit != "hour" and entry.versions[0].valid_from <= DAYS_FROM
)


def test_an_unknown_rule_is_ours_and_a_day_without_version_is_refused() -> None:
    with pytest.raises(Broken) as unknown:
        law.rule("no.such", on=MAY_8)
    assert unknown.value.code == "law.rule_unknown"
    with pytest.raises(Refused) as too_early:
        law.rule("hearing.request", on=date(1990, 1, 1))
    assert too_early.value.code == "law.rule_not_in_force"


def test_a_stamp_is_json_and_keeps_the_answer_as_it_was() -> None:
    due = law.deadline("hearing.request", date(2023, 4, 28), area="370103")
    stamped = json.loads(json.dumps(law.stamp(due)))
    assert stamped["key"] == "hearing.request"
    assert stamped["value"] == 5
    assert stamped["unit"] == "working_day"
    assert stamped["start_on"] == stamped["on"] == "2023-04-28"
    assert stamped["due_on"] == "2023-05-09"
    assert [basis["cite"] for basis in stamped["basis"]] == [
        "《行政处罚法》第六十四条第一项",
        "《行政处罚法》第八十五条",
    ]


def test_a_deadline_tells_the_days_it_skipped() -> None:
    due = law.deadline("hearing.request", date(2023, 4, 28))
    assert [day.day for day in due.skipped] == [29, 30, 1, 2, 3, 7]


def test_a_period_whose_end_moves_tells_the_rest_days_it_moved_over() -> None:
    due = law.deadline("reconsideration.apply", date(2025, 8, 5))
    assert due.skipped == tuple(date(2025, 10, day) for day in range(4, 9))


def test_doubt_is_told_from_its_day_on() -> None:
    before = law.problem_basis("air.voc_open", on=date(2026, 8, 14))
    after = law.problem_basis("air.voc_open", on=date(2026, 8, 15))
    assert (before.status, before.doubts) == ("confirmed", ())
    assert after.status == "unconfirmed"
    assert "生态环境法典" in after.doubts[0]
    assert law.stamp(after)["text"] == "违反《大气污染防治法》第四十五条；依据《大气污染防治法》第一百零八条第一项"


def test_bases_of_an_element_are_of_that_element_and_regional_ones_only_where_they_hold() -> None:
    everywhere = {basis.key for basis in law.problem_bases("air", on=MAY_8)}
    in_jinan = {basis.key for basis in law.problem_bases("air", on=MAY_8, area="370104")}
    assert in_jinan - everywhere == {"air.sampling_platform", "air.episode_plan"}
    assert {basis.element for basis in law.problem_bases("air", on=MAY_8, area="370104")} == {"air"}
    assert len(law.problem_bases(on=MAY_8)) > len(everywhere)


@pytest.mark.parametrize("element", ["air", "water", "noise", "solid_waste", "permit", "construction"])
def test_a_checklist_cites_its_basis_and_suggests_problems_one_can_find(element: str) -> None:
    day = date(2026, 11, 22)
    found = law.checklist(element, on=day)
    known = {basis.key for basis in law.problem_bases(element, on=day)}
    assert {item.suggests_problem for item in found.items} <= known
    assert all("《" in item.cite for item in found.items)
    assert found.item(found.items[0].key) is found.items[0]
    assert found.item("no.such") is None


def test_checklists_come_in_the_order_asked_for() -> None:
    assert [one.element for one in law.checklists(["water", "air"], on=MAY_8)] == ["water", "air"]
    on_may_8 = {one.key for one in law.checklists(on=MAY_8)}
    assert "hazardous_waste" not in on_may_8  # its items stood on the list of solid waste then
    assert {"air", "voc", "farm"} <= on_may_8


def test_what_is_not_there_is_refused_by_code() -> None:
    for ask, code in (
        (lambda: law.checklist("light", on=MAY_8), "law.element_unknown"),
        (lambda: law.checklist("noise", on=date(2020, 1, 1)), "law.checklist_missing"),
        (lambda: law.problem_basis("air.no_such", on=MAY_8), "law.basis_unknown"),
        (lambda: law.problem_basis("permit.none", on=date(2020, 1, 1)), "law.basis_not_in_force"),
        (lambda: law.indicator("no_such"), "law.indicator_unknown"),
        (lambda: law.label("no_such"), "law.term_unknown"),
        (lambda: law.deadline("officers.minimum", MAY_8), "law.not_a_deadline"),
    ):
        with pytest.raises(LiandongError) as refused:
            ask()
        assert refused.value.code == code


def test_a_value_that_is_not_one_number_is_not_taken_for_one() -> None:
    assert law.rule("officers.minimum", on=MAY_8).number == 2
    with pytest.raises(TypeError):
        _ = law.rule("dispatch.search_radii", on=MAY_8).number


def test_indicators_carry_their_definition() -> None:
    assert law.indicator("activity_index").denominator == "Σ 每名在册执法人员在统计期内的工作日数"
    assert {one.key for one in law.indicators()} >= {"site_visits", "officer_turnouts", "activity_index"}


def test_labels_by_group_and_language() -> None:
    assert law.label("problem.state.closed") == "已销号"
    assert law.label("problem.state.closed", "en") == "Closed out"
    assert law.labels("severity") == {"minor": "一般", "major": "较重", "severe": "严重"}


@given(DAYS, st.sampled_from(DEADLINES))
def test_no_period_in_working_days_ends_on_a_rest_day(day: date, key: str) -> None:
    due = law.deadline(key, day)
    assert due.due_on > day
    if due.rule.unit == "working_day" or due.rule.roll == "next_working_day":
        assert law.calendar().is_working_day(due.due_on)


@given(DAYS, st.integers(-60, 60))
def test_months_keep_the_day_or_take_the_last(day: date, count: int) -> None:
    moved = add_months(day, count)
    assert (moved.year - day.year) * 12 + moved.month - day.month == count
    assert moved.day == day.day or (moved.day < day.day and add_months(day, count + 1).day >= moved.day)
