"""What may be recorded on site on a day: kinds of evidence with their limits, purposes, sampling fields, stamps."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from liandong.registers.law.loader import rulebook
from liandong.registers.law.queries import require_in_force
from liandong.registers.law.site_shapes import EvidenceKind, SampledMedium, SiteVersion


def site_rules(*, on: date) -> SiteVersion:
    """What is recorded on site in force on a day.

    Raises    law.rule_not_in_force
    """
    return require_in_force(rulebook().site_records.versions, "site_records", on)


def site_rules_json(rules: SiteVersion) -> dict[str, Any]:
    """The rules as the file has them, for the phone. Shape: that of a version in `national/site_records.yaml`."""
    plain: dict[str, Any] = msgspec.to_builtins(rules)
    return plain


def evidence_kind(key: str, *, on: date) -> EvidenceKind | None:
    """The kind of evidence with this key, if there is one on that day."""
    return next((one for one in site_rules(on=on).kinds if one.key == key), None)


def kind_of_media(media_type: str, *, on: date) -> str:
    """The kind that a file is evidence of when nobody says which: the first that takes its type; `file` if none does."""
    return next((one.key for one in site_rules(on=on).kinds if media_type in one.media_types), "file")


def sampled_medium(key: str, *, on: date) -> SampledMedium | None:
    """What is sampled, by its key, if it is known on that day."""
    return next((one for one in site_rules(on=on).media if one.key == key), None)
