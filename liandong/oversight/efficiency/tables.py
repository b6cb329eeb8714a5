"""Tables of the efficiency room."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from liandong.kernel.db import Base
from liandong.kernel.ids import new_id


class Figure(Base):
    """A figure that was shown to somebody, with the query and the denominator that made it, and their digest."""

    __tablename__ = "figure"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str]
    area_code: Mapped[str] = mapped_column(ForeignKey("area.area_code"))
    from_on: Mapped[date]
    to_on: Mapped[date]
    value: Mapped[float] = mapped_column(Numeric)
    numerator: Mapped[float | None] = mapped_column(Numeric)
    denominator: Mapped[float | None] = mapped_column(Numeric)
    query: Mapped[str]
    parameters: Mapped[dict[str, Any]]
    rows_digest: Mapped[str]
    computed_at: Mapped[datetime]
    __table_args__ = (Index("ix_figure_cut", "key", "area_code", "from_on", "to_on"),)
