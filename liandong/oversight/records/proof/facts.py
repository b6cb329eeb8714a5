"""Facts of the ledger against deeds and moves: what was done was announced, and nothing was announced that was not done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from liandong.oversight.records.proof.case import Case, Doc, equal, key_of
from liandong.oversight.records.proof.findings import Finding, show, text
from liandong.oversight.records.proof.form import (
    DEEDS,
    FACTS,
    INSPECTION,
    LOOK_BACKS,
    MOVES,
    PHOTOS,
    PROBLEMS,
    RETURNS,
    TASK,
)  # fmt: skip
from liandong.oversight.records.proof.instants import micros, same

FROM_DEEDS = (
    "InspectionBegun", "ChecklistAnswered", "PhotoAdded", "ProblemFound", "InspectionSigned", "InspectionSubmitted",
    "TaskAccepted", "RecordingAdded", "SampleTaken", "SupportNoted", "CertificateShown", "ParticularsRecorded",
    "InterviewRecorded", "RecordAmended", "InspectionResubmitted",
)  # fmt: skip
LEADS_TO = {
    "InspectionBegun": "open", "InspectionSubmitted": "submitted", "InspectionReturned": "returned",
    "InspectionResubmitted": "submitted",
}  # fmt: skip
MOVED = {
    "find": "ProblemFound", "order": "RectificationOrdered", "claim": "CloseOutClaimed", "return": "ClaimReturned",
    "close_out": "ProblemClosed", "settle": "ProblemSettled", "relapse": "ProblemRelapsed",
}  # fmt: skip


def check_facts(case: Case) -> Iterator[Finding]:
    """Every difference between the ledger's facts and what the record says was done."""
    if not case.one(INSPECTION).value:
        return
    if case.one(INSPECTION).get("origin") != "import":
        yield from _check_deeds(case)
        yield from _check_arrival(case)
        yield from _check_state(case)
    yield from _check_seals(case)
    yield from _check_moves(case)
    yield from _check_look_backs(case)
    yield from _check_returns(case)
    yield from _check_task(case)
    yield from _check_subjects(case)


def _check_deeds(case: Case) -> Iterator[Finding]:
    waiting: dict[str, list[Doc]] = {}
    for fact in case.facts(*FROM_DEEDS):
        for key in _announced(fact):
            waiting.setdefault(key, []).append(fact)
    for deed in case.deeds():
        for name, key in _announces(case, deed):
            found = waiting.get(key)
            if found:
                found.pop(0)
            elif name != "TaskAccepted":  # who confirms a task again announces nothing new
                yield Finding("fact.missing", deed.path, name, None, (FACTS, INSPECTION))
    untold = {fact.path: fact for facts in waiting.values() for fact in facts}
    for fact in untold.values():
        yield Finding("fact.without_deed", fact.path, None, show(fact.get("said", "name")), (DEEDS, INSPECTION))


def _announced(fact: Doc) -> list[str]:
    """The deeds that a fact tells of, each as a key: as many as there are answers, otherwise one."""
    name, payload = fact.get("said", "name"), fact.get("payload")
    said = payload if isinstance(payload, dict) else {}
    about = [fact.get("said", "subject_id"), fact.get("said", "author_id")]
    if text(name) == "ChecklistAnswered":
        answers = said.get("answers")
        told = [one if isinstance(one, list) and one else [one] for one in answers] if isinstance(answers, list) else []
        keys = [key_of(name, *about, _instant(one[-1]), *one[:-1]) for one in told]
        return keys or [key_of(name, *about)]
    details = {
        "PhotoAdded": [said.get("sha256")],
        "InspectionSigned": [said.get("signer"), said.get("is_refused")],
        "RecordingAdded": [said.get("sha256"), said.get("kind")],
        "SampleTaken": [said.get("sample_id"), said.get("sample_number"), said.get("medium")],
        "SupportNoted": [said.get("people_count")],
        "CertificateShown": [said.get("answer")],
        "InterviewRecorded": [said.get("interview_id")],
        "RecordAmended": [said.get("about")],
    }
    return [key_of(name, *about, _instant(fact.get("said", "happened_at")), *details.get(text(name), []))]


