"""The worked examples of the rulebook, which a lawyer can read, are true."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from liandong.kernel.errors import LiandongError
from liandong.kernel.paths import rulebook_folder
from liandong.registers import law


def examples(file: str, section: str) -> list[Any]:
    text = (rulebook_folder() / "examples" / f"{file}.yaml").read_text(encoding="utf-8")
    return [pytest.param(one, id=one["situation"]) for one in yaml.safe_load(text)[section]]


def answer_to(example: dict[str, Any]) -> law.Deadline:
    if "before" in example:
        return law.latest_day_before(example["rule"], example["before"], area=example.get("area"))
    return law.deadline(example["rule"], example["from"], area=example.get("area"))


def test_there_are_enough_to_trust() -> None:
    assert len(examples("deadlines", "deadlines")) + len(examples("working_days", "working_days")) >= 40


@pytest.mark.parametrize("example", examples("deadlines", "deadlines"))
def test_deadlines(example: dict[str, Any]) -> None:
    if "error" in example:
        with pytest.raises(LiandongError) as refused:
            answer_to(example)
        assert refused.value.code == example["error"]
    else:
        assert answer_to(example).due_on == example["due"], example["why"]


@pytest.mark.parametrize("example", examples("working_days", "working_days"))
def test_working_days(example: dict[str, Any]) -> None:
    assert law.calendar().working_days_between(example["from"], example["to"]) == example["count"], example["why"]


@pytest.mark.parametrize("example", examples("rules", "rules"))
def test_rules(example: dict[str, Any]) -> None:
    found = law.rule(example["rule"], on=example["day"], area=example.get("area"))
    value = list(found.value) if isinstance(found.value, tuple) else found.value
    said = (value, found.unit, found.status, [basis.key for basis in found.basis])
    assert said == (example["value"], example["unit"], example["status"], example["basis"]), example["why"]


@pytest.mark.parametrize("example", examples("rules", "problem_bases"))
def test_problem_bases(example: dict[str, Any]) -> None:
    if "error" in example:
        with pytest.raises(LiandongError) as refused:
            law.problem_basis(example["key"], on=example["day"], area=example.get("area"))
        assert refused.value.code == example["error"]
        return
    found = law.problem_basis(example["key"], on=example["day"], area=example.get("area"))
    assert [basis.key for basis in found.basis] == example["basis"], example["why"]
    assert found.status == example["status"]
