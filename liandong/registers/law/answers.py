"""What the law room answers: values with the basis that they rest on and how sure that basis is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from liandong.registers.law.shapes import Status


@dataclass(frozen=True)
class Basis:
    """A provision that an answer rests on: `cite` as people cite it, `gist` in our own words what it says."""

    key: str
    cite: str
    gist: str


@dataclass(frozen=True)
class Rule:
    """A rule's value on day `on` in `area` (an area-code prefix; empty: the whole country).

    `status` is unconfirmed as soon as any basis is, or is said to be replaced on that day; `doubts` say why.
    """

    key: str
    title: str
    value: int | float | tuple[int | float, ...]
    unit: str
    basis: tuple[Basis, ...]
    status: Status
    doubts: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    roll: str
    on: date
    area: str
    source: str
    note: str | None

    @property
    def number(self) -> int:
        """The value as one whole number.

        Raises    TypeError if the rule has several values or a fraction
        """
        if isinstance(self.value, int):
            return self.value
        raise TypeError(f"{self.key} is not one whole number: {self.value}")

    @property
    def cite(self) -> str:
        """All provisions it rests on, as people cite them."""
        return "、".join(basis.cite for basis in self.basis)


@dataclass(frozen=True)
class Deadline:
    """The last day of a period that starts the day after `start_on`.

    `skipped` are the rest days inside the period that were not counted, or over which its end moved.
    """

    rule: Rule
    start_on: date
    due_on: date
    skipped: tuple[date, ...]


@dataclass(frozen=True)
class ProblemBasis:
    """What a problem rests on, on day `on`: the duty violated and the liability."""

    key: str
    element: str
    title: str
    violates: tuple[Basis, ...]
    punishes: tuple[Basis, ...]
    status: Status
    doubts: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    on: date
    area: str
    note: str | None

    @property
    def cite(self) -> str:
        """The basis in words: 违反……，依据……."""
        duty = "、".join(basis.cite for basis in self.violates)
        liability = "、".join(basis.cite for basis in self.punishes)
        parts = [f"违反{duty}" if duty else "", f"依据{liability}" if liability else ""]
        return "；".join(part for part in parts if part)

    @property
    def basis(self) -> tuple[Basis, ...]:
        """All provisions it rests on."""
        return self.violates + self.punishes


@dataclass(frozen=True)
class ChecklistItem:
    """One question; 是 means in order, 否 suggests the problem whose basis has the key `suggests_problem`.

    `element` is that problem's element: on a list for a kind of source it may differ from the list's.
    """

    key: str
    text: str
    help: str
    basis: tuple[Basis, ...]
    suggests_problem: str
    element: str

    @property
    def cite(self) -> str:
        """The provisions it rests on, as people cite them."""
        return "、".join(basis.cite for basis in self.basis)


@dataclass(frozen=True)
class Checklist:
    """The checklist of an element, or of a kind of source, as it is in force on a day. An element's key is its own."""

    key: str
    element: str
    title: str
    version: int
    valid_from: date
    items: tuple[ChecklistItem, ...]

    def item(self, key: str) -> ChecklistItem | None:
        """The item with that key, or none."""
        return next((item for item in self.items if item.key == key), None)


def stamp(answer: Rule | ProblemBasis | Deadline) -> dict[str, Any]:
    """An answer as JSON, to be kept on the record it decided: later amendments do not touch it.

    Shape     {key, title, text, basis: [{key, cite, gist}], status, doubts, valid_from, valid_to, on, area},
              plus {value, unit} for a rule, {start_on, due_on} for a deadline, {element} for a problem's basis
    """
    if isinstance(answer, Deadline):
        return {
            **stamp(answer.rule),
            "start_on": answer.start_on.isoformat(),
            "due_on": answer.due_on.isoformat(),
        }
    stamped: dict[str, Any] = {
        "key": answer.key,
        "title": answer.title,
        "text": answer.cite,
        "basis": [{"key": one.key, "cite": one.cite, "gist": one.gist} for one in answer.basis],
        "status": answer.status,
        "doubts": list(answer.doubts),
        "valid_from": answer.valid_from.isoformat(),
        "valid_to": answer.valid_to.isoformat() if answer.valid_to else None,
        "on": answer.on.isoformat(),
        "area": answer.area,
        "note": answer.note,
    }
    if isinstance(answer, Rule):
        value = list(answer.value) if isinstance(answer.value, tuple) else answer.value
        return {**stamped, "value": value, "unit": answer.unit}
    return {**stamped, "element": answer.element}