def _announces(case: Case, deed: Doc) -> Iterator[tuple[str, str]]:
    """The facts that a deed of this visit announces: their names, and their keys as `_announced` makes them."""
    kind, visit_id = deed.get("deed", "kind"), case.one(INSPECTION).get("id")
    author, at = deed.get("sent", "account_id"), deed.get("deed", "happened_at")
    if kind == "accept_task":
        yield "TaskAccepted", key_of("TaskAccepted", deed.get("deed", "task_id"), author, _instant(at))
    said = deed.get("deed", "payload")
    if not isinstance(said, dict) or not equal(said.get("inspection_id"), visit_id):
        return
    known: dict[str, tuple[str, Any, Any, list[Any]]] = {
        "arrive_on_site": ("InspectionBegun", visit_id, at, []),
        "answer_item": ("ChecklistAnswered", visit_id, at, [said.get("item_key"), said.get("answer")]),
        "add_photo": ("PhotoAdded", visit_id, said.get("taken_at"), [said.get("sha256")]),
        "add_recording": ("RecordingAdded", visit_id, said.get("taken_at"), [said.get("sha256"), said.get("kind")]),
        "take_sample": (
            "SampleTaken",
            visit_id,
            at,
            [deed.get("deed", "id"), deed.get("deed", "payload", "said", "number"), said.get("medium")],
        ),
        "note_support": ("SupportNoted", visit_id, at, [said.get("people_count")]),
        "find_problem": ("ProblemFound", said.get("problem_id"), at, []),
        "sign_inspection": ("InspectionSigned", visit_id, at, [said.get("signer"), said.get("is_refused") is True]),
        "submit_inspection": ("InspectionSubmitted", visit_id, said.get("ended_at"), []),
        "show_certificate": ("CertificateShown", visit_id, at, [said.get("answer")]),
        "record_particulars": ("ParticularsRecorded", visit_id, at, []),
        "record_interview": ("InterviewRecorded", visit_id, at, [said.get("interview_id")]),
        "amend_record": ("RecordAmended", visit_id, at, [said.get("about")]),
        "resubmit_inspection": ("InspectionResubmitted", visit_id, at, []),
    }
    if text(kind) in known:
        name, subject, when, details = known[text(kind)]
        yield name, key_of(name, subject, author, _instant(when), *details)


def _instant(value: Any) -> str:
    instant = micros(value)
    return text(value) if instant is None else str(instant)


def _check_arrival(case: Case) -> Iterator[Finding]:
    visit = case.one(INSPECTION)
    for fact in case.facts("InspectionBegun")[:1]:
        for column in ("officer_ids", "lon", "lat", "accuracy_m", "distance_m"):
            if not equal(fact.get("payload", column), visit.get(column)):
                yield _differs(visit, column, fact.get("payload", column), fact)


def _check_state(case: Case) -> Iterator[Finding]:
    """The visit stands where the last of its moves left it."""
    visit = case.one(INSPECTION)
    for fact in case.facts(*LEADS_TO)[-1:]:
        state = LEADS_TO[text(fact.get("said", "name"))]
        if not equal(visit.get("state"), state):
            where = f"{visit.path}#/state"
            yield Finding("fact.differs", where, state, show(visit.get("state")), (FACTS,))


def _differs(row: Doc, column: str, said: Any, fact: Doc) -> Finding:
    return Finding("fact.differs", f"{row.path}#/{column}", show(said), show(row.get(column)), (fact.path,))


def _check_seals(case: Case) -> Iterator[Finding]:
    """Every item of evidence was sealed once, as it stands."""
    sealed = {text(fact.get("said", "subject_id")): fact for fact in case.facts("EvidenceSealed")}
    for row in case.under(PHOTOS):
        fact = sealed.pop(text(row.get("id")), None)
        if fact is None:
            yield Finding("fact.missing", row.path, "EvidenceSealed", None, (FACTS,))
            continue
        for column in ("sha256", "size", "purpose"):
            if not equal(fact.get("payload", column), row.get(column)):
                yield _differs(row, column, fact.get("payload", column), fact)
        if not same(fact.get("said", "happened_at"), row.get("taken_at")):
            yield _differs(row, "taken_at", fact.get("said", "happened_at"), fact)
    for fact in sealed.values():
        yield Finding("fact.without_row", fact.path, PHOTOS, None, (PHOTOS,))


