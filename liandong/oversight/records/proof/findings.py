"""What a check found: what is wrong, where, what was expected and what is there instead."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from liandong.kernel.canonical import canonical_bytes
from liandong.kernel.paths import rulebook_folder

LONGEST_SHOWN = 300
ARCHIVE = "archive"
"""`where` of what is wrong with the archive as a whole and belongs to no entry."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    `where` is the path of the entry, with `#/field` behind it where one value of it is meant. `against` are the
    entries (or folders, ending in `/`) whose content the finding rests on: if one of them is known to be altered,
    the finding only repeats that.
    """

    code: str
    where: str
    expected: str | None = None
    got: str | None = None
    against: tuple[str, ...] = ()

    @property
    def entry(self) -> str:
        """The path of the entry."""
        return self.where.partition("#")[0]

    def body(self) -> dict[str, Any]:
        """`{code, where, expected, got, words_zh, words_en}`."""
        said = {"code": self.code, "where": self.where, "expected": self.expected, "got": self.got}
        words = findings_words()[self.code]
        filled = {name: value or "—" for name, value in said.items()}
        return {**said, **{f"words_{tongue}": _fill(words[tongue], filled) for tongue in ("zh", "en")}}


@dataclass(frozen=True)
class Check:
    """A named check: how many things it looked at and what it found."""

    name: str
    checked: int
    findings: Sequence[Finding] = ()


@dataclass
class Report:
    """All checks of one archive. `format` is None if it is not a record at all."""

    format: str | None = None
    inspection: dict[str, Any] | None = None
    public_key: str | None = None
    is_pinned: bool = False
    checks: list[Check] = field(default_factory=list)

    @property
    def findings(self) -> list[Finding]:
        """Everything found, in the order of the checks; the same thing once."""
        return list(dict.fromkeys(one for check in self.checks for one in check.findings))

    @property
    def exit_code(self) -> int:
        """0 it holds, 1 something was found, 2 it is not a record."""
        return 2 if self.format is None else 1 if self.findings else 0

    def body(self) -> dict[str, Any]:
        """`{ok, format, inspection, key, checks: [{name, ok, checked}], findings}`."""
        return {
            "ok": self.exit_code == 0,
            "format": self.format,
            "inspection": self.inspection,
            "key": {"public_key": self.public_key, "pinned": self.is_pinned},
            "checks": [{"name": one.name, "ok": not one.findings, "checked": one.checked} for one in self.checks],
            "findings": [finding.body() for finding in self.findings],
        }


def show(value: Any) -> str | None:
    """A value as a finding shows it: text as it is, anything else as canonical JSON; None stays None."""
    text = value if value is None or isinstance(value, str) else canonical_bytes(value).decode()
    return text if text is None or len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def text(value: Any) -> str:
    """A value as text that can be compared and sorted; empty for None."""
    return show(value) or ""


def without_consequences(findings: Iterable[Finding], altered: frozenset[str]) -> list[Finding]:
    """The findings that say something new, once it is sure which entries were altered.

    A finding on an altered entry says what in it was altered and stays; one on a whole entry that only disagrees
    with an altered one goes.
    """
    return [one for one in findings if one.entry in altered or not _rests_on(one.against, altered)]


def _rests_on(against: Sequence[str], altered: frozenset[str]) -> bool:
    return any(
        path.startswith(other) if other.endswith("/") else path == other for path in altered for other in against
    )


def _fill(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text


@cache
def findings_words() -> dict[str, dict[str, str]]:
    """The words of every code in Chinese and English, as `rulebook/record_findings.json` has them."""
    loaded: dict[str, dict[str, str]] = json.loads((rulebook_folder() / "record_findings.json").read_text("utf-8"))
    return loaded
