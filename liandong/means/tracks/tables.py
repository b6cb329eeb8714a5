"""Tables of the tracks room."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from liandong.kernel.db import Base
from liandong.registers.access.scoped import Scoped

ON_EARTH = "lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90"


class Tracking(Scoped, Base):
    """From when to when an officer's whereabouts may be taken: while he is on a task that he has signed for.

    `until` is empty while it goes on. Every position is held against these, in the statement that keeps it.

    Basis     个人信息保护法 §28 (行踪轨迹)
    """

    __tablename__ = "tracking"
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"), index=True)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id"), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class _Place(Scoped):
    """Where something was: degrees WGS-84, metres, degrees clockwise from north, metres a second.

    Neither area nor task is checked by the database row by row: thousands come in a second, and the statement that
    keeps them has taken both from a row of `tracking`.
    """

    kind: Mapped[str]
    lon: Mapped[float]
    lat: Mapped[float]
    accuracy_m: Mapped[float | None]
    altitude_m: Mapped[float | None]
    course_deg: Mapped[float | None]
    speed_mps: Mapped[float | None]
    received_at: Mapped[datetime]

    @declared_attr
    def area_code(cls) -> Mapped[str]:
        """The division that whoever may see it must oversee."""
        return mapped_column()

    @declared_attr
    def task_id(cls) -> Mapped[UUID | None]:
        """The task inside which an officer was there."""
        return mapped_column(index=True)


class Position(_Place, Base):
    """The last position of an officer inside a task, or of a vehicle, boat or aircraft.

    Basis     个人信息保护法 §28 (行踪轨迹)
    """

    __tablename__ = "position"
    carrier_id: Mapped[UUID] = mapped_column(primary_key=True)
    happened_at: Mapped[datetime]
    __table_args__ = (CheckConstraint(ON_EARTH, name="on_earth"), {"postgresql_with": {"fillfactor": "70"}})


class TrackPoint(_Place, Base):
    """One point of the way of an officer inside a task, or of a vehicle, boat or aircraft; one an instant, so a resend adds nothing.

    Kept for `track_days`. Points come nearly in the order of their time, so a block-range index finds the old ones at
    a thousandth of a tree's size.

    Basis     个人信息保护法 §28 (行踪轨迹), §19 (no longer than needed)
    """

    __tablename__ = "track_point"
    carrier_id: Mapped[UUID] = mapped_column(primary_key=True)
    happened_at: Mapped[datetime] = mapped_column(primary_key=True)
    __table_args__ = (
        CheckConstraint(ON_EARTH, name="on_earth"),
        Index("ix_track_point_age", "happened_at", postgresql_using="brin"),
    )
