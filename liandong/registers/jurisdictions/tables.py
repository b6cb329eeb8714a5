"""Tables of the jurisdictions room."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from liandong.kernel.db import Base
from liandong.kernel.ids import new_id


class Area(Base):
    """A division of the country (行政区划). Functional zones have a code and no outline.

    Basis     GB/T 2260 (six digits), statistical codes for streets and towns (nine) and functional zones
    """

    __tablename__ = "area"
    area_code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    level: Mapped[str]
    parent_code: Mapped[str | None] = mapped_column(index=True)
    outline: Mapped[dict[str, Any] | None]
    outline_origin: Mapped[str | None]


class Agency(Base):
    """A responsible body: bureau, branch, corps, detachment or brigade, and the area it answers for."""

    __tablename__ = "agency"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(unique=True)
    short_name: Mapped[str]
    tier: Mapped[str]
    area_code: Mapped[str] = mapped_column(ForeignKey("area.area_code"), index=True)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("agency.id"))
