"""Times: what must follow from what, whatever the clocks of the phones were.

A phone's clock may be wrong and its drift is on the deed; so device times are only held against each other where the
server held them too, and server times against the hour at which the record was made.
"""

from __future__ import annotations

from collections.abc import Iterator

from liandong.oversight.records.proof.case import Case, Doc, equal
from liandong.oversight.records.proof.findings import Finding, show
from liandong.oversight.records.proof.form import (
    CLOCK_TOLERANCE_US,
    DEEDS,
    FACTS,
    INSPECTION,
    MANIFEST,
    MOVES,
    PROBLEMS,
)  # fmt: skip
from liandong.oversight.records.proof.instants import beijing_day, micros, same


def check_times(case: Case, made_at: str) -> Iterator[Finding]:
    """Every time that cannot be."""
    visit = case.one(INSPECTION)
    yield from _day(visit, "inspected_on", "arrived_at")
    arrived, ended = micros(visit.get("arrived_at")), micros(visit.get("ended_at"))
    if arrived is not None and ended is not None and ended < arrived:
        yield Finding(
            "time.before", f"{visit.path}#/ended_at", show(visit.get("arrived_at")), show(visit.get("ended_at"))
        )
    for problem in case.under(PROBLEMS):
        yield from _day(problem, "found_on", "found_at")
    for deed in case.under(DEEDS):
        if not same(deed.get("sent", "happened_at"), deed.get("deed", "happened_at")) and _is_instant(deed):
            said = show(deed.get("deed", "happened_at"))
            yield Finding("time.differs", f"{deed.path}#/sent/happened_at", said, show(deed.get("sent", "happened_at")))
        yield from _not_after(deed, ("receipt", "received_at"), made_at)
    for fact in case.under(FACTS):
        yield from _not_after(fact, ("said", "recorded_at"), made_at)
    for move in case.under(MOVES):
        yield from _not_after(move, ("moved_at",), made_at)


def _is_instant(deed: Doc) -> bool:
    return micros(deed.get("deed", "happened_at")) is not None


def _day(row: Doc, day: str, instant: str) -> Iterator[Finding]:
    """Days are Beijing calendar days."""
    expected = beijing_day(row.get(instant))
    if expected is not None and not equal(row.get(day), expected):
        yield Finding("time.day", f"{row.path}#/{day}", expected, show(row.get(day)))


def _not_after(doc: Doc, names: tuple[str, ...], made_at: str) -> Iterator[Finding]:
    instant, made = micros(doc.get(*names)), micros(made_at)
    if instant is None or made is None or instant > made + CLOCK_TOLERANCE_US:
        where = f"{doc.path}#/{'/'.join(names)}"
        yield Finding("time.after_record", where, made_at, show(doc.get(*names)), (MANIFEST,))
