"""What an entered problem is marked for (问题录入质量): the rules in force on a day, and as JSON for the phone."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from liandong.registers.law.loader import rulebook
from liandong.registers.law.queries import require_in_force
from liandong.registers.law.shapes import EntryVersion


def entry_rules(*, on: date) -> EntryVersion:
    """The rules of entry quality in force on a day.

    Raises    law.rule_not_in_force
    """
    return require_in_force(rulebook().entry_quality.versions, "entry_quality", on)


def as_json(rules: EntryVersion) -> dict[str, Any]:
    """The rules as the file has them, for whoever scores elsewhere with the same rules.

    Shape     {version, valid_from, rules: [{key, field, weight, check: {kind, …}, zh, en, status, source}]}
    """
    plain: dict[str, Any] = msgspec.to_builtins(rules)
    return plain
