"""Tables of the draws room."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from liandong.kernel.db import Base
from liandong.kernel.ids import new_id


class DrawEntry(Base):
    """A source that a random draw (双随机) of one batch and level picked."""

    __tablename__ = "draw_entry"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    batch: Mapped[str]
    level: Mapped[str]
    source_id: Mapped[UUID] = mapped_column(ForeignKey("source.id"))
    area_code: Mapped[str] = mapped_column(ForeignKey("area.area_code"), index=True)
    inspect_on: Mapped[date | None]
    __table_args__ = (Index("uq_draw_entry_once", "batch", "level", "source_id", unique=True),)
