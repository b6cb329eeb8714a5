"""What an import did, row by row: nothing that was read is dropped without a word."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from liandong.kernel.errors import LiandongError, catalogue, fill


def reason(code: str, **values: Any) -> str:
    """A reason as one line: the stable code, then its Chinese words."""
    return f"{code}：{fill(catalogue().get(code, {}).get('zh', code), values, 'zh')}"


def reason_of(error: LiandongError) -> str:
    """The reason that an error gives, as one line."""
    return reason(error.code, **error.values)


class RowRejected(Exception):
    """A row that cannot be used: which field, what stood there, and why."""

    def __init__(self, name: str, value: str | None, code: str, /, **values: Any) -> None:
        super().__init__(code)
        self.field, self.value, self.code, self.values = name, value, code, values


@dataclass
class ImportReport:
    """What became of the rows of one file: `rows = created + updated + unchanged + len(rejected)`.

    **Shape**  repaired {row, field, from, to}: a value that was changed so that it can be used
               rejected {row, field, value, reason}: a row that cannot be used; exactly one entry each
               notes {row, field, value, reason}: a row that was taken, and something to know about it
    """

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    repaired: list[dict[str, Any]] = field(default_factory=list)
    rejected: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    mapping: dict[str, str | None] = field(default_factory=dict)

    def repair(self, row: int, name: str, before: str | None, after: Any) -> None:
        """Afterwards the change of one value is on the report."""
        self.repaired.append({"row": row, "field": name, "from": before, "to": after})

    def reject(self, row: int, name: str, value: Any, code: str, /, **values: Any) -> None:
        """Afterwards the row is on the report as one that cannot be used."""
        self.rejected.append({"row": row, "field": name, "value": value, "reason": reason(code, **values)})

    def note(self, row: int | None, name: str, value: Any, code: str, /, **values: Any) -> None:
        """Afterwards something about a row that was taken is on the report."""
        self.notes.append({"row": row, "field": name, "value": value, "reason": reason(code, **values)})

    def sort(self) -> None:
        """Afterwards every list is in the order of the rows."""
        for entries in (self.repaired, self.rejected, self.notes):
            entries.sort(key=lambda entry: entry["row"] or 0)

    def body(self) -> dict[str, Any]:
        """The report as JSON."""
        return {
            "rows": self.rows,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "repaired": self.repaired,
            "rejected": self.rejected,
            "notes": self.notes,
            "mapping": self.mapping,
        }