def _check_moves(case: Case) -> Iterator[Finding]:
    """The history of every problem: each move begins where the last ended, and each was announced, in this order."""
    for problem in case.under(PROBLEMS):
        own = [move for move in case.under(MOVES) if equal(move.get("problem_id"), problem.get("id"))]
        moves = sorted(own, key=lambda move: (micros(move.get("moved_at")) or 0, move.path))
        state = None
        for move in moves:
            if not equal(move.get("before"), state):
                where = f"{move.path}#/before"
                yield Finding("move.before", where, show(state), show(move.get("before")), (MOVES,))
            state = move.get("after")
        if not equal(problem.get("state"), state):
            yield Finding("move.last", f"{problem.path}#/state", show(state), show(problem.get("state")), (MOVES,))
        yield from _announced_moves(case, problem, moves)


def _announced_moves(case: Case, problem: Doc, moves: list[Doc]) -> Iterator[Finding]:
    facts = [one for one in case.facts(*MOVED.values()) if equal(one.get("said", "subject_id"), problem.get("id"))]
    told = [(fact.get("said", "name"), fact.get("said", "author_id")) for fact in facts]
    made = [(MOVED.get(text(move.get("verb"))), move.get("moved_by")) for move in moves]
    for place, (move, announced) in enumerate(zip(moves, made, strict=True)):
        expected = told[place] if place < len(told) else None
        if expected is None or not equal(list(expected), list(announced)):
            yield Finding(
                "move.unannounced", move.path, show(announced[0]), expected and show(expected[0]), (FACTS, MOVES)
            )
            return
    if len(told) > len(made):
        yield Finding("fact.without_row", facts[len(made)].path, MOVES, None, (MOVES,))


def _check_look_backs(case: Case) -> Iterator[Finding]:
    held = {text(fact.get("payload", "look_back_id")): fact for fact in case.facts("LookBackHeld")}
    for row in case.under(LOOK_BACKS):
        fact = held.pop(text(row.get("id")), None)
        outcome = fact.get("payload", "outcome") if fact is not None else None
        if not equal(row.get("outcome"), outcome):
            against = (fact.path if fact is not None else FACTS,)
            yield Finding("fact.differs", f"{row.path}#/outcome", show(outcome), show(row.get("outcome")), against)
    for fact in held.values():
        yield Finding("fact.without_row", fact.path, LOOK_BACKS, None, (LOOK_BACKS,))


def _check_returns(case: Case) -> Iterator[Finding]:
    """Every return of the record was announced, in this order, with as many comments."""
    facts = case.facts("InspectionReturned")
    for place, row in enumerate(case.under(RETURNS)):
        comments = row.get("comments")
        made = [row.get("returned_by"), len(comments) if isinstance(comments, list) else None]
        fact = facts[place] if place < len(facts) else None
        if fact is None or not equal([fact.get("said", "author_id"), fact.get("payload", "count")], made):
            yield Finding("fact.missing", row.path, "InspectionReturned", None, (FACTS, RETURNS))
            return
    for fact in facts[len(case.under(RETURNS)) :]:
        yield Finding("fact.without_row", fact.path, RETURNS, None, (RETURNS,))


def _check_task(case: Case) -> Iterator[Finding]:
    task = case.one(TASK)
    if not task.value:
        return
    if not equal(task.get("inspection_id"), case.one(INSPECTION).get("id")):
        expected = show(case.one(INSPECTION).get("id"))
        yield Finding(
            "task.other_visit", f"{TASK}#/inspection_id", expected, show(task.get("inspection_id")), (INSPECTION,)
        )
    for name, column in (("OfficersArrived", "arrived_at"), ("TaskReported", "reported_at")):
        for fact in case.facts(name):
            if not same(fact.get("said", "happened_at"), task.get(column)):
                yield _differs(task, column, fact.get("said", "happened_at"), fact)


def _check_subjects(case: Case) -> Iterator[Finding]:
    """A fact speaks of a row of this record, and by its number where it has one."""
    rows = {text(doc.get("id")): doc for folder in (PROBLEMS, PHOTOS) for doc in case.under(folder)}
    rows |= {text(doc.get("id")): doc for doc in (case.one(INSPECTION), case.one(TASK)) if doc.value}
    for fact in case.under(FACTS):
        row, number = rows.get(text(fact.get("said", "subject_id"))), fact.get("said", "subject", "number")
        if row is None:
            yield Finding("fact.foreign", fact.path, None, show(fact.get("said", "subject_id")), ("record/",))
        elif number is not None and not equal(number, row.get("number")):
            yield _differs(row, "number", number, fact)
