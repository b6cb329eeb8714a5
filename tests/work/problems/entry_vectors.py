"""Entries made from a seed and their scores: `python -m tests.work.problems.entry_vectors` writes the file both scorers read."""

from __future__ import annotations

import dataclasses
import json
import random
from datetime import date
from pathlib import Path
from typing import Any

from liandong.registers import law
from liandong.registers.law.shapes import Attached, EntryVersion, Length, Purposeful
from liandong.work.problems.entry_score import EntryFacts, PhotoFacts, score_entry

FILE = Path(__file__).parent / "entry_vectors.json"
SEED, CASES, DAY = 20261123, 60, date(2026, 11, 23)
NOON_MS = 1_790_000_000_000
PIECES = (
    "2026年11月3日", "14：20", "检查时", "上午", "１号车间", "DA001排气筒", "厂界西侧", "东侧沟渠", "未运行", "擅自停用",
    "将废机油倾倒", "约３吨", "３．５㎡", "20桶", "正在生产", "有明显异味", "黑烟外排", "流入外环境", "未造成污染",
    "，", "。", " ", "\u3000", "\n", "很脏", "不行", "情况", "👷", "e\u0301", "㎏", "ﬁ", "（示例）", "企业", "㈠", "A" * 12,
)  # fmt: skip
PURPOSES = (
    "照片",
    "现场照片",
    " 现 场 ",
    "证明喷淋塔未运行",
    "ＶＯＣｓ逸散的位置",
    "",
    "图",
    "证明废机油桶无标识、数量20桶",
)


def make(chance: random.Random) -> EntryFacts:
    """An entry as somebody might leave it: anything from nothing at all to nearly everything."""

    def some(count: int) -> str:
        return "".join(chance.choice(PIECES) for _ in range(chance.randint(0, count)))

    description = some(14)
    others = [some(10) for _ in range(chance.randint(0, 3))]
    if chance.random() < 0.25:
        others.append(description + some(3))
    arrived = NOON_MS if chance.random() < 0.8 else None
    photos = [
        PhotoFacts(chance.choice(PURPOSES), NOON_MS + chance.randint(-30, 150) * 60_000)
        for _ in range(chance.randint(0, 4))
    ]
    has_source = chance.random() < 0.7
    return EntryFacts(
        element=chance.choice([None, "", "air"]),
        severity=chance.choice([None, "major"]),
        description=chance.choice([None, description, description, description]),
        basis_key=chance.choice([None, "air.evasion"]),
        basis_title=chance.choice([None, "以逃避监管的方式排放大气污染物", description]),
        requirement=chance.choice([None, " ", "整改", some(5)]),
        rectify_by_on=chance.choice([None, "2026-12-01"]),
        others=tuple(others),
        photos=tuple(photos),
        is_positioned=chance.random() < 0.8,
        distance_m=round(chance.uniform(0, 1200), 1) if has_source else None,
        accuracy_m=chance.choice([None, 8.0, 300.0]),
        arrived_at_ms=arrived,
        ended_at_ms=chance.choice([None, NOON_MS + 90 * 60_000]),
    )


def other_rules(chance: random.Random, rules: EntryVersion) -> EntryVersion:
    """The same rules with other weights and parameters, so that rounding and every parameter is tried."""

    def bent(rule: Any) -> Any:
        check = rule.check
        if isinstance(check, Length | Attached | Purposeful):
            check = changed(check, minimum=chance.randint(1, 13))
        return changed(rule, check=check, weight=chance.randint(1, 9))

    return changed(rules, version=2, rules=tuple(bent(rule) for rule in rules.rules))


def changed(record: Any, **changes: Any) -> Any:
    """A rulebook record with some fields changed."""
    fields = {name: getattr(record, name) for name in record.__struct_fields__}
    return type(record)(**{**fields, **changes})


def vectors() -> dict[str, Any]:
    """`{rules: [version, …], cases: [{facts, scores: [one a version]}]}`."""
    chance = random.Random(SEED)  # noqa: S311 - repeatable samples, nothing secret
    rules = law.entry_rules(on=DAY)
    both = [rules, other_rules(chance, rules)]
    made = [make(chance) for _ in range(CASES)]
    cases = [
        {
            "facts": dataclasses.asdict(facts),
            "scores": [dataclasses.asdict(score_entry(facts, one)) for one in both],
        }
        for facts in made
    ]
    return {"rules": [law.entry_rules_json(one) for one in both], "cases": cases}


def text() -> str:
    """The file as it must be."""
    return json.dumps(vectors(), ensure_ascii=False, indent=None, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
