"""What was put right on the spot, sampled and noted, against the deeds that said so; row by row as in `rows`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from liandong.oversight.records.proof.case import Case, Doc, equal
from liandong.oversight.records.proof.findings import Finding, text
from liandong.oversight.records.proof.form import DEEDS, INSPECTION, MOVES, PROBLEMS, SAMPLES, SUPPORT
from liandong.oversight.records.proof.instants import micros
from liandong.oversight.records.proof.rows import Columns, deeds_of, differences, one_to_one, other, rowless

ON_SPOT: Columns = {"on_spot_at": ("happened_at",), "on_spot_confirmed_by": ("payload", "confirmed_by")}
SAMPLE: Columns = {
    **{name: ("payload", name) for name in ("medium", "said", "party_present", "note")},
    "sampled_at": ("happened_at",), "lon": ("lon",), "lat": ("lat",), "task_id": ("task_id",),
}  # fmt: skip
NOTE: Columns = {
    **{name: ("payload", name) for name in ("asked", "people_count")},
    "noted_at": ("happened_at",), "task_id": ("task_id",),
}  # fmt: skip
LISTS = ("advice", "materials")


def check_site(case: Case) -> Iterator[Finding]:
    """Every difference between these rows and the deeds they came from."""
    visit = case.one(INSPECTION)
    if visit.get("origin") == "import" or not visit.value:
        return
    yield from _check_on_spot(case)
    yield from _check_samples(case)
    yield from _check_note(case)


def _check_on_spot(case: Case) -> Iterator[Finding]:
    visit_id = case.one(INSPECTION).get("id")
    deeds = {text(doc.get("deed", "payload", "problem_id")): doc for doc in deeds_of(case, "rectify_on_spot")}
    for row in case.under(PROBLEMS):
        deed = deeds.pop(text(row.get("id")), None)
        if not equal(row.get("inspection_id"), visit_id) or (deed is None and row.get("on_spot_at") is None):
            continue
        yield from one_to_one(row, deed, ON_SPOT)
        if deed is not None and not _is_claimed(case, row, deed):
            yield Finding("row.missing", deed.path, MOVES, None, (MOVES,))
    yield from rowless(deeds.values(), PROBLEMS)


def _is_claimed(case: Case, problem: Doc, deed: Doc) -> bool:
    """Whether a move of the problem claims in the deed's words, on its evidence, by who sent it."""
    said = [deed.get("deed", "payload", name) for name in ("statement", "evidence_ids")]
    expected = [*said, deed.get("sent", "account_id")]
    return any(
        move.get("verb") == "claim"
        and equal(move.get("problem_id"), problem.get("id"))
        and equal([move.get("words"), move.get("evidence_ids"), move.get("moved_by")], expected)
        for move in case.under(MOVES)
    )


def _check_samples(case: Case) -> Iterator[Finding]:
    deeds = {text(doc.get("deed", "id")): doc for doc in deeds_of(case, "take_sample")}
    for row in case.under(SAMPLES):
        yield from one_to_one(row, deeds.pop(text(row.get("id")), None), SAMPLE)
    yield from rowless(deeds.values(), SAMPLES)


def _check_note(case: Case) -> Iterator[Finding]:
    """The last note by the device's clock counts; of two at one instant either may."""
    row, deeds = case.one(SUPPORT), deeds_of(case, "note_support")
    if not row.value:
        yield from rowless(deeds, SUPPORT)
        return
    if not deeds:
        yield Finding("row.without_deed", row.path, None, None, (DEEDS, INSPECTION))
        return
    latest = max(_clock(doc) for doc in deeds)
    found = [list(_differs(row, doc)) for doc in deeds if _clock(doc) == latest]
    yield from min(found, key=len)


def _differs(row: Doc, deed: Doc) -> Iterator[Finding]:
    yield from differences(row, deed, NOTE, DEEDS)
    for name in LISTS:
        said: Any = deed.get("deed", "payload", name)
        expected = [] if said is None else said
        if not equal(row.get(name), expected):
            yield other(row, name, expected, deed, DEEDS)


def _clock(doc: Doc) -> int:
    return micros(doc.get("sent", "happened_at")) or 0
