"""Tables of the ground room."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from liandong.kernel.db import Base
from liandong.registers.access.scoped import Scoped


class GroundView(Scoped, Base):
    """From where and how an aircraft's camera was held at one instant (所见地面); the ground it saw follows from that.

    Degrees WGS-84, metres above the place of take-off, degrees; `across` and `upright` are metres that the picture shows
    from a metre away. Kept as long as the trail of the aircraft (`track_days`), and beside it: a point of a trail
    without one is a moment at which nobody knows what was seen.
    """

    __tablename__ = "ground_view"
    task_key: ClassVar[str | None] = None
    carrier_id: Mapped[UUID] = mapped_column(primary_key=True)
    happened_at: Mapped[datetime] = mapped_column(primary_key=True)
    lon: Mapped[float]
    lat: Mapped[float]
    yaw_deg: Mapped[float]
    pitch_deg: Mapped[float]
    roll_deg: Mapped[float]
    height_m: Mapped[float]
    across: Mapped[float]
    upright: Mapped[float]

    @declared_attr
    def area_code(cls) -> Mapped[str]:
        """The division that whoever may see it must oversee; not checked row by row, like the trail beside it."""
        return mapped_column()

    __table_args__ = (
        CheckConstraint("lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90", name="on_earth"),
        CheckConstraint("across > 0 AND upright > 0", name="shows_something"),
        Index("ix_ground_view_age", "happened_at", postgresql_using="brin"),
    )
