"""The content of a record, read once: every document by its path, deeds with what became of them, facts of the ledger.

A document that cannot be read is a finding and is left out; whatever is asked of one that has another shape than it
should is None, so that no check stumbles over a forgery.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from liandong.oversight.records.proof import form
from liandong.oversight.records.proof.findings import Finding
from liandong.oversight.records.proof.plain_json import NotPlain, canonical, read_json

LINK = re.compile(rb"([1-9][0-9]{0,14}) ([0-9a-f]{64})")


class Doc:
    """A JSON object of the record and where it stands."""

    def __init__(self, path: str, value: Any) -> None:
        self.path = path
        self.value: Mapping[str, Any] = value if isinstance(value, dict) else {}

    def get(self, *names: str) -> Any:
        """The value at these names, one inside the other; None where there is none."""
        found: Any = self.value
        for name in names:
            found = found.get(name) if isinstance(found, dict) else None
        return found


@dataclass
class Case:
    """Everything that the checks look at."""

    docs: dict[str, Doc] = field(default_factory=dict)
    links: dict[int, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def under(self, folder: str) -> list[Doc]:
        """The documents of a folder in the order of their names."""
        return [self.docs[path] for path in sorted(self.docs) if path.startswith(folder)]

    def one(self, path: str) -> Doc:
        """The document at a path; an empty one if it is not there."""
        return self.docs.get(path) or Doc(path, {})

    def deeds(self, kind: str | None = None, outcome: str = "accepted") -> list[Doc]:
        """The deeds of a kind that were answered so."""
        return [
            doc
            for doc in self.under(form.DEEDS)
            if doc.get("receipt", "outcome") == outcome and kind in (None, doc.get("deed", "kind"))
        ]

    def facts(self, *names: str) -> list[Doc]:
        """The facts of these names in the order of the ledger."""
        return [doc for doc in self.under(form.FACTS) if doc.get("said", "name") in names]


def read_case(contents: Mapping[str, memoryview]) -> Case:
    """The case that the entries hold; what cannot be read is among its findings."""
    case = Case()
    for path, content in contents.items():
        if path in form.UNLISTED:
            continue
        if path.endswith(".json"):
            _read_doc(case, path, content)
        elif path == form.LINKS:
            _read_links(case, content)
    return case


def _read_doc(case: Case, path: str, content: memoryview) -> None:
    try:
        case.docs[path] = Doc(path, read_json(content))
    except NotPlain as error:
        case.findings.append(Finding("json.unreadable", path, None, error.reason))


def _read_links(case: Case, content: memoryview) -> None:
    """Lines of `seq digest`, ascending: the facts of others that lie between those of this record."""
    last = 0
    lines = bytes(content).split(b"\n")
    if lines.pop():
        case.findings.append(Finding("chain.link_unreadable", form.LINKS, None, "end"))
    for number, line in enumerate(lines, 1):
        found = LINK.fullmatch(line)
        if found is None or int(found[1]) <= last:
            case.findings.append(Finding("chain.link_unreadable", form.LINKS, None, f"line {number}"))
            return
        last = int(found[1])
        case.links[last] = found[2].decode()


def equal(one: Any, other: Any) -> bool:
    """Whether two values are the same JSON; in Python alone `true` would equal 1."""
    return one is other or canonical(one) == canonical(other)


def key_of(*values: Any) -> str:
    """A text that is the same for the same values."""
    return canonical(list(values)).decode()
