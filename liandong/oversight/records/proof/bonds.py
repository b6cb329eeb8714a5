"""How the rows of a record hang together: each under its own id, of this visit, pointing only to what is here."""

from __future__ import annotations

from collections.abc import Iterator

from liandong.oversight.records.proof.case import Case, Doc, equal
from liandong.oversight.records.proof.findings import Finding, show, text
from liandong.oversight.records.proof.form import (
    ANSWERS,
    ASSIGNMENTS,
    INSPECTION,
    LOOK_BACKS,
    MOVES,
    PHOTOS,
    PROBLEMS,
    RETURNS,
    SIGNATURES,
    TASK,
    URGINGS,
)

BY_ID = (SIGNATURES, PROBLEMS, MOVES, LOOK_BACKS, PHOTOS, ASSIGNMENTS, URGINGS, RETURNS)
OF_VISIT = {
    ANSWERS: ("area_code", "task_id"),
    SIGNATURES: ("area_code", "task_id"),
    RETURNS: ("area_code", "task_id"),
    PROBLEMS: ("area_code", "source_id"),
}


def check_bonds(case: Case) -> Iterator[Finding]:
    """Every row that points elsewhere than its place in the record says."""
    for folder in BY_ID:
        for row in case.under(folder):
            yield from _bond(row, "id", row.path[len(folder) :].removesuffix(".json"), ())
    yield from _to_visit_and_task(case)
    yield from _to_problems(case)
    photos = {text(row.get("id")) for row in case.under(PHOTOS)}
    for row in case.under(MOVES):
        proofs = row.get("evidence_ids")
        for proof in proofs if isinstance(proofs, list) else ():
            if text(proof) not in photos:
                yield Finding("row.unbound", f"{row.path}#/evidence_ids", None, show(proof), (PHOTOS,))


def _to_visit_and_task(case: Case) -> Iterator[Finding]:
    visit = case.one(INSPECTION)
    for folder, columns in OF_VISIT.items():
        for row in case.under(folder):
            yield from _bond(row, "inspection_id", visit.get("id"), (INSPECTION,))
            for column in columns:
                yield from _bond(row, column, visit.get(column), (INSPECTION,))
    for folder in (ASSIGNMENTS, URGINGS):
        for row in case.under(folder):
            yield from _bond(row, "task_id", case.one(TASK).get("id"), (TASK,))


def _to_problems(case: Case) -> Iterator[Finding]:
    problems = {text(row.get("id")): row for row in case.under(PROBLEMS)}
    for row in (*case.under(MOVES), *case.under(LOOK_BACKS)):
        problem = problems.get(text(row.get("problem_id")))
        if problem is None:
            yield Finding("row.unbound", f"{row.path}#/problem_id", None, show(row.get("problem_id")), (PROBLEMS,))
        else:
            yield from _bond(row, "area_code", problem.get("area_code"), (problem.path,))


def _bond(row: Doc, column: str, expected: object, against: tuple[str, ...]) -> Iterator[Finding]:
    if not equal(row.get(column), expected):
        yield Finding("row.unbound", f"{row.path}#/{column}", show(expected), show(row.get(column)), against)
