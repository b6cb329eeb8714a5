"""Tables of the docks room."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
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


class DockFile(Scoped, Base):
    """A file that a dock sent (航拍影像): a photograph, a film or data of a flight, in the store under its digest.

    It is evidence from `filed_at` on: once the dock reported it, or without a report (`is_reported`) when none came. Of a
    flight by hand it has neither order nor mission and lies where its dock does. `etag` is what the dock was answered.
    The same bytes under one key are one file; other bytes under that key are another. With its report the dock said how
    many files of the flight it expects, and has sent.
    """

    __tablename__ = "dock_file"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    dock_id: Mapped[UUID] = mapped_column(ForeignKey("dock.id"))
    aircraft_id: Mapped[UUID] = mapped_column(ForeignKey("aircraft.id"))
    object_key: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str]
    etag: Mapped[str]
    received_at: Mapped[datetime]
    is_reported: Mapped[bool] = mapped_column(default=False)
    filed_at: Mapped[datetime | None]
    evidence_id: Mapped[UUID | None] = mapped_column(ForeignKey("evidence.id"))
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("flight_order.id"), index=True)
    mission_id: Mapped[UUID | None] = mapped_column(ForeignKey("mission.id"), index=True)
    expected_files: Mapped[int | None]
    uploaded_files: Mapped[int | None]
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id"), index=True)
    __table_args__ = (
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="digest_form"),
        Index("uq_dock_file_once", "dock_id", "object_key", "sha256", unique=True),
        Index("ix_dock_file_unfiled", "received_at", postgresql_where=text("filed_at IS NULL")),
    )


class DockUpload(Base):
    """A file on its way from a dock in parts. Whole from `finished_at` on, as the `DockFile` of its `sha256`.

    Only the dock that began it goes on with it; after `expires_at` it is swept away.
    """

    __tablename__ = "dock_upload"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    dock_id: Mapped[UUID] = mapped_column(ForeignKey("dock.id"), index=True)
    object_key: Mapped[str]
    begun_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    sha256: Mapped[str | None]


class DockUploadPart(Base):
    """A part of it: `size` bytes that lie in the store under `name`; `etag` is their MD5. `number` counts from 1."""

    __tablename__ = "dock_upload_part"
    upload_id: Mapped[UUID] = mapped_column(ForeignKey("dock_upload.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    etag: Mapped[str]
    name: Mapped[str]
