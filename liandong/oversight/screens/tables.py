"""Tables of the screens room."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from liandong.kernel.db import Base
from liandong.kernel.ids import new_id
from liandong.registers.access.scoped import Scoped


class WallLayout(Scoped, Base):
    """How the video wall was laid out for an operation: which picture large, which small and in which order.

    `stream_ids` begin with the large one; at most nine small ones follow. `operation` is what people call it. The newest
    row of an operation that is not withdrawn holds; the ones before it stay, with who made them.
    """

    __tablename__ = "wall_layout"
    task_key: ClassVar[str | None] = None
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"))
    operation: Mapped[str]
    stream_ids: Mapped[list[UUID]]
    made_at: Mapped[datetime]
    made_by: Mapped[UUID]
    maker_name: Mapped[str]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("cardinality(stream_ids) BETWEEN 1 AND 10", name="one_large_nine_small"),
        Index("uq_wall_layout_held", "area_code", "operation", unique=True, postgresql_where=text("ended_at IS NULL")),
    )


class MeasureCheck(Scoped, Base):
    """An emergency measure of a source was checked on a day of heavy pollution: met or not, by whom. The last one counts.

    `measure` is in the words that the source's record has for it.
    """

    __tablename__ = "measure_check"
    task_key: ClassVar[str | None] = None
    source_key: ClassVar[str | None] = "source_id"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    source_id: Mapped[UUID] = mapped_column(ForeignKey("source.id"))
    measure: Mapped[str]
    is_met: Mapped[bool]
    checked_on: Mapped[date]
    checked_at: Mapped[datetime]
    checked_by: Mapped[UUID]
    checker_name: Mapped[str]
    __table_args__ = (Index("ix_measure_check_day", "source_id", "checked_on"),)
