"""Tables of the video room."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from liandong.kernel.db import Base
from liandong.kernel.ids import new_id
from liandong.registers.access.scoped import Scoped


class Stream(Scoped, Base):
    """A live picture (视频流) that somebody may send: from a phone, an aircraft, an encoder or a fixed camera.

    `key_hash` is the SHA-256 of the key inside the one publish ticket that is good now; a new ticket makes the old one
    worthless. `codec`, `width` and `height` (pixels) are what was last sent; `fault` says by its error code why the last
    attempt to send was turned away, until a picture comes.
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
