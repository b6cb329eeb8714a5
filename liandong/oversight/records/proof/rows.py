"""What the record says of the visit against the deeds that made it: every row has its deed, every deed its row.

Only accepted deeds of this visit make rows. A visit loaded from another system's ledger (`origin: import`) has no
deeds, and nothing here to compare. Texts of time are compared as instants.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from liandong.oversight.records.proof.case import Case, Doc, equal, key_of
from liandong.oversight.records.proof.findings import Finding, show, text
from liandong.oversight.records.proof.form import (
    ANSWERS,
    DEEDS,
    ENTRIES,
    INSPECTION,
    MOVES,
    PHOTOS,
    PROBLEMS,
    SIGNATURES,
)
from liandong.oversight.records.proof.instants import micros, same

Columns = Mapping[str, tuple[str, ...]]

ARRIVAL: Columns = {
    "id": ("payload", "inspection_id"), "task_id": ("task_id",), "arrived_at": ("happened_at",),
    "lon": ("lon",), "lat": ("lat",), "accuracy_m": ("accuracy_m",),
}  # fmt: skip
END: Columns = {"conclusion": ("payload", "conclusion"), "ended_at": ("payload", "ended_at")}
ANSWER: Columns = {
    "element": ("payload", "element"), "item_key": ("payload", "item_key"), "answer": ("payload", "answer"),
    "note": ("payload", "note"), "answered_at": ("happened_at",),
}  # fmt: skip
PHOTO: Columns = {
    **{name: ("payload", name) for name in ("sha256", "purpose", "caption", "taken_at", "problem_id")},
    "lon": ("lon",), "lat": ("lat",), "task_id": ("task_id",),
}  # fmt: skip
PROBLEM: Columns = {
    **{name: ("payload", name) for name in ("element", "severity", "description")},
    "found_at": ("happened_at",),
}  # fmt: skip
BEFORE_ORDER: Columns = {name: ("payload", name) for name in ("rectify_by_on", "requirement")}
SIGNING: Columns = {
    **{name: ("payload", name) for name in ("signer", "signer_name", "officer_id", "sha256", "refusal_reason")},
    **{name: ("payload", name) for name in ("interview_id", "witness", "pages_seen")},
    "signed_at": ("happened_at",),
}  # fmt: skip
ENTRY: Columns = {"kind": ("kind",), "task_id": ("task_id",), "said_at": ("happened_at",)}
ENTRY_KINDS = ("show_certificate", "record_particulars", "record_interview", "amend_record", "resubmit_inspection")


def check_rows(case: Case) -> Iterator[Finding]:
    """Every difference between the record's rows and the deeds they came from."""
    visit = case.one(INSPECTION)
    if visit.get("origin") == "import" or not visit.value:
        return
    yield from _check_visit(case, visit)
    yield from _check_answers(case)
    yield from _check_photos(case)
    yield from _check_problems(case)
    yield from _check_signatures(case)
    yield from _check_entries(case)


def deeds_of(case: Case, kind: str) -> list[Doc]:
    """The accepted deeds of a kind that belong to the visit."""
    visit_id = case.one(INSPECTION).get("id")
    return [doc for doc in case.deeds(kind) if equal(doc.get("deed", "payload", "inspection_id"), visit_id)]


def _check_visit(case: Case, visit: Doc) -> Iterator[Finding]:
    arrivals, ends = case.deeds("arrive_on_site"), deeds_of(case, "submit_inspection")
    arrivals = [doc for doc in arrivals if equal(doc.get("deed", "task_id"), visit.get("task_id"))]
    yield from _exactly(arrivals, 1, visit, "arrive_on_site")
    yield from _exactly(ends, int(visit.get("state") != "open"), visit, "submit_inspection")
    for doc in arrivals[:1]:
        yield from differences(visit, doc, ARRIVAL)
        sent = doc.get("deed", "payload", "officer_ids")
        if sent is not None and not equal(sent, visit.get("officer_ids")):
            yield other(visit, "officer_ids", sent, doc)
    for doc in ends[:1]:
        yield from differences(visit, doc, END)


def _exactly(deeds: list[Doc], count: int, visit: Doc, kind: str) -> Iterator[Finding]:
    if len(deeds) != count:
        yield Finding("row.deed_count", visit.path, f"{kind}: {count}", f"{kind}: {len(deeds)}", (DEEDS,))


def _check_answers(case: Case) -> Iterator[Finding]:
    """The last answer by the device's clock counts; of two at one instant either may."""
    given: dict[str, list[Doc]] = {}
    for doc in deeds_of(case, "answer_item"):
        given.setdefault(_item(doc, "deed", "payload"), []).append(doc)
    for row in case.under(ANSWERS):
        deeds = given.pop(_item(row), [])
        if not deeds:
            yield Finding("row.without_deed", row.path, None, None, (DEEDS, INSPECTION))
            continue
        latest = max(_clock(doc) for doc in deeds)
        last = [doc for doc in deeds if _clock(doc) == latest]
        found = [list(differences(row, doc, ANSWER, DEEDS)) for doc in last]
        yield from min(found, key=len)
    for deeds in given.values():
        yield from rowless(deeds, ANSWERS)


def _item(doc: Doc, *inside: str) -> str:
    return key_of(doc.get(*inside, "element"), doc.get(*inside, "item_key"))


