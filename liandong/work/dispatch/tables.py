"""Tables of the dispatch room."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from liandong.kernel.db import Base
from liandong.kernel.ids import new_id
from liandong.registers.access.scoped import Scoped


class Task(Scoped, Base):
    """A task (任务) for at least two certified officers at one place.

    Who is sent has until `answer_by_at` to sign for it; `chased_at` is when the system last urged those who had not.
    """

    __tablename__ = "task"
    task_key: ClassVar[str | None] = "id"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    mode: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    instruction: Mapped[str | None]
    matters: Mapped[list[str]]
    source_id: Mapped[UUID | None] = mapped_column(ForeignKey("source.id"), index=True)
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    due_on: Mapped[date | None]
    origin_key: Mapped[str | None] = mapped_column(unique=True)
    clue_id: Mapped[UUID | None] = mapped_column(index=True)
    problem_id: Mapped[UUID | None] = mapped_column(index=True)
    created_at: Mapped[datetime]
    assigned_at: Mapped[datetime | None]
    answer_by_at: Mapped[datetime | None]
    chased_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    reported_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None]
    inspection_id: Mapped[UUID | None]
    __table_args__ = (CheckConstraint("(lon IS NULL) = (lat IS NULL)", name="whole_position"),)


class Assignment(Base):
    """An officer's part in a task, until `ended_at`. Who sees the task sees who is on it.

    The order reached his phone at `received_at` (送达), he opened it at `read_at` (已读) and signed for it at
    `accepted_at` (签收).
    """

    __tablename__ = "assignment"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id"), index=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    is_lead: Mapped[bool]
    assigned_at: Mapped[datetime]
    received_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        Index("uq_assignment_open", "task_id", "officer_id", unique=True, postgresql_where=text("ended_at IS NULL")),
    )


class Urging(Base):
    """One urging (催办) of a task, by whom and in which words."""

    __tablename__ = "urging"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id"), index=True)
    words: Mapped[str]
    urged_at: Mapped[datetime]
    urged_by: Mapped[str]


class VisitPass(Scoped, Base):
    """What opens the public page of a task for whoever scans an officer's code (亮证码), from `made_at` to `expires_at`.

    The code itself is not kept: it is signed from `id` with the installation's key (`passes.token_of`).
    """

    __tablename__ = "visit_pass"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id"), index=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class PassScan(Scoped, Base):
    """A code was scanned, or a paper fetched with it. Nothing is kept of who did."""

    __tablename__ = "pass_scan"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    pass_id: Mapped[UUID] = mapped_column(ForeignKey("visit_pass.id"), index=True)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id"), index=True)
    opened: Mapped[str]
    scanned_at: Mapped[datetime]
