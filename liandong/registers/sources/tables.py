"""Tables of the sources room."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from liandong.kernel.db import Base
from liandong.kernel.ids import new_id
from liandong.registers.access.scoped import Scoped


class Enterprise(Base):
    """A legal person. `uscc` is its 统一社会信用代码; small polluters without one are legal.

    Basis     GB 32100-2015
    """

    __tablename__ = "enterprise"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    uscc: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str]
    __table_args__ = (CheckConstraint("uscc IS NULL OR uscc ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'", name="uscc_form"),)


class Source(Scoped, Base):
    """A pollution source (污染源): one site of an enterprise. Position in degrees, WGS-84.

    `natural_key` is what tells it apart across imports: the permit code, else the credit code with its site
    suffix, else name and area. `extra` keeps every imported column that has no field of its own.
    """

    __tablename__ = "source"
    task_key: ClassVar[str | None] = None
    source_key: ClassVar[str | None] = "id"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    enterprise_id: Mapped[UUID | None] = mapped_column(ForeignKey("enterprise.id"), index=True)
    natural_key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    uscc: Mapped[str | None] = mapped_column(index=True)
    permit_code: Mapped[str | None]
    address: Mapped[str | None]
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    position_note: Mapped[str | None]
    industry_code: Mapped[str | None]
    industry_name: Mapped[str | None]
    permit_class: Mapped[str | None]
    supervision_class: Mapped[str | None]
    object_kind: Mapped[str | None]
    elements: Mapped[list[str]]
    extra: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("(lon IS NULL) = (lat IS NULL)", name="whole_position"),
        CheckConstraint("lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90", name="on_earth"),
        Index("ix_source_name_trgm", "name", postgresql_using="gin", postgresql_ops={"name": "gin_trgm_ops"}),
    )
