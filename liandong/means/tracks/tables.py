"""Tables of the tracks room."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from liandong.kernel.db import Base
from liandong.registers.access.scoped import Scoped


class Position(Scoped, Base):
    """The last position of an officer inside a task, in degrees WGS-84. Whereabouts are sensitive: nothing older is kept.

    Basis     个人信息保护法 §28 (行踪轨迹)
    """

    __tablename__ = "position"
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"), primary_key=True)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id"), index=True)
    lon: Mapped[float]
    lat: Mapped[float]
    accuracy_m: Mapped[float | None]
    happened_at: Mapped[datetime]
    received_at: Mapped[datetime]
    __table_args__ = (CheckConstraint("lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90", name="on_earth"),)
