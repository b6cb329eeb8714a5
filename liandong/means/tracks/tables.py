"""Tables of the tracks room."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from liandong.kernel.db import Base
from liandong.registers.access.scoped import Scoped

ON_EARTH = "lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90"


class Position(Scoped, Base):
    """The last position of an officer inside a task, in degrees WGS-84.

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
    __table_args__ = (CheckConstraint(ON_EARTH, name="on_earth"),)


class TrackPoint(Scoped, Base):
    """One point of the trail of an officer inside a task, in degrees WGS-84; one an instant, so a resend adds nothing.

    Kept for `track_days`. Points come nearly in the order of their time, so a block-range index finds the old ones at
    a thousandth of a tree's size.

    Basis     个人信息保护法 §28 (行踪轨迹), §19 (no longer than needed)
    """

    __tablename__ = "track_point"
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"), primary_key=True)
    happened_at: Mapped[datetime] = mapped_column(primary_key=True)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id"), index=True)
    lon: Mapped[float]
    lat: Mapped[float]
    accuracy_m: Mapped[float | None]
    received_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint(ON_EARTH, name="on_earth"),
        Index("ix_track_point_age", "happened_at", postgresql_using="brin"),
    )
