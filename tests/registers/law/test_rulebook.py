"""The rulebook as a whole: it loads, it is consistent, and each kind of fault is noticed and named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker

from liandong.kernel.clock import beijing_today
from liandong.kernel.errors import Broken
from liandong.kernel.paths import rulebook_folder
from liandong.registers.law.faults import find_faults
from liandong.registers.law.files import FILES
from liandong.registers.law.loader import load, rulebook

Bend = Callable[[str, str, str], Path]
SCHEMA_OF = {
    "glossary": ["glossary.yaml"],
    "errors": ["errors.yaml"],
    "statutes": ["national/statutes.yaml"],
    "rules": ["national/deadlines.yaml", "national/safeguards.yaml", "national/parameters.yaml"],
    "problem_bases": ["national/problem_bases.yaml"],
    "indicators": ["national/indicators.yaml"],
    "calendar": ["national/calendar.yaml"],
    "checklist": ["checklists/*.yaml"],
    "entry_quality": ["national/entry_quality.yaml"],
    "site_records": ["national/site_records.yaml"],
    "visit_notice": ["national/visit_notice.yaml"],
    "interview_questions": ["national/interview_questions.yaml"],
    "sharing": ["national/sharing.yaml"],
    "region": ["regions/*/*.yaml"],
}
FILES_BY_SCHEMA = [
    pytest.param(name, file, id=str(file.relative_to(rulebook_folder())))
    for name, patterns in SCHEMA_OF.items()
    for pattern in patterns
    for file in sorted(rulebook_folder().glob(pattern))
]


class DatesAsText(yaml.CSafeLoader):
    """Dates stay text, as they would in JSON."""


DatesAsText.yaml_implicit_resolvers = {
    first: [(tag, shape) for tag, shape in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def as_json(file: Path) -> Any:
    return yaml.load(file.read_text(encoding="utf-8"), Loader=DatesAsText)  # noqa: S506 - a safe loader without dates


def schema(name: str) -> dict[str, Any]:
    text = (rulebook_folder() / "schema" / f"{name}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def test_every_kind_of_file_has_a_schema_that_is_tried() -> None:
    assert set(SCHEMA_OF) == set(FILES)


def test_every_file_of_the_law_has_a_schema() -> None:
    """Examples are tried by their own tests, the words of imports by the rooms that read them."""
    folders = ("national", "checklists", "regions")
    held = {file for folder in folders for file in (rulebook_folder() / folder).rglob("*.yaml")}
    held |= set(rulebook_folder().glob("*.yaml"))
    assert {parameter.values[1] for parameter in FILES_BY_SCHEMA} == held


@pytest.mark.parametrize(("name", "file"), FILES_BY_SCHEMA)
def test_files_fit_their_json_schema(name: str, file: Path) -> None:
    validator = Draft202012Validator(schema(name), format_checker=FormatChecker())
    assert [error.message for error in validator.iter_errors(as_json(file))] == []


def test_a_schema_notices_what_does_not_fit() -> None:
    validator = Draft202012Validator(schema("errors"))
    assert list(validator.iter_errors({"a.b": {"zh": "一", "en": "one", "family": "odd", "status": 422}}))


def test_nothing_is_inconsistent() -> None:
    assert list(find_faults(rulebook())) == []


@pytest.mark.parametrize(
    ("file", "piece", "by", "told"),
    [
        ("national/deadlines.yaml", "basis: [petition_regulation_2005.21], ", "", "missing required field `basis`"),
        ("national/deadlines.yaml", "basis: [petition_regulation_2005.21]", "basis: []", "length >= 1"),
        ("national/deadlines.yaml", "petition_regulation_2005.21", "petition_regulation_2005.99", "no provision"),
        ("national/deadlines.yaml", "unit: calendar_day", "unit: fortnight", "Invalid enum value"),
        ("national/deadlines.yaml", "valid_to: 2022-04-30", "valid_to: 2022-05-30", "two versions are in force"),
        ("national/deadlines.yaml", "valid_from: 2005-05-01", "valid_from: 2001-05-01", "is not in force from"),
        ("national/deadlines.yaml", "key: clue.register", "key: case.file", "given twice"),
        (
            "national/statutes.yaml",
            "07-15\n  status: confirmed",
            "07-15\n  status: unconfirmed",
            "confirmed, but penalty_law_2021 is not",
        ),
        ("national/statutes.yaml", "replaces: noise_law_2018", "replaces: noise_law_1918", "which is not there"),
        ("national/problem_bases.yaml", "air_law_2018.99.2", "air_law_2018.999", "no provision air_law_2018.999"),
        (
            "checklists/air.yaml",
            "suggests_problem: air.no_permit",
            "suggests_problem: water.no_permit",
            "no problem of",
        ),
        ("checklists/air.yaml", "valid_from: 2018-10-26", "valid_from: 2008-10-26", "is not in force from"),
        ("checklists/air.yaml", "{elements: [air]}", "{}", "an offer names nobody"),
        ("checklists/farm.yaml", "suggests_problem: farm.odour", "suggests_problem: farm.unheard", "no problem of"),
        ("regions/hebei/parameters.yaml", "key: dispatch.search_radii", "key: dispatch.unheard", "no such national"),
        ("national/site_records.yaml", "key: voice_note", "key: video", "kinds video is given twice"),
        ("national/entry_quality.yaml", "weight: 12", "weight: 11", "do not add up to 100"),
        ("national/entry_quality.yaml", "key: fact.time", "key: fact.place", "given twice"),
        ("national/entry_quality.yaml", "[:时点]", "[:时点", "is no pattern"),
        ("national/entry_quality.yaml", "检查时", "（检查时）", "is not in NFKC"),
        ("national/entry_quality.yaml", "kind: positioned", "kind: somewhere", "Invalid value 'somewhere'"),
        (
            "national/visit_notice.yaml",
            "penalty_law_2021.43",
            "penalty_law_2021.999",
            "no provision penalty_law_2021.999",
        ),
        ("national/interview_questions.yaml", "key: unit,", "key: who,", "who is given twice"),
        ("national/sharing.yaml", "field: lat", "field: lon", "border_list.lon is given twice"),
        (
            "national/sharing.yaml",
            "local_practice.default",
            "local_practice.unheard",
            "no provision local_practice.unheard",
        ),
        ("national/sharing.yaml", "kind: ends", "kind: some", "Invalid value 'some'"),
        ("national/calendar.yaml", "years: []", "years: [", "while parsing"),
    ],
)
def test_faults_are_noticed_and_named(bent_rulebook: Bend, file: str, piece: str, by: str, told: str) -> None:
    with pytest.raises(Broken) as refused:
        load(bent_rulebook(file, piece, by))
    assert refused.value.code == "law.rulebook_invalid"
    assert told in refused.value.values["reason"]


def test_every_element_has_a_checklist_of_a_useful_length_today() -> None:
    elements = {"air", "water", "noise", "solid_waste", "permit", "construction"}
    assert {key for key, file in rulebook().checklists.items() if key == file.element} == elements
    for file in rulebook().checklists.values():
        newest = max(file.versions, key=lambda version: version.valid_from)
        assert 8 <= len(newest.items) <= 14, file.key
        assert newest.valid_from <= beijing_today()


def test_a_provision_is_never_invented_for_the_code_of_2026() -> None:
    code = rulebook().statutes["ecological_code_2026"]
    assert code.status == "unconfirmed"
    assert [provision.key for provision in code.provisions] == ["all"]
