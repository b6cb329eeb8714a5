"""How well a problem was entered (问题录入质量): 100 less the points lost, each with the reason. No database, no clock.

The phone scores the same way while it is typed (`apps/shared/quality/score.ts`); one file of vectors holds both
together. All arithmetic is in whole tenths of a point, so that both round alike.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from liandong.registers.law.shapes import (
    Attached,
    Distinct,
    EntryCheck,
    EntryRule,
    EntryVersion,
    Filled,
    InVisit,
    Length,
    Mentions,
    Near,
    Positioned,
    Purposeful,
)

BLANKS = re.compile("[ \t\r\n]+")
MINUTE_MS = 60_000


@dataclass(frozen=True)
class PhotoFacts:
    """What is said of one item of evidence. Instants are milliseconds since 1970."""

    purpose: str
    taken_at_ms: int


@dataclass(frozen=True, kw_only=True)
class EntryFacts:
    """Everything that a score is computed from; None: not known, and nothing is lost for it.

    `basis_title` and `others` (problems of the same visit, source or officers) are what the text might be pasted from.
    `distance_m` is from the source to where the problem was recorded, `accuracy_m` the radius of doubt.
    """

    element: str | None = None
    severity: str | None = None
    description: str | None = None
    basis_key: str | None = None
    requirement: str | None = None
    rectify_by_on: str | None = None
    basis_title: str | None = None
    others: tuple[str, ...] = ()
    photos: tuple[PhotoFacts, ...] = ()
    is_positioned: bool = False
    distance_m: float | None = None
    accuracy_m: float | None = None
    arrived_at_ms: int | None = None
    ended_at_ms: int | None = None


@dataclass(frozen=True)
class Loss:
    """Points lost to one rule, on which field, and why."""

    rule: str
    field: str
    points: float
    why_zh: str
    why_en: str


@dataclass(frozen=True)
class Score:
    """0 to 100, by which version of the rules, and what was lost."""

    version: int
    score: float
    lost: tuple[Loss, ...]


@dataclass(frozen=True)
class Found:
    """What a check found: `missing` of `total` is lost. `words` fill the reason."""

    missing: int
    total: int
    words: dict[str, int]


def score_entry(facts: EntryFacts, rules: EntryVersion) -> Score:
    """The score of an entry by these rules, with a reason for every point lost."""
    tenths, lost = 0, []
    for rule in rules.rules:
        found = check(facts, rule.check)
        gone = _share_of(rule.weight * 10, found)
        if gone:
            tenths += gone
            lost.append(_loss(rule, found, gone))
    return Score(rules.version, (1000 - tenths) / 10, tuple(lost))


def check(facts: EntryFacts, asked: EntryCheck) -> Found:
    """What one check finds."""
    return _CHECKS[type(asked)](facts, asked)


def bare(text: str | None) -> str:
    """A text in Unicode form NFKC without blanks: what is counted and searched."""
    return BLANKS.sub("", unicodedata.normalize("NFKC", text or ""))


def _share_of(tenths: int, found: Found) -> int:
    """The part that is lost, in tenths of a point, half up."""
    return (2 * tenths * found.missing + found.total) // (2 * found.total) if found.total else 0


def _loss(rule: EntryRule, found: Found, tenths: int) -> Loss:
    words = {"missing": found.missing, "total": found.total, **found.words}
    zh, en = rule.zh, rule.en
    for name, value in words.items():
        zh, en = zh.replace(f"{{{name}}}", str(value)), en.replace(f"{{{name}}}", str(value))
    return Loss(rule.key, rule.field, tenths / 10, zh, en)


def _filled(facts: EntryFacts, asked: Filled) -> Found:
    empty = sum(not bare(getattr(facts, name)) for name in asked.fields)
    return Found(empty, len(asked.fields), {})


def _length(facts: EntryFacts, asked: Length) -> Found:
    found = len(bare(getattr(facts, asked.field)))
    return Found(max(0, asked.minimum - found), asked.minimum, {"found": found, "minimum": asked.minimum})


def _mentions(facts: EntryFacts, asked: Mentions) -> Found:
    text = bare(getattr(facts, asked.field))
    said = any(word in text for word in asked.words) or any(re.search(one, text) for one in asked.patterns)
    return Found(int(not said), 1, {})


def _distinct(facts: EntryFacts, asked: Distinct) -> Found:
    text = bare(getattr(facts, asked.field))
    pairs = _pairs(text)
    if len(text) < asked.minimum or not pairs:
        return Found(0, 1, {})
    others = [_pairs(bare(other)) for other in (facts.basis_title, *facts.others)]
    same = max((100 * len(pairs & other) // len(pairs) for other in others), default=0)
    return Found(int(same >= asked.percent), 1, {"found": same, "minimum": asked.percent})


def _pairs(text: str) -> set[str]:
    return {text[place : place + 2] for place in range(len(text) - 1)}


def _attached(facts: EntryFacts, asked: Attached) -> Found:
    found = len(facts.photos)
    return Found(max(0, asked.minimum - found), asked.minimum, {"found": found, "minimum": asked.minimum})


def _purposeful(facts: EntryFacts, asked: Purposeful) -> Found:
    said = [bare(photo.purpose) for photo in facts.photos]
    vague = sum(len(one) < asked.minimum or one in asked.empty_words for one in said)
    return Found(vague, len(said), {"minimum": asked.minimum})


def _positioned(facts: EntryFacts, asked: Positioned) -> Found:
    return Found(int(not facts.is_positioned), 1, {})


def _near(facts: EntryFacts, asked: Near) -> Found:
    if facts.distance_m is None:
        return Found(0, 1, {})
    is_far = facts.distance_m - (facts.accuracy_m or 0) > asked.metres
    return Found(int(is_far), 1, {"found": math.floor(facts.distance_m + 0.5), "minimum": asked.metres})


def _in_visit(facts: EntryFacts, asked: InVisit) -> Found:
    if facts.arrived_at_ms is None:
        return Found(0, 1, {})
    first = facts.arrived_at_ms - asked.before_minutes * MINUTE_MS
    last = None if facts.ended_at_ms is None else facts.ended_at_ms + asked.after_minutes * MINUTE_MS
    taken = [photo.taken_at_ms for photo in facts.photos]
    outside = sum(at < first or (last is not None and at > last) for at in taken)
    return Found(outside, len(taken), {})


_CHECKS: dict[type[EntryCheck], Callable[[EntryFacts, Any], Found]] = {
    Filled: _filled,
    Length: _length,
    Mentions: _mentions,
    Distinct: _distinct,
    Attached: _attached,
    Purposeful: _purposeful,
    Positioned: _positioned,
    Near: _near,
    InVisit: _in_visit,
}
