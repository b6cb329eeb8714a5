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

    Neighbours never see each other's records. What they share has tables of its own, which hold nothing else:
    `parties_key` names a column with the division codes of others to whom a record belongs as well; of a sheet whose
    `share` is set, every member of the memorandum in `memorandum_id` sees the rows, while it is in force and grants that.
    """

    task_key: ClassVar[str | None] = "task_id"
    source_key: ClassVar[str | None] = None
    parties_key: ClassVar[str | None] = None
    share: ClassVar[str | None] = None

    @declared_attr
    def area_code(cls) -> Mapped[str]:
        """The county-level division the row lies in."""
        return mapped_column(ForeignKey("area.area_code"), index=True)
