"""Tables of the video room."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from liandong.kernel.db import Base
from liandong.kernel.ids import new_id
from liandong.registers.access.scoped import Scoped


class Stream(Scoped, Base):
    """A live picture (视频流) that somebody may send: from a phone, an aircraft, an encoder or a fixed camera.

    `key_hash` is the SHA-256 of the key inside the one publish ticket that is good now; a new ticket makes the old one
    worthless. `codec`, `width` and `height` (pixels) are what was last sent; `fault` says by its error code why the last
    attempt to send was turned away, until a picture comes. `is_recorded` is said at registration and stands;
    `recording_fault` says by its error code why the last segment was not kept, until one is.
    """

    __tablename__ = "stream"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    title: Mapped[str]
    state: Mapped[str]
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"))
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id"), index=True)
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    key_hash: Mapped[str | None]
    codec: Mapped[str | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    fault: Mapped[str | None]
    is_recorded: Mapped[bool]
    recording_fault: Mapped[str | None]
    registered_at: Mapped[datetime]
    live_at: Mapped[datetime | None]
    offline_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("kind IN ('phone', 'drone', 'encoder', 'camera')", name="kind_known"),
        CheckConstraint("state IN ('offline', 'live', 'closed')", name="state_known"),
    )


class Viewing(Scoped, Base):
    """Somebody watched a stream from `began_at` to `ended_at`; while it is empty they were seen watching at `seen_at`.

    Every look is here. It is written before the first picture is sent, and nobody who looks can change it.

    Basis     个人信息保护法 §51 (操作记录)
    """

    __tablename__ = "viewing"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    stream_id: Mapped[UUID] = mapped_column(ForeignKey("stream.id"), index=True)
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    viewer_name: Mapped[str]
    agency_name: Mapped[str]
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_viewing_open", "seen_at", postgresql_where=text("ended_at IS NULL")),)


class RecordingSegment(Scoped, Base):
    """A few seconds of a stream as they were sent (录像片段), kept until the retention time is over.

    It lies in the store as an MP4 that plays by itself, from a key frame on. Segments of one `run_id` follow each other
    by `number` without a hole and have one picture; a sender that comes back, or another size, begins a new run.
    `began_at` and `ended_at` are times of day by the relay's clock, `duration_ms` is the film's own length.
    """

    __tablename__ = "recording_segment"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    stream_id: Mapped[UUID] = mapped_column(ForeignKey("stream.id"))
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id"))
    run_id: Mapped[UUID]
    number: Mapped[int]
    began_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime]
    duration_ms: Mapped[int]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    __table_args__ = (
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="digest_form"),
        CheckConstraint("began_at < ended_at AND duration_ms > 0 AND size > 0", name="something_recorded"),
        Index("uq_recording_segment_once", "run_id", "number", unique=True),
        Index("ix_recording_segment_of_stream", "stream_id", "ended_at"),
    )
