"""The mixin that every guarded table inherits."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column


class Scoped:
    """A guarded row: it lies in an area, and may hang from a task.

    The gate and row-level security let it be seen from its area, from above, and by whoever is on that task.
    `task_key` names the column that holds the task; `source_key` the column that holds a pollution source whose
    file officers on a task there may open.
    """

    task_key: ClassVar[str | None] = "task_id"
    source_key: ClassVar[str | None] = None

    @declared_attr
    def area_code(cls) -> Mapped[str]:
        """The county-level division the row lies in."""
        return mapped_column(ForeignKey("area.area_code"), index=True)
