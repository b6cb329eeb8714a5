"""Tables of the docks room."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from liandong.kernel.db import Base
from liandong.kernel.ids import new_id
from liandong.registers.access.scoped import Scoped


class Dock(Scoped, Base):
    """A dock (机场) of an agency, the aircraft that lives in it, and the stream to which that one's picture is sent.

    `lon` and `lat` are degrees WGS-84. `state` is what it does with the picture; `picture_fault` says by its error code
    why the last wish to start or stop was not done, `picture_device_code` in the device's own number.
    """

    __tablename__ = "dock"
    task_key: ClassVar[str | None] = None
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"))
    title: Mapped[str]
    serial_no: Mapped[str] = mapped_column(unique=True)
    lon: Mapped[float]
    lat: Mapped[float]
    aircraft_id: Mapped[UUID] = mapped_column(ForeignKey("aircraft.id"), unique=True)
    stream_id: Mapped[UUID | None] = mapped_column(ForeignKey("stream.id"), unique=True)
    state: Mapped[str]
    picture_fault: Mapped[str | None]
    picture_device_code: Mapped[str | None]
    registered_at: Mapped[datetime]
    __table_args__ = (CheckConstraint("lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90", name="on_the_earth"),)