def _clock(doc: Doc) -> int:
    return micros(doc.get("sent", "happened_at")) or 0


def _check_photos(case: Case) -> Iterator[Finding]:
    visit_id = case.one(INSPECTION).get("id")
    shot, recorded = deeds_of(case, "add_photo"), deeds_of(case, "add_recording")
    deeds = {text(doc.get("deed", "id")): doc for doc in (*shot, *recorded)}
    for row in case.under(PHOTOS):
        if equal(row.get("inspection_id"), visit_id):
            deed = deeds.pop(text(row.get("id")), None)
            yield from one_to_one(row, deed, PHOTO)
            if deed is not None and deed.get("deed", "kind") == "add_recording":
                yield from _recording(row, deed)
    yield from rowless(deeds.values(), PHOTOS)


def _recording(row: Doc, deed: Doc) -> Iterator[Finding]:
    """What only a recording says: its kind, how long it runs, and how a sketch was drawn."""
    yield from differences(row, deed, {"kind": ("payload", "kind")})
    sketch, length_s = deed.get("deed", "payload", "sketch"), deed.get("deed", "payload", "length_s")
    details = {**(sketch if isinstance(sketch, dict) else {}), **({} if length_s is None else {"length_s": length_s})}
    if not equal(row.get("details"), details or None):
        yield other(row, "details", details or None, deed)


def _check_problems(case: Case) -> Iterator[Finding]:
    visit_id = case.one(INSPECTION).get("id")
    ordered = {text(move.get("problem_id")) for move in case.under(MOVES) if move.get("verb") == "order"}
    deeds = {text(doc.get("deed", "payload", "problem_id")): doc for doc in deeds_of(case, "find_problem")}
    for row in case.under(PROBLEMS):
        if equal(row.get("inspection_id"), visit_id):
            own = text(row.get("id"))
            columns = PROBLEM if own in ordered else {**PROBLEM, **BEFORE_ORDER}
            yield from one_to_one(row, deeds.pop(own, None), columns, MOVES)
    yield from rowless(deeds.values(), PROBLEMS)


def _check_signatures(case: Case) -> Iterator[Finding]:
    """A signature bears no deed's id: rows and deeds are paired by who signed when, then compared."""
    waiting: dict[str, list[Doc]] = {}
    for doc in deeds_of(case, "sign_inspection"):
        waiting.setdefault(_signer(doc, "deed", "payload"), []).append(doc)
    for row in case.under(SIGNATURES):
        deeds = waiting.get(_signer(row)) or []
        deed = min(deeds, key=lambda doc: _count(row, doc), default=None)
        if deed is not None:
            deeds.remove(deed)
        yield from one_to_one(row, deed, SIGNING, DEEDS)
        if deed is not None and not equal(row.get("is_refused"), _is_refusal(deed)):
            yield other(row, "is_refused", _is_refusal(deed), deed)
    yield from rowless([doc for deeds in waiting.values() for doc in deeds], SIGNATURES)


def _check_entries(case: Case) -> Iterator[Finding]:
    """An entry holds what its deed said, but for the visit it belongs to."""
    deeds = {text(doc.get("deed", "id")): doc for kind in ENTRY_KINDS for doc in deeds_of(case, kind)}
    for row in case.under(ENTRIES):
        deed = deeds.pop(text(row.get("id")), None)
        yield from one_to_one(row, deed, ENTRY)
        payload = deed.get("deed", "payload") if deed is not None else None
        if deed is not None and isinstance(payload, dict):
            said = {name: value for name, value in payload.items() if name != "inspection_id"}
            if not equal(row.get("content"), said):
                yield Finding("row.differs", f"{row.path}#/content", show(said), show(row.get("content")), (deed.path,))
    yield from rowless(deeds.values(), ENTRIES)


def _signer(doc: Doc, *inside: str) -> str:
    return key_of(doc.get(*inside, "signer"), doc.get(*inside, "officer_id"), doc.get(*inside, "signer_name"))


def _is_refusal(deed: Doc) -> bool:
    return deed.get("deed", "payload", "is_refused") is True


def _count(row: Doc, deed: Doc) -> int:
    return len(list(differences(row, deed, SIGNING)))


def one_to_one(row: Doc, deed: Doc | None, columns: Columns, *against: str) -> Iterator[Finding]:
    """Every difference between a row and its one deed; a row without a deed is one."""
    if deed is None:
        yield Finding("row.without_deed", row.path, None, None, (DEEDS, INSPECTION))
        return
    yield from differences(row, deed, columns, *against)


def differences(row: Doc, deed: Doc, columns: Columns, *against: str) -> Iterator[Finding]:
    """Every column in which the row does not say what the deed said; instants are compared as such."""
    for column, names in columns.items():
        said = deed.get("deed", *names)
        agrees = same(row.get(column), said) if column.endswith("_at") else equal(row.get(column), said)
        if not agrees:
            yield other(row, column, said, deed, *against)


def other(row: Doc, column: str, said: Any, deed: Doc, *against: str) -> Finding:
    """That a column says something else than the deed."""
    return Finding("row.differs", f"{row.path}#/{column}", show(said), show(row.get(column)), (deed.path, *against))


def rowless(deeds: Iterable[Doc], folder: str) -> Iterator[Finding]:
    """That these deeds left no row where they should have."""
    for doc in deeds:
        yield Finding("row.missing", doc.path, folder, None, (folder, INSPECTION))
